"""Changes of a case by a participant: sit down at the desk, be judged, write.

Between the form and the post everything may have changed, so a post sits down anew.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from audit import gate
from audit.entries import Action, Entry, Explanation, Line
from config import clock
from config.errors import ForbiddenError
from pga.agreements.queries import table_of
from pga.cases.models import Participant
from pga.cases.rules import is_running
from pga.policy.codes import Category, Code, Condition, Partner, PolicyAction, Track
from pga.policy.decide import Decision, decide, owner_decision
from pga.records import service as records
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts, load_facts
from pga.sharing.rules import Exchange
from pga.sharing.service.disclose import SharingDeniedError, refuse_outsider
from pga.sharing.service.judge import grounds_of, signed_places, situation_of
from pga.sharing.service.seats import Seat, Viewer, actor_of, find_seat


@dataclass(frozen=True, slots=True)
class Desk:
    """A participant sitting down to change a case, with the facts of this moment."""

    viewer: Viewer
    facts: CaseFacts
    seat: Seat
    today: date


def sit_down(viewer: Viewer, case_id: bytes) -> Desk:
    """Read the facts of a case for somebody who wants to change it.

    Raises NotFoundError, after one entry, for who has no seat in it (R-04).
    """
    today = clock.today()
    found = load_facts([case_id], today)
    seat = find_seat(found[case_id], viewer, today) if case_id in found else None
    if seat is None:
        refuse_outsider(viewer, case_id)
    return Desk(viewer, found[case_id], seat, today)


def require_partner(desk: Desk, *partners: str) -> None:
    """Let only these kinds of partner go on; raises ForbiddenError for the others."""
    if desk.seat.partner not in partners:
        raise ForbiddenError


def require_exchange(desk: Desk) -> None:
    """Refuse any change but of own items when the agreement gives nothing (R-01).

    Raises SharingDeniedError, after its entry.
    """
    if not desk.facts.is_in_force:
        code = Code.NOT_IN_FORCE
    elif (desk.seat.organisation_id, desk.seat.partner) not in signed_places(desk.facts):
        code = Code.NOT_A_PARTY
    else:
        return
    deny(desk, Action.PROVIDE, Line(desk.seat.partner, "", "denied", "R-01", code))
    raise SharingDeniedError


@dataclass(frozen=True, slots=True)
class Reader:
    """One participant who will be able to read a contribution, or why not."""

    participant: Participant
    decision: Decision


def readers(
    desk: Desk, category: str, recipients: Sequence[str] = (), responsible: bytes | None = None
) -> list[Reader]:
    """Decide for every other participant of the case whether they will read a new item.

    `recipients` are the hex ids of the persons named for it. The engine answers both halves: the
    provider may bring it to this consumer, and the consumer may consult it.
    """
    table = table_of(desk.facts.agreement)
    seat = desk.seat
    provider = (seat.organisation_id, seat.partner)
    named = {*recipients, *([responsible.hex()] if responsible else [])}
    found = []
    for participant in desk.facts.participants:
        place = (participant.organisation_id, participant.partner)
        if place == provider or not is_running(
            participant.from_on, participant.until_on, participant.ended_on, desk.today
        ):
            continue
        flow = Exchange(provider[0], category, place[0], participant.purpose, place[1])
        met = set(grounds_of(desk.facts, seat.partner, flow, desk.today).met)
        if participant.person_id.hex() in named:
            met.add(Condition.NAMED_RECIPIENT)
        situation = situation_of(desk.facts, place, participant.purpose, desk.today, provider)
        provided = decide(
            table,
            situation,
            Partner(seat.partner),
            Category(category),
            PolicyAction.PROVIDE,
            frozenset(met),
        )
        consulted = decide(
            table,
            situation,
            Partner(seat.partner),
            Category(category),
            PolicyAction.CONSULT,
            frozenset(met),
        )
        found.append(Reader(participant, consulted if provided.is_allowed else provided))
    return found


def may_bring(desk: Desk, category: str) -> Decision:
    """Decide whether a seat may bring an item of a category in this case (R-03)."""
    return may_bring_each(desk, [category])[category]


def may_bring_each(desk: Desk, categories: Iterable[str]) -> dict[str, Decision]:
    """Decide for each category whether a seat may bring it to anybody the agreement names (R-03).

    With somebody who may be given it the answer is that permission; else the refusal that comes
    nearest: a missing condition before a closed cell. It looks at the parties of the agreement
    and never at who takes part: an answer that changed with a participant would tell of that one
    (R-29).
    """
    table = table_of(desk.facts.agreement)
    provider = (desk.seat.organisation_id, desk.seat.partner)
    partner = Partner(desk.seat.partner)
    receivers = [
        (place, purpose, situation_of(desk.facts, place, purpose, desk.today, provider))
        for purpose in _purposes(desk)
        for place in sorted(signed_places(desk.facts) - {provider}, key=_leads_first)
    ]
    found = {}
    for category in categories:
        refusals: list[Decision] = []
        for place, purpose, situation in receivers:
            flow = Exchange(provider[0], category, place[0], purpose, place[1])
            met = grounds_of(desk.facts, desk.seat.partner, flow, desk.today).met
            decision = decide(
                table, situation, partner, Category(category), PolicyAction.PROVIDE, met
            )
            if decision.is_allowed:
                found[category] = decision
                break
            refusals.append(decision)
        else:
            found[category] = min(refusals, key=lambda d: (not d.missing, d.code, d.rule))
    return found


def _purposes(desk: Desk) -> list[str]:
    """List the purposes of the agreement, the viewer's own first."""
    known = table_of(desk.facts.agreement).document.purposes(Track(desk.facts.case.track))
    return sorted(known, key=lambda purpose: purpose != desk.seat.purpose)


