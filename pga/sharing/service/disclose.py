"""disclose(): the one way to read sealed records; a list, a search and an export take it too.

Facts, one decision for the whole screen, one entry per case, a receipt, and only then keys. What
is decided and what is opened are bound by the epochs of case and agreement, and by the role and
login session of the viewer: when one of them moved in between, everything is decided anew, once.
"""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, NoReturn

from audit import gate
from audit import readers as log
from audit.entries import Action, Entry, Explanation, Kind, Line, Outcome
from audit.gate import Receipt
from config import clock
from config.database import settings
from config.errors import ForbiddenError, NotFoundError, TooManyRefusalsError
from config.keys import kek
from pga.agreements.queries import table_of
from pga.cases import queries as cases
from pga.cases.models import Case, WorkTask
from pga.policy.codes import Code
from pga.policy.decide import Decision
from pga.records import service as records
from pga.records.errors import CaseFaultError, ErasedError, ItemFaultError, StaleDecisionError
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts, read_facts
from pga.sharing.rules import ReleaseFact
from pga.sharing.service.judge import Judged, judge
from pga.sharing.service.seats import Seat, Viewer, actor_of, anew, find_seat
from pga.sharing.service.veil import Veil

REFUSAL_WINDOW = timedelta(hours=1)
GATES = frozenset({Code.NOT_IN_FORCE, Code.NOT_A_PARTY})


class SharingDeniedError(ForbiddenError):
    """Every item asked for was refused; the entry is in the log before this is raised."""

    code = "sharing-denied"
    message = "You cannot consult this now."

    def __init__(self, decision: Decision | None = None) -> None:
        """Keep the decision that explains the refusal, if it may be told."""
        self.decision = decision
        super().__init__()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the allowed items to open: all of some kinds, categories or ids, newest first."""

    kinds: frozenset[str] | None = None
    categories: frozenset[str] | None = None
    item_ids: frozenset[bytes] | None = None
    limit: int | None = None

    def picks(self, item: SealedItem) -> bool:
        """Tell whether an item is asked for."""
        return (
            (self.kinds is None or item.kind in self.kinds)
            and (self.categories is None or item.category in self.categories)
            and (self.item_ids is None or item.id in self.item_ids)
        )


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One opened item, as far as this viewer may know of it.

    `owner` is None where the item stands under the case manager without owner (R-29); then the
    decision is that on an item of the case manager, for basis and clause would name the owner.
    """

    row: SealedItem
    content: Mapping[str, Any]
    decision: Decision
    release: ReleaseFact | None
    is_own: bool
    owner: tuple[bytes, str] | None

    @property
    def id(self) -> bytes:
        """Give the address of the item."""
        return self.row.id

    @property
    def category(self) -> str:
        """Give the category code."""
        return self.row.category


@dataclass(slots=True)
class Disclosure:
    """What one viewer gets of one case: opened items, counts and who may be known to take part.

    `faulty` counts the items that stayed closed because they are not as they were written. Nothing
    else here rests on them: what their rows say of themselves is not to be believed.
    """

    facts: CaseFacts
    seat: Seat
    items: list[OpenItem] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    veil: Veil = field(default_factory=Veil)
    receipt: Receipt | None = None
    work: Sequence[WorkTask] = ()
    judged: Sequence[Judged] = ()
    faulty: int = 0


@dataclass(frozen=True, slots=True)
class Closed:
    """A case that gave its viewer nothing at all, with the error that says why."""

    case: Case
    error: CaseFaultError | ErasedError


class Disclosures(dict[bytes, Disclosure]):
    """What one viewer gets of some cases, by case id; `closed` are those that gave nothing."""

    def __init__(self, found: Mapping[bytes, Disclosure], closed: Sequence[Closed] = ()) -> None:
        """Keep what was disclosed, and what could not be."""
        super().__init__(found)
        self.closed = closed

    @property
    def faulty(self) -> list[str]:
        """List the numbers of the cases that do not match the log."""
        return sorted(one.case.number for one in self.closed if is_fault(one.error))


def is_fault(error: CaseFaultError | ErasedError) -> bool:
    """Tell a case that was changed behind the program from one that was destroyed."""
    return isinstance(error, CaseFaultError)


