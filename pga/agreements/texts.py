"""The text of a version as a table, also of a draft that breaks a limit."""

from functools import lru_cache

from pga.policy.compile import Table
from pga.policy.document import parse
from pga.policy.violations import Violation, prove_text

TEXTS_KEPT = 64


@lru_cache(maxsize=TEXTS_KEPT)
def table_of_text(text: str) -> Table:
    """Make the table of a text, to show and to prove; never to decide with.

    A draft may break a limit: what comes into force goes by `queries.compiled`, which refuses.
    Raises DocumentError for a text that is no agreement.
    """
    return Table(parse(text))


@lru_cache(maxsize=TEXTS_KEPT)
def violations_in(text: str) -> tuple[Violation, ...]:
    """Give every limit that a text breaks, cell by cell and term by term."""
    return tuple(prove_text(table_of_text(text).document))
