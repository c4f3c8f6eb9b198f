"""The veil: whom a viewer may know to take part, and whose name an item may carry (R-29)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from pga.agreements.queries import table_of
from pga.cases.models import Participant
from pga.cases.rules import ENDED, CaseState
from pga.policy.codes import Category, Code, Condition, Partner
from pga.policy.decide import Decision, decide_screen
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts
from pga.sharing.rules import Exchange
from pga.sharing.service.judge import (
    CASE_MANAGER,
    HELP_INVOLVED,
    NO_CRIMINAL_DATA,
    PLAN,
    SECRET_HELP,
    SECURITY,
    Judged,
    grounds_of,
    signed_places,
    situation_of,
)
from pga.sharing.service.seats import PROCESS_LEAD, Seat

UNTOLD = Decision("allowed", Code.ALLOWED, "")
"""What is told of an item where the agreement says nothing of the case manager's own."""


@dataclass(frozen=True, slots=True)
class Veil:
    """Which secret participants a viewer may know, as organisation and partner code.

    Of a case that has ended a partner sees the own people only.
    """

    viewer: tuple[bytes, str] = (b"", "")
    known: frozenset[tuple[bytes, str]] = field(default_factory=frozenset)
    has_ended: bool = False

    @classmethod
    def of(cls, facts: CaseFacts, seat: Seat, judged: Iterable[Judged], today: date) -> "Veil":
        """Decide for every provider bound by secrecy whether its help may be known.

        It may when the viewer may consult "help involved" of that very provider (R-29).
        """
        viewer = (seat.organisation_id, seat.partner)
        secret = {
            (p.organisation_id, p.partner) for p in facts.participants if p.partner in SECRET_HELP
        } | {
            (item.owner_organisation_id, item.owner_partner)
            for item in facts.items
            if item.owner_partner in SECRET_HELP
        }
        named = {
            (j.item.owner_organisation_id, j.item.owner_partner)
            for j in judged
            if j.item.category == HELP_INVOLVED and j.is_allowed
        }
        known = {place for place in secret if place == viewer} | (secret & named)
        known |= _may_know(facts, seat, secret - known, today)
        has_ended = CaseState(facts.case.state) in ENDED and seat.partner != PROCESS_LEAD
        return cls(viewer, frozenset(known), has_ended)

    def shows(self, organisation_id: bytes, partner: str) -> bool:
        """Tell whether this organisation may be named to the viewer as taking part."""
        return partner not in SECRET_HELP or (organisation_id, partner) in self.known

    def owner_of(self, item: SealedItem) -> tuple[bytes, str] | None:
        """Give the owner to name with an item, or None: it stands under the case manager."""
        owner = (item.owner_organisation_id, item.owner_partner)
        if owner == self.viewer:
            return owner
        if not self.shows(*owner):
            return None
        if item.category not in PLAN:
            return owner
        # What stands under the case manager is told from nothing by what the case manager wrote.
        is_manager = item.owner_partner == CASE_MANAGER
        hides_security = item.owner_partner in SECURITY and self.viewer[1] in NO_CRIMINAL_DATA
        return None if is_manager or hides_security else owner

    def told(
        self, facts: CaseFacts, seat: Seat, judged: Iterable[Judged], today: date
    ) -> dict[bytes, Decision]:
        """Give the decision to tell for each item of plan and actions without owner, by item id.

        It is the one on the same item of the case manager. Basis, clause and duties of the owner
        would tell who that is; they stand in the log.
        """
        hidden = [
            j.item
            for j in judged
            if j.item.category in PLAN
            and j.item.owner_partner != CASE_MANAGER
            and self.owner_of(j.item) is None
        ]
        if not hidden:
            return {}
        situation = situation_of(facts, self.viewer, seat.purpose, today)
        met = frozenset(Condition)
        cells = [(Partner(CASE_MANAGER), Category(item.category), met) for item in hidden]
        decisions = decide_screen(table_of(facts.agreement), situation, cells)
        return {
            item.id: decision if decision.is_allowed else UNTOLD
            for item, decision in zip(hidden, decisions, strict=True)
        }

    def participants(self, everyone: Sequence[Participant], person_id: bytes) -> list[Participant]:
        """Leave out whom the viewer may not know of; who named somebody knows that one."""
        if self.has_ended:
            return [p for p in everyone if (p.organisation_id, p.partner) == self.viewer]
        return [
            p
            for p in everyone
            if self.shows(p.organisation_id, p.partner) or p.added_by == person_id
        ]


def _telling(categories: Iterable[str]) -> list[str]:
    """List the categories whose items name their provider: all but plan and actions."""
    return [code for code in categories if code not in PLAN]


def _may_know(
    facts: CaseFacts, seat: Seat, places: Collection[tuple[bytes, str]], today: date
) -> set[tuple[bytes, str]]:
    """Decide on "help involved" of providers that brought no such item, as if they had.

    A track without that category has nothing else that says who helps, so whoever may read what a
    provider brings under a release that holds may know that it does: the release names both.
    """
    if not places:
        return set()
    table = table_of(facts.agreement)
    tells = [HELP_INVOLVED] if HELP_INVOLVED in table.categories else _telling(table.categories)
    consumer = (seat.organisation_id, seat.partner)
    signed = signed_places(facts)
    ordered = sorted(places)
    known: set[tuple[bytes, str]] = set()
    for purpose, category in product(seat.purposes, tells):
        asked = []
        cells: list[tuple[Partner, Category, frozenset[Condition], bool]] = []
        for organisation_id, partner in ordered:
            flow = Exchange(organisation_id, category, seat.organisation_id, purpose, seat.partner)
            grounds = grounds_of(facts, partner, flow, today)
            if category == HELP_INVOLVED or grounds.release is not None:
                is_party = (organisation_id, partner) in signed
                asked.append((organisation_id, partner))
                cells.append((Partner(partner), Category(category), grounds.met, is_party))
        situation = situation_of(facts, consumer, purpose, today)
        decisions = decide_screen(table, situation, cells)
        known |= {one for one, found in zip(asked, decisions, strict=True) if found.is_allowed}
    return known