@dataclass(slots=True)
class _Plan:
    """A decided case, ready to be entered in the log and opened."""

    facts: CaseFacts
    seat: Seat
    judged: list[Judged]
    chosen: list[Judged]
    work: list[WorkTask]
    entry: Entry


@dataclass(frozen=True, slots=True)
class Look:
    """How a viewer looks: for the log the kind and reason, for the broker what to open."""

    kind: Kind = Kind.OPENED
    select: Selection = EVERYTHING
    action: Action = Action.CONSULT
    reason: str = ""


def disclose(viewer: Viewer, case_ids: Collection[bytes], look: Look) -> Disclosures:
    """Open what this viewer may consult in these cases; cases without a seat are left out.

    One entry per case, all in one commit, before the first key is unwrapped. A case that does not
    match the log, or was destroyed, gives nothing and is named as closed; the others are open.
    Raises StoreUnavailableError when the log cannot be written: then nothing is shown.
    """
    try:
        return _disclose(viewer, case_ids, look)
    except StaleDecisionError:
        return _disclose(anew(viewer, clock.today()), case_ids, look)


def disclose_one(viewer: Viewer, case_id: bytes, look: Look = Look()) -> Disclosure:
    """Open what this viewer may consult in one case.

    Raises NotFoundError for who has no seat in it, real or not, after the same queries and one
    entry; TooManyRefusalsError beyond the budget; SharingDeniedError for a member of the case
    when nothing of what was asked for may be opened; CaseFaultError for a case, ItemFaultError for
    the very items, that are not as they were written; ErasedError.
    """
    found = disclose(viewer, [case_id], look)
    for closed in found.closed:
        raise closed.error
    if case_id not in found:
        refuse_outsider(viewer, case_id)
    disclosure = found[case_id]
    if look.select.item_ids and not disclosure.items:
        raise ItemFaultError([case_id]) if disclosure.faulty else SharingDeniedError
    return disclosure


def object_of_attempt(case_id: bytes) -> str:
    """Give what the log calls an address that somebody without a seat tried: its HMAC.

    So the log does not tell which address it was, but who may oversee a case finds the attempts.
    """
    return hmac.new(kek().derive("outsider-object"), case_id, sha256).hexdigest()


def refuse_outsider(viewer: Viewer, case_id: bytes, action: Action = Action.CONSULT) -> NoReturn:
    """Enter the refusal of somebody without a seat and raise; real and unknown cases look alike."""
    since = clock.now() - REFUSAL_WINDOW
    refusals = log.refusals(viewer.person_id.hex(), since)
    budget = settings().refusal_budget
    if refusals > budget:
        raise TooManyRefusalsError
    tried = object_of_attempt(case_id)
    gate.record(
        Entry(
            action=action,
            actor=actor_of(viewer, None),
            object=tried,
            subjects=(tried,),
            outcome=Outcome.DENY,
            kind=Kind.OPENED,
        )
    )
    if refusals == budget:
        raise TooManyRefusalsError
    raise NotFoundError


def _disclose(viewer: Viewer, case_ids: Collection[bytes], look: Look) -> Disclosures:
    """Decide, enter and open once; raises StaleDecisionError when the facts moved meanwhile."""
    today = clock.today()
    places = [(place.organisation_id, place.partner) for place in viewer.places]
    facts, work = read_facts(case_ids, today, cases.waits_for(viewer.person_id, places))
    plans = []
    for case_id in case_ids:
        seat = find_seat(facts[case_id], viewer, today) if case_id in facts else None
        if seat is not None:
            plans.append(_plan(viewer, seat, facts[case_id], work[case_id], look))
    receipts = gate.record_many([plan.entry for plan in plans])
    opened = records.open_items(
        [
            records.Opening(
                receipt,
                plan.entry,
                plan.facts.case.id,
                [j.item for j in plan.chosen],
                plan.facts.seen,
            )
            for receipt, plan in zip(receipts, plans, strict=True)
        ]
    )
    failed = opened.failed
    return Disclosures(
        {
            plan.facts.case.id: _disclosure(plan, receipt, opened, today)
            for plan, receipt in zip(plans, receipts, strict=True)
            if plan.facts.case.id not in failed
        },
        [
            Closed(plan.facts.case, failed[plan.facts.case.id])
            for plan in plans
            if plan.facts.case.id in failed
        ],
    )