def _leads_first(place: tuple[bytes, str]) -> tuple[bool, str, bytes]:
    """Put process lead and case manager before the others: nearly everything is for them."""
    organisation_id, partner = place
    return partner not in {"GPR", "GCR"}, partner, organisation_id


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to a case, for the log."""

    action: Action
    lines: tuple[Line, ...] = ()
    reason: str = ""
    recipients: tuple[str, ...] = ()
    explained_by: Explanation | None = None
    facts: dict[str, str | int] = field(default_factory=dict)


def line_of(category: str, partner: str, decision: Decision, *items: bytes) -> Line:
    """Write the line of one decided contribution."""
    return Line(
        partner,
        category,
        "allowed" if decision.is_allowed else "denied",
        decision.rule,
        decision.code,
        tuple(item.hex() for item in items),
        decision.clause,
    )


def write(
    desk: Desk,
    act: Act,
    changes: Sequence[records.Change] = (),
    then: Callable[[], None] | None = None,
) -> records.Written:
    """Write a change of a case: keys, intent in the log, rows with `then`, `applied` in the log.

    `then` changes the skeleton or the records of sharing inside the same transaction.
    """
    facts = desk.facts
    entry = Entry(
        action=act.action,
        actor=actor_of(desk.viewer, desk.seat),
        object=facts.case.id.hex(),
        case_id=facts.case.id.hex(),
        subjects=(facts.case.subject_id.hex(),),
        lines=act.lines,
        purpose=desk.seat.purpose,
        agreement_version=facts.agreement.version,
        policy_hash=table_of(facts.agreement).policy_hash,
        case_epoch=facts.case_epoch,
        agreement_epoch=facts.agreement_epoch,
        explained_by=act.explained_by,
        reason=act.reason,
        recipients=act.recipients,
        facts={
            "membership": desk.seat.place.membership_id.hex(),
            "limits": table_of(facts.agreement).edition,
            **act.facts,
        },
    )
    return records.write(entry, facts.case.id, changes, then)


def deny(desk: Desk, action: Action, line: Line) -> None:
    """Enter the refusal of a change in the log; the caller raises SharingDeniedError."""
    facts = desk.facts
    gate.record(
        Entry(
            action=action,
            actor=actor_of(desk.viewer, desk.seat),
            object=facts.case.id.hex(),
            case_id=facts.case.id.hex(),
            subjects=(facts.case.subject_id.hex(),),
            lines=(line,),
            purpose=desk.seat.purpose,
            agreement_version=facts.agreement.version,
            policy_hash=table_of(facts.agreement).policy_hash,
            case_epoch=facts.case_epoch,
            agreement_epoch=facts.agreement_epoch,
            facts={"limits": table_of(facts.agreement).edition},
        )
    )


def own_item(desk: Desk, item_id: bytes) -> SealedItem:
    """Find an item of the viewer's own place in this case (R-28).

    Raises SharingDeniedError for any other, there or not, after an entry that does not name it.
    """
    for item in desk.facts.items:
        if item.id == item_id and desk.seat.owns(item.owner_organisation_id, item.owner_partner):
            return item
    deny(desk, Action.UPDATE, Line(desk.seat.partner, "", "denied", "R-28", Code.FORBIDDEN))
    raise SharingDeniedError


def owner_line(item: SealedItem) -> Line:
    """Write the line of an owner's act on an own item (R-01, R-28)."""
    return line_of(item.category, item.owner_partner, owner_decision(), item.id)
