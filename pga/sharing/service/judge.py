"""Judge: which items of a case a seat may consult, and why; one call for a whole screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from config import clock
from pga.agreements.queries import table_of
from pga.cases.rules import (
    PHASE_OF,
    CaseState,
    age_on,
    inform_clock,
    is_review_overdue,
)
from pga.policy.codes import Category, Condition, Partner, Phase, Track
from pga.policy.decide import Block, Decision, Situation, decide_screen, owner_decision
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts
from pga.sharing.rules import (
    DecisionFact,
    Exchange,
    NoteFact,
    ReleaseFact,
    decision_covers,
    note_covers,
    release_covers,
    release_holds,
)
from pga.sharing.service.seats import Seat

SECRET_HELP = frozenset({"GGZ", "GGD", "MEE", "JHA"})
PLAN = frozenset({"D15", "D16", "G12", "G13"})
SECURITY = frozenset({"POL", "OM", "REC", "DJI", "HLT"})
NO_CRIMINAL_DATA = frozenset({"WOC", "SCH", "JWK"})
HELP_INVOLVED = "D09"
CASE_MANAGER = "GCR"
KEPT = 4096


@dataclass(frozen=True, slots=True)
class Grounds:
    """The records that meet the conditions of one flow."""

    met: frozenset[Condition]
    release: ReleaseFact | None
    decision: DecisionFact | None
    note: NoteFact | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One item with its decision and the records it rests on."""

    item: SealedItem
    decision: Decision
    grounds: Grounds
    is_own: bool

    @property
    def is_allowed(self) -> bool:
        """Tell whether the item may be consulted."""
        return self.decision.is_allowed


NO_GROUNDS = Grounds(frozenset(), None, None, None)


def blocks_of(facts: CaseFacts, today: date) -> frozenset[Block]:
    """Tell what blocks this case today: informing (R-30), restriction (R-33), review (R-34)."""
    case = facts.case
    return _blocks(
        case.opened_at,
        case.informed_on,
        case.delay_until,
        case.restricted_on,
        case.review_due_on,
        today,
    )


@lru_cache(maxsize=KEPT)
def _blocks(  # noqa: PLR0913, PLR0917 - all that a block may follow from
    opened_at: datetime,
    informed_on: date | None,
    delay_until: date | None,
    restricted_on: date | None,
    review_due_on: date | None,
    today: date,
) -> frozenset[Block]:
    """Work out what blocks a case; kept by the days it follows from, for it is asked again."""
    found = set()
    if inform_clock(clock.local_day(opened_at), informed_on, delay_until, today).is_blocking:
        found.add(Block.INFORMING_OVERDUE)
    if restricted_on is not None:
        found.add(Block.RESTRICTED)
    if is_review_overdue(review_due_on, today):
        found.add(Block.REVIEW_OVERDUE)
    return frozenset(found)


def signed_places(facts: CaseFacts) -> frozenset[tuple[bytes, str]]:
    """Tell which organisations signed, and as which partner."""
    return facts.signed


@lru_cache(maxsize=256)
def _partners(signed: frozenset[tuple[bytes, str]]) -> frozenset[Partner]:
    """Tell as which kinds of partner these places signed."""
    return frozenset(Partner(partner) for _, partner in signed)


def situation_of(
    facts: CaseFacts,
    consumer: tuple[bytes, str],
    purpose: str,
    today: date,
    provider: tuple[bytes, str] | None = None,
) -> Situation:
    """State the facts of a case for one consumer, as the engine reads them.

    An organisation that has not signed is no party, even when another of its kind has.
    """
    signed = signed_places(facts)
    parties = _partners(signed)
    for place in (consumer, provider):
        if place is not None and place not in signed:
            parties -= {Partner(place[1])}
    return _situation(
        facts.case.track,
        facts.case.state,
        purpose,
        consumer[1],
        facts.is_in_force,
        parties,
        age_on(facts.case.born_on, today),
        blocks_of(facts, today),
    )


@lru_cache(maxsize=KEPT)
def _situation(  # noqa: PLR0913, PLR0917 - all that a decision may depend on
    track: str,
    state: str,
    purpose: str,
    consumer: str,
    is_in_force: bool,  # noqa: FBT001 - one of the values it is kept by
    parties: frozenset[Partner],
    age: int | None,
    blocks: frozenset[Block],
) -> Situation:
    """State a situation; the hundred cases of a list stand in a few of them."""
    stands = CaseState(state)
    return Situation(
        track=Track(track),
        phase=Phase(PHASE_OF[stands]),
        aftercare=stands is CaseState.AFTERCARE,
        purpose=purpose,
        in_force=is_in_force,
        participant=True,
        parties=parties,
        consumer=Partner(consumer),
        age=age,
        blocks=blocks,
    )