def _plan(viewer: Viewer, seat: Seat, facts: CaseFacts, work: list[WorkTask], look: Look) -> _Plan:
    """Decide on a whole case and write its entry."""
    judged = judge(facts, seat, clock.today())
    chosen = [j for j in judged if j.is_allowed and look.select.picks(j.item)]
    if look.select.limit is not None:
        chosen.sort(key=lambda j: j.item.created_at, reverse=True)
        chosen = chosen[: look.select.limit]
    table = table_of(facts.agreement)
    entry = Entry(
        action=look.action,
        kind=look.kind,
        actor=actor_of(viewer, seat),
        object=facts.case.id.hex(),
        case_id=facts.case.id.hex(),
        subjects=(facts.case.subject_id.hex(),),
        lines=lines_of(judged, chosen),
        purpose=seat.purpose,
        agreement_version=facts.agreement.version,
        policy_hash=table.policy_hash,
        case_epoch=facts.case_epoch,
        agreement_epoch=facts.agreement_epoch,
        explained_by=_explanation(seat, judged, chosen, work),
        reason=look.reason,
        facts={
            "membership": seat.place.membership_id.hex(),
            "limits": table.edition,
            **({"also_for": " ".join(seat.also)} if seat.also else {}),
        },
    )
    return _Plan(facts, seat, judged, chosen, work, entry)


def lines_of(judged: Iterable[Judged], chosen: Iterable[Judged]) -> tuple[Line, ...]:
    """Write one line per provider, category and decision; only opened items are listed by id."""
    opened = {j.item.id for j in chosen}
    grouped: dict[tuple[str, str, bool, str, str, str], list[str]] = {}
    for j in judged:
        d = j.decision
        key = (j.item.owner_partner, j.item.category, d.is_allowed, d.rule, str(d.code), d.clause)
        ids = grouped.setdefault(key, [])
        if j.item.id in opened:
            ids.append(j.item.id.hex())
    return tuple(
        Line(
            provider,
            category,
            "allowed" if allowed else "denied",
            rule,
            code,
            tuple(sorted(ids)),
            clause,
        )
        for (provider, category, allowed, rule, code, clause), ids in sorted(grouped.items())
    )


def _explanation(
    seat: Seat, judged: Iterable[Judged], chosen: Iterable[Judged], work: Iterable[WorkTask]
) -> Explanation:
    """Say what explains this access: an open action, a waiting task, a release, or nothing."""
    named = seat.named_persons
    for j in judged:
        responsible = j.item.responsible_person_id
        if responsible is not None and responsible.hex() in named and j.item.done_at is None:
            return Explanation("action", j.item.id.hex())
    for task in work:
        return Explanation("task", task.id.hex())
    for j in chosen:
        if j.grounds.release is not None and not j.is_own:
            return Explanation("release", j.grounds.release.id.hex())
    return Explanation("none", "")


def _disclosure(
    plan: _Plan,
    receipt: Receipt,
    opened: records.Opened,
    today: date,
) -> Disclosure:
    """Put together what the viewer gets, behind the veil of what this viewer may know."""
    judged, chosen = _whole(plan.judged, opened), _whole(plan.chosen, opened)
    veil = Veil.of(plan.facts, plan.seat, judged, today)
    told = veil.told(plan.facts, plan.seat, chosen, today)
    counts: dict[str, int] = {}
    for j in judged:
        if j.is_allowed and j.item.status == "current":
            counts[j.item.category] = counts.get(j.item.category, 0) + 1
    items = [
        OpenItem(
            row=j.item,
            content=opened.contents[j.item.id],
            decision=told.get(j.item.id, j.decision),
            release=j.grounds.release if "secrecy_release" in j.decision.conditions else None,
            is_own=j.is_own,
            owner=veil.owner_of(j.item),
        )
        for j in chosen
    ]
    items.sort(key=lambda item: (item.row.created_at, item.row.id), reverse=True)
    return Disclosure(
        facts=plan.facts,
        seat=plan.seat,
        items=items,
        counts=counts,
        veil=veil,
        receipt=receipt,
        work=plan.work,
        judged=judged,
        faulty=len(plan.chosen) - len(chosen),
    )


def _whole(judged: list[Judged], opened: records.Opened) -> list[Judged]:
    """Leave out what turned out not to be as it was written."""
    if not opened.faulty:
        return judged
    return [j for j in judged if j.item.id not in opened.faulty]
