"""Explained access: what asks for an explanation, found by the worker and closed by an officer.

The rules run only on the staff of organisations whose works council consented (WOR 27(1)(l)).
"""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit import gate
from audit.acts import acts
from audit.entries import Action, Entry, Kind
from config import clock
from config.database import db, transaction
from config.errors import ConflictError, ForbiddenError, NotFoundError
from config.ids import from_hex, new_id
from pga.oversight import queries
from pga.oversight.models import MonitoringConsent, ReviewItem, ReviewLimit
from pga.oversight.patterns import LIMITS, MEMORY, Limit, Pattern, matches
from pga.oversight.queries import CaseName
from pga.oversight.rules import OWN_RULES, LookReason, ReviewOutcome
from pga.oversight.service.bench import Bench
from pga.oversight.service.looking import may_oversee
from pga.policy.codes import Category

ON_ONE_PAGE = 50
"""The list is capped: the oldest first, and what follows comes when these are done."""
OVERLAP = timedelta(hours=1)


class SameApproverError(ConflictError):
    """Two people change a limit: who proposed it does not approve it."""

    code = "same-approver"
    message = "Somebody else must approve what you proposed."


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as its officer sees it; `case` is None when it is outside any case."""

    item: ReviewItem
    case: CaseName | None
    facts: dict[str, str | int]


def scan() -> int:
    """Look for patterns in what was logged since the last time; for the worker. Gives how many.

    Doing it twice finds nothing twice: a rule fits an entry once.
    """
    now = clock.now()
    consenting = queries.consenting_organisations()
    if not consenting:
        return 0
    newest = queries.newest_review()
    since = max(newest - OVERLAP, now - MEMORY) if newest else now - MEMORY
    known = [
        act
        for act in acts(now - MEMORY, now + timedelta(seconds=1), OWN_RULES)
        if act.organisation in consenting
    ]
    found = matches(known, since, limits_in_use())
    there = queries.review_keys({match.act.seq for match in found})
    new = [match for match in found if (match.pattern, match.act.seq) not in there]
    with transaction():
        db.session.add_all(
            ReviewItem(
                id=new_id(),
                pattern=match.pattern,
                seq=match.act.seq,
                happened_at=match.act.at,
                person=match.act.actor,
                organisation=match.act.organisation,
                case_id=match.act.case_id,
                facts=json.dumps(dict(match.facts), sort_keys=True),
                found_at=now,
            )
            for match in new
        )
    return len(new)


@dataclass(frozen=True, slots=True)
class WorkList:
    """What waits within a bench: at most a page of it, how much there is, and by which check."""

    items: Sequence[Listed]
    number: int
    by_check: Sequence[tuple[Pattern, int]]


def work_list(bench: Bench, check: Pattern | None = None) -> WorkList:
    """Give the open items within a bench, of one check or of all; the look is entered first.

    The oldest come first, and the sample last: it shows whether the checks miss anything, and
    may not stand before what they found.
    """
    _enter(bench, Kind.LISTED, bench.id)
    rows = [row for row in queries.open_reviews() if _is_within(bench, row)]
    counts = Counter(Pattern(row.pattern) for row in rows)
    rows = [row for row in rows if check in {None, row.pattern}]
    rows.sort(key=lambda row: (row.pattern == Pattern.SAMPLE, row.seq, row.pattern))
    return WorkList(
        [_listed(bench, row) for row in rows[:ON_ONE_PAGE]],
        len(rows),
        [(one, counts[one]) for one in Pattern if counts[one]],
    )


def item(found: Sequence[Bench], item_id: bytes) -> tuple[Bench, Listed]:
    """Give one item with the bench that oversees it; raises NotFoundError outside every bench."""
    row = queries.review(item_id)
    bench = next((one for one in found if row is not None and _is_within(one, row)), None)
    if row is None or bench is None:
        raise NotFoundError
    _enter(bench, Kind.OPENED, str(row.seq))
    return bench, _listed(bench, row)


def close(bench: Bench, row: ReviewItem, outcome: ReviewOutcome, remark: str) -> None:
    """Close an item with a judgement and its reason; an officer never judges its own access.

    Raises ForbiddenError for one's own, and ConflictError when it is closed already.
    """
    if row.person == bench.actor.person:
        raise ForbiddenError
    if row.closed_at is not None:
        raise ConflictError
    facts = {"review": row.id.hex(), "outcome": str(outcome)}
    gate.record(Entry(Action.LOG_VIEW, bench.actor, str(row.seq), reason=remark, facts=facts))
    with transaction():
        row.closed_at = clock.now()
        row.closed_by = from_hex(bench.actor.person)
        row.outcome = outcome
        row.remark = remark


def limits_in_use() -> dict[Limit, int]:
    """Give every limit with the value two people agreed on, or the one it started with."""
    agreed = queries.agreed_limits()
    return {limit: agreed.get(limit, value) for limit, value in LIMITS.items()}


def propose_limit(bench: Bench, limit: Limit, value: int, reason: str) -> None:
    """Propose another value for a limit; it counts once somebody else approves it."""
    _enter_change(bench, f"{limit} = {value}", reason)
    with transaction():
        db.session.add(
            ReviewLimit(
                id=new_id(),
                name=limit,
                value=value,
                reason=reason,
                proposed_by=from_hex(bench.actor.person),
                proposed_at=clock.now(),
            )
        )


def approve_limit(bench: Bench, proposal_id: bytes) -> None:
    """Approve a proposal of somebody else.

    Raises NotFoundError for none, SameApproverError for one's own, ConflictError for one that was
    approved already.
    """
    proposal = db.session.get(ReviewLimit, proposal_id)
    if proposal is None:
        raise NotFoundError
    if proposal.proposed_by == from_hex(bench.actor.person):
        raise SameApproverError
    if proposal.approved_at is not None:
        raise ConflictError
    _enter_change(bench, f"{proposal.name} = {proposal.value}", "approved")
    with transaction():
        proposal.approved_by = from_hex(bench.actor.person)
        proposal.approved_at = clock.now()


def record_consent(bench: Bench, on: date, reference: str) -> None:
    """Record that the works council of the officer's own organisation consented (WOR 27(1)(l))."""
    _enter_change(bench, "works council", reference)
    with transaction():
        db.session.merge(
            MonitoringConsent(
                organisation_id=bench.place.organisation_id,
                consented_on=on,
                reference=reference,
                recorded_by=from_hex(bench.actor.person),
                recorded_at=clock.now(),
            )
        )


def proposals() -> Collection[ReviewLimit]:
    """Read the proposals that wait for a second person."""
    return queries.waiting_limits()


def _is_within(bench: Bench, row: ReviewItem) -> bool:
    """Tell whether an officer oversees the access of an item."""
    is_own = row.person in bench.staff and row.organisation in {"", bench.organisation}
    return is_own or (bench.is_whole and row.case_id in bench.cases)


def _listed(bench: Bench, row: ReviewItem) -> Listed:
    """Give an item with the case the officer may know of."""
    return Listed(row, bench.cases.get(row.case_id), json.loads(row.facts))


def _enter(bench: Bench, kind: Kind, object_: str) -> None:
    """Enter a look at the work list; raises ForbiddenError, after its entry, without the right."""
    may_oversee(bench, Category.LOG)
    gate.record(Entry(Action.LOG_VIEW, bench.actor, object_, kind=kind, reason=LookReason.ROUTINE))


def _enter_change(bench: Bench, what: str, reason: str) -> None:
    """Enter a change of the checks themselves."""
    may_oversee(bench, Category.LOG)
    gate.record(
        Entry(Action.LOG_VIEW, bench.actor, bench.id, reason=reason, facts={"change": what})
    )