def grounds_of(facts: CaseFacts, provider: str, flow: Exchange, today: date) -> Grounds:
    """Find the release, decision and note that meet the conditions of a flow today."""
    release = next(
        (r for r in facts.releases if release_covers(r, flow) and release_holds(r, today)), None
    )
    decision = next((d for d in facts.decisions if decision_covers(d, provider, flow, today)), None)
    note = next((n for n in facts.notes if note_covers(n, flow, today)), None)
    met = set()
    if release is not None:
        met.add(Condition.SECRECY_RELEASE)
    if decision is not None:
        met.add(Condition.DISCLOSURE_DECISION)
    if note is not None:
        met.add(Condition.WEIGHING_NOTE)
    if _gives_aftercare(facts, flow, today):
        # The decision that names the partner names it as recipient too.
        met |= {Condition.AFTERCARE_PARTNER, Condition.NAMED_RECIPIENT}
    return Grounds(frozenset(met), release, decision, note)


def _gives_aftercare(facts: CaseFacts, flow: Exchange, today: date) -> bool:
    """Tell whether the recipient is the one partner named for aftercare, within its term."""
    case = facts.case
    return (
        case.aftercare_organisation_id == flow.recipient_organisation_id
        and case.aftercare_partner == flow.recipient
        and case.aftercare_until is not None
        and today <= case.aftercare_until
    )


def is_named(item: SealedItem, seat: Seat) -> bool:
    """Tell whether the viewer is named recipient or action owner of this very item."""
    named = seat.named_persons
    responsible = item.responsible_person_id
    return not named.isdisjoint(item.recipients) or (
        responsible is not None and responsible.hex() in named
    )


def judge(facts: CaseFacts, seat: Seat, today: date) -> list[Judged]:
    """Decide on every current item of a case in one call of the engine, own items first (R-01).

    Who was named for several purposes has all of them at once: an item opens for the first that
    the agreement allows, and stays closed for the reason of the first purpose (R-02).
    """
    known = {*table_of(facts.agreement).categories, Category.SIGNAL}
    judged: list[Judged] = []
    others: list[SealedItem] = []
    for item in facts.items:
        if seat.owns(item.owner_organisation_id, item.owner_partner):
            judged.append(Judged(item, owner_decision(), NO_GROUNDS, is_own=True))
        elif item.status == "current" and item.category in known:
            others.append(item)
    decided = _decided(facts, seat, seat.purpose, others, today)
    for purpose in seat.also:
        again = _decided(facts, seat, purpose, others, today)
        decided = [
            one if one.is_allowed or not other.is_allowed else other
            for one, other in zip(decided, again, strict=True)
        ]
    return judged + decided


def _decided(
    facts: CaseFacts, seat: Seat, purpose: str, items: Sequence[SealedItem], today: date
) -> list[Judged]:
    """Decide on items of others for one purpose."""
    table = table_of(facts.agreement)
    cells = []
    waiting: list[tuple[SealedItem, Grounds]] = []
    known: dict[tuple[bytes, str, str], tuple[Grounds, Partner, Category, bool]] = {}
    consumer = (seat.organisation_id, seat.partner)
    signed = signed_places(facts)
    situation = situation_of(facts, consumer, purpose, today)
    for item in items:
        key = (item.owner_organisation_id, item.owner_partner, item.category)
        if key not in known:
            flow = Exchange(key[0], item.category, seat.organisation_id, purpose, seat.partner)
            grounds = grounds_of(facts, key[1], flow, today)
            known[key] = (grounds, Partner(key[1]), Category(key[2]), key[:2] in signed)
        grounds, partner, category, is_party = known[key]
        met = grounds.met | {Condition.NAMED_RECIPIENT} if is_named(item, seat) else grounds.met
        cells.append((partner, category, met, is_party))
        waiting.append((item, grounds))
    decisions = decide_screen(table, situation, cells)
    return [
        Judged(item, decision, grounds, is_own=False)
        for (item, grounds), decision in zip(waiting, decisions, strict=True)
    ]
