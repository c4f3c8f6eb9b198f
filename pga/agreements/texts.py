"""The text of a version as a table, also of a draft that breaks a limit."""

from functools import lru_cache

from pga.policy.compile import Table
from pga.policy.document import parse
from pga.policy.examples import ExampleOutcome, run
from pga.policy.guardrails import prove
from pga.policy.violations import Violation

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
    """Prove every limit over a text and over all that it compiles to; give what it breaks."""
    table = table_of_text(text)
    return tuple(prove(table.document, table))


@lru_cache(maxsize=TEXTS_KEPT)
def outcomes_in(text: str) -> tuple[ExampleOutcome, ...]:
    """Run every example of a text against that text; give what comes out, in the order of it."""
    return tuple(run(table_of_text(text)))
