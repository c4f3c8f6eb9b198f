"""The text of a version as a table, also of a draft that breaks a limit."""

from functools import lru_cache

from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement
from pga.policy.catalogue import Catalogue
from pga.policy.compile import Table
from pga.policy.document import parse
from pga.policy.examples import ExampleOutcome, run
from pga.policy.guardrails import prove
from pga.policy.violations import Violation

TEXTS_KEPT = 64


@lru_cache(maxsize=TEXTS_KEPT)
def table_of_text(text: str, catalogue: Catalogue | None = None) -> Table:
    """Make the table of a text, to show and to prove; never to decide with.

    Without an edition of the limits it is under that of the program, which is enough to read what
    the text says. A draft may break a limit: what comes into force goes by `queries.compiled`,
    which refuses. Raises DocumentError for a text that is no agreement.
    """
    return Table(parse(text), catalogue)


@lru_cache(maxsize=TEXTS_KEPT)
def violations_in(text: str, catalogue: Catalogue) -> tuple[Violation, ...]:
    """Prove every limit of an edition over a text and all it compiles to; give what it breaks."""
    table = table_of_text(text, catalogue)
    return tuple(prove(table.document, table))


@lru_cache(maxsize=TEXTS_KEPT)
def outcomes_in(text: str, catalogue: Catalogue) -> tuple[ExampleOutcome, ...]:
    """Run every example of a text against that text; give what comes out, in the order of it."""
    return tuple(run(table_of_text(text, catalogue)))


def outcomes_of(agreement: Agreement) -> tuple[ExampleOutcome, ...]:
    """Run every example of a version under the edition of the limits in force."""
    return outcomes_in(agreement.document, catalogue_of(agreement))


def broken_by(agreement: Agreement) -> tuple[Violation, ...]:
    """Give what a version breaks of the edition of the limits in force."""
    return violations_in(agreement.document, catalogue_of(agreement))
