"""The monthly report: counts only, never a person, a case or what was in it (domain 6.3)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from audit import gate
from audit.acts import acts
from audit.entries import Action, Entry, Kind, Outcome
from config import clock
from pga.oversight import queries
from pga.oversight.patterns import OPENED, READS
from pga.oversight.rules import OWN_RULES, LookReason, ReviewOutcome
from pga.oversight.service.bench import Bench
from pga.oversight.service.looking import may_oversee
from pga.policy.codes import Category


@dataclass(frozen=True, slots=True)
class Report:
    """What happened in a month within one bench, in numbers."""

    month: date
    made_at: datetime
    opened: int
    explained: int
    listed: int
    refused: int
    written: int
    emergencies: int
    looks: int
    by_organisation: tuple[tuple[str, int], ...]
    found: tuple[tuple[str, int], ...]
    judged: tuple[tuple[ReviewOutcome, int], ...]
    waiting: int

    @property
    def share_explained(self) -> int:
        """Give the share of openings that an open task, action or release explains, in percent."""
        return round(100 * self.explained / self.opened) if self.opened else 100


def month_report(bench: Bench, month: date, kind: Kind = Kind.LISTED) -> Report:
    """Count a month; the look is entered first, of which kind. `month` is any day in it."""
    may_oversee(bench, Category.LOG)
    facts: dict[str, str | int] = {"month": month.strftime("%Y-%m")}
    gate.record(
        Entry(
            Action.LOG_VIEW,
            bench.actor,
            bench.id,
            kind=kind,
            reason=LookReason.ROUTINE,
            facts=facts,
        )
    )
    first, end = _span(month)
    within = [
        act
        for act in acts(first, end, OWN_RULES)
        if (bench.is_whole and (act.case_id in bench.cases or act.subject in bench.tried))
        or (act.actor in bench.staff and act.organisation in {"", bench.organisation})
    ]
    opened = [
        act
        for act in within
        if act.action in READS and act.kind in OPENED and act.others and act.outcome != Outcome.DENY
    ]
    items = [
        one
        for one in queries.reviews_between(first, end)
        if (bench.is_whole and one.case_id in bench.cases) or one.person in bench.staff
    ]
    return Report(
        month=month.replace(day=1),
        made_at=clock.now(),
        opened=len(opened),
        explained=sum(act.explained_by not in {"", "none"} for act in opened),
        listed=sum(act.action in READS and act.kind in _IN_PASSING for act in within),
        refused=sum(act.outcome == Outcome.DENY for act in within),
        written=sum(not act.kind and act.action in _WRITES for act in within),
        emergencies=sum(act.action == Action.BREAK_GLASS for act in within),
        looks=sum(act.action == Action.LOG_VIEW for act in within),
        by_organisation=tuple(Counter(act.organisation for act in opened).most_common()),
        found=tuple(Counter(one.pattern for one in items).most_common()),
        judged=tuple(
            (ReviewOutcome(name), count)
            for name, count in Counter(one.outcome for one in items if one.closed_at).most_common()
        ),
        waiting=sum(one.closed_at is None for one in items),
    )


_IN_PASSING = frozenset({Kind.LISTED.value, Kind.SEARCHED.value})
_WRITES = frozenset({Action.CREATE, Action.UPDATE, Action.PROVIDE})


def _span(month: date) -> tuple[datetime, datetime]:
    """Give the instants between which a month lies in Amsterdam."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return clock.start_of(first), clock.start_of(following)
