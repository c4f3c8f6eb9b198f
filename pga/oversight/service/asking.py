"""Asking the log, within a bench: what was opened one by one, what was seen in passing by the day.

Nothing here makes an entry: a look is decided and entered first, in `looking`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from audit import queries as log
from audit.entries import Entry, Kind, Outcome
from audit.queries import Access, Refusals
from audit.reach import Reach
from config import clock
from pga.oversight.rules import (
    FOLDED,
    ONE_BY_ONE,
    REFUSALS,
    REFUSALS_IN_PASSING,
    UNFOLDED,
    LookReason,
    Narrowing,
    Show,
    whole_days,
)
from pga.oversight.service.bench import Bench
from pga.oversight.service.veiling import is_of_no_flow, veiled

PER_PAGE = 25
PASSING_ON_FIRST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What an officer asks of the log and why; both days are included.

    `organisation` is an id in hex; `rule` is empty for refusals that name none; with `parts`,
    also acts of which only a part was refused count as refused. `case` and `person` are ids in hex.
    """

    reason: LookReason = LookReason.ROUTINE
    show: Show = Show.EVERYTHING
    since: date | None = None
    until: date | None = None
    organisation: str | None = None
    rule: str | None = None
    parts: bool = False
    before: int | None = None
    kind: Kind | None = None
    category: str | None = None
    purpose: str | None = None
    case: str | None = None
    person: str | None = None

    @property
    def first(self) -> datetime | None:
        """Give the instant from which acts count."""
        return None if self.since is None else _midnight(self.since)

    @property
    def end(self) -> datetime | None:
        """Give the instant from which acts count no more."""
        return None if self.until is None else _midnight(self.until + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Found:
    """One page of accesses; `older` is where the next page begins, None on the last."""

    accesses: Sequence[Access] = ()
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the log says: opened, written and refused one by one, the rest to be folded by day."""

    bench: Bench
    one_by_one: Found
    folded: Found


def answer(bench: Bench, reach: Reach, question: Question, actor: str | None = None) -> Answer:
    """Ask the log both halves of a table; eight queries, whatever the number of rows."""
    one_by_one, folded = Found(), Found()
    if question.show in ONE_BY_ONE:
        one_by_one = _page(_search(reach, question, ONE_BY_ONE[question.show], actor))
    if question.show in FOLDED and _asks_passing(question):
        folded = _days(_search(reach, question, FOLDED[question.show], actor), question)
    return Answer(bench, one_by_one, folded)


def refusals(bench: Bench, question: Question) -> Answer:
    """Ask what was refused, in the same two halves; with a rule, only what that rule refused."""
    one_by_one, folded = Found(), Found()
    is_told = bench.is_whole or is_of_no_flow(question.rule or "")
    narrowed: log.Search = {"rule": question.rule if is_told else None}
    if question.parts and bench.is_whole:
        narrowed["decision"] = "denied"
    else:
        narrowed["outcome"] = Outcome.DENY
    if question.show is not Show.LISTED:
        one_by_one = _page(_search(bench.reach(), question, REFUSALS) | narrowed)
    if _asks_passing(question):
        folded = _days(_search(bench.reach(), question, REFUSALS_IN_PASSING) | narrowed, question)
    return Answer(bench, one_by_one, folded)


def found(bench: Bench, question: Question) -> Found:
    """Give one page of all that fits, nothing folded; four queries.

    Whoever oversees the own staff alone finds a category only where that staff was shown some of
    it: what stayed closed would tell that there is something (R-29). That takes reading along.
    """
    search = _search(bench.reach(), question, UNFOLDED[question.show])
    if bench.is_whole or question.category is None:
        return _page(search)
    search["category"] = None
    told: list[Access] = []
    while len(told) <= PER_PAGE:
        rows = _told(search, log.LARGEST_PAGE)
        told.extend(one for one in rows if one.entry and _is_about(one.entry, question.category))
        if len(rows) < log.LARGEST_PAGE:
            break
        search["before"] = rows[-1].seq
    return _cut(told)


def everything(
    reach: Reach, question: Question, actor: str | None = None, *, most: int
) -> list[Access] | None:
    """Read every row of a table, nothing folded, the newest first; None when there are more."""
    return all_of(reach, question, UNFOLDED[question.show], actor, most=most)


def all_of(
    reach: Reach,
    question: Question,
    narrowing: Narrowing,
    actor: str | None = None,
    *,
    most: int,
) -> list[Access] | None:
    """Read every entry that fits, the newest first; None when there are more than `most`."""
    search = _search(reach, question, narrowing, actor)
    found: list[Access] = []
    while len(found) <= most:
        rows = log.accesses(limit=log.LARGEST_PAGE, **search)
        found.extend(veiled(row, reach) for row in rows)
        if len(rows) < log.LARGEST_PAGE:
            break
        search["before"] = rows[-1].seq
    return found if len(found) <= most else None


def count(bench: Bench, question: Question) -> list[Refusals]:
    """Count what was refused by rule, over all pages; one query."""
    with_parts = question.parts and bench.is_whole
    outcomes = [Outcome.DENY, Outcome.MIXED] if with_parts else [Outcome.DENY]
    found = log.refusals_by_rule(bench.reach(), outcomes, since=question.first, until=question.end)
    return [one for one in found if bench.is_whole or is_of_no_flow(one.rule)]


def _asks_passing(question: Question) -> bool:
    """Tell whether what was seen in passing is shown: alone, or below the first page."""
    return question.show is Show.LISTED or question.before is None


def _search(
    reach: Reach, question: Question, narrowing: Narrowing, actor: str | None = None
) -> log.Search:
    """Put a question in the words of the log."""
    return {
        "actor": actor or question.person,
        "organisation": question.organisation,
        "actions": narrowing.actions,
        "kinds": (question.kind,) if question.kind else narrowing.kinds,
        "category": question.category,
        "purpose": question.purpose,
        "case_id": question.case,
        "outcome": narrowing.outcome,
        "since": question.first,
        "until": question.end,
        "before": question.before,
        "within": reach,
    }


def _page(search: log.Search) -> Found:
    """Read one page, and one row more to know whether another follows."""
    return _cut(_told(search, PER_PAGE + 1))


def _cut(rows: list[Access]) -> Found:
    """Keep one page of what was read, and tell where the next begins."""
    if len(rows) <= PER_PAGE:
        return Found(rows)
    return Found(rows[:PER_PAGE], rows[PER_PAGE - 1].seq)


def _told(search: log.Search, most: int) -> list[Access]:
    """Read rows of the log as an officer of this reach is told them."""
    reach = search.get("within")
    rows = log.accesses(limit=most, **search)
    return list(rows) if reach is None else [veiled(row, reach) for row in rows]


def _is_about(entry: Entry, category: str) -> bool:
    """Tell whether an entry, as it is told, names a category."""
    return any(line.category == category for line in entry.lines)


def _days(search: log.Search, question: Question) -> Found:
    """Read whole days of what was seen in passing."""
    most = log.LARGEST_PAGE if question.show is Show.LISTED else PASSING_ON_FIRST_PAGE
    rows = _told(search, most)
    kept = whole_days(rows, most, _day_of)
    return Found(kept, kept[-1].seq if len(rows) == most else None)


def _day_of(access: Access) -> date | None:
    """Tell the day of an entry in Amsterdam; None when its time cannot be believed."""
    return clock.local_day(access.opened.at) if access.opened else None


def _midnight(day: date) -> datetime:
    """Give the instant a day begins in Amsterdam."""
    return datetime.combine(day, time(), clock.AMSTERDAM)
