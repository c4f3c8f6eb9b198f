"""Both halves of a table of accesses, as the pages of a case and of an employee show them."""

from pga.oversight.service.asking import Answer
from pga.oversight.service.rows import Directory, Row
from pga.oversight.views.blueprint import Asked

FOLDS_ON_FIRST_PAGE = 10

Halves = dict[str, list[Row] | int | bool | None]


def halves(answer: Answer, at: Asked, *, apart_by_case: bool = False) -> Halves:
    """Make the rows of an answer; beside what was opened stands the newest seen in passing."""
    names = Directory(answer.bench, (answer.one_by_one.accesses, answer.folded.accesses))
    folded = names.by_day(answer.folded.accesses, apart_by_case=apart_by_case)
    most = None if at.question.show else FOLDS_ON_FIRST_PAGE
    return {
        "one_by_one": names.rows(answer.one_by_one.accesses),
        "older": answer.one_by_one.older,
        "folded": folded[:most],
        "folded_older": answer.folded.older,
        "has_more_folded": answer.folded.older is not None or len(folded[:most]) < len(folded),
    }
