"""Copies of the log for outside the program: a table in a file, or pages on paper.

A copy leaves what guards the log behind, so each is an entry of its own that says of which kind,
made before a row is read. It holds what the page shows and never content.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit.entries import Kind
from audit.queries import Access
from audit.reach import Reach
from config.errors import InvalidInputError
from pga.oversight.queries import CaseName
from pga.oversight.service.asking import Question, everything
from pga.oversight.service.bench import Bench
from pga.oversight.service.looking import cases_of_youth, enter, look

MOST_ROWS = 5000


class TooMuchToCopyError(InvalidInputError):
    """There are more rows than one copy may hold; nothing is left out silently."""

    code = "too-much-to-copy"

    def __init__(self) -> None:
        """Ask for fewer days."""
        super().__init__({"since": ["There are too many rows for one copy. Choose fewer days."]})


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy holds, and the number of the entry that tells of it.

    It is about a `case`, or about a `person` (hex).
    """

    bench: Bench
    accesses: Sequence[Access]
    entry: int
    case: CaseName | None = None
    person: str = ""


def copy_of_case(found: Sequence[Bench], case_id: bytes, question: Question, kind: Kind) -> Copy:
    """Copy who saw the youth of a case, in all cases of that youth within the bench.

    Raises TooMuchToCopyError; and NotFoundError, after one entry, for a case outside every bench.
    """
    bench, theirs = cases_of_youth(found, case_id)
    looks = [look(bench, kind, question.reason, one, bench.cases[one]) for one in theirs]
    receipts = enter(*(replace(one, facts=_asked(question)) for one in looks))
    accesses = _rows(bench.reach_of(theirs), question)
    return Copy(bench, accesses, receipts[0].seq, bench.cases[case_id.hex()])


def copy_of_person(bench: Bench, person_id: bytes, question: Question, kind: Kind) -> Copy:
    """Copy what a person saw, as far as the bench oversees it; raises TooMuchToCopyError."""
    person = person_id.hex()
    (receipt,) = enter(replace(look(bench, kind, question.reason, person), facts=_asked(question)))
    return Copy(bench, _rows(bench.reach(), question, person), receipt.seq, person=person)


def _rows(reach: Reach, question: Question, actor: str | None = None) -> list[Access]:
    """Read all that was asked."""
    accesses = everything(reach, question, actor, most=MOST_ROWS)
    if accesses is None:
        raise TooMuchToCopyError
    return accesses


def _asked(question: Question) -> dict[str, str | int]:
    """Write what a copy was narrowed to, for the log."""
    asked = {
        "show": str(question.show),
        "since": question.since.isoformat() if question.since else "",
        "until": question.until.isoformat() if question.until else "",
    }
    return {name: value for name, value in asked.items() if value}
