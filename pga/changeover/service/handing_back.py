"""Handing back: a party that left takes its own contributions with it.

Own items only, each case with its entry and receipt before anything is opened, as every read. The
signatory acts for the organisation, whose items they are (R-28, AVG 26); no agreement and no seat
in a case is needed for what is one's own (R-01), a recorded departure is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from audit import gate
from audit.entries import Action, Actor, Entry, Kind, Line
from config import clock
from config.errors import ForbiddenError
from pga.changeover import queries
from pga.changeover.queries import Whose
from pga.changeover.service.departures import Left
from pga.changeover.service.places import actor_at
from pga.policy.decide import owner_decision
from pga.records import service as records
from pga.records.errors import StaleDecisionError
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts, load_facts
from pga.sharing.service.disclose import OpenItem
from pga.sharing.service.seats import Viewer

AT_ONCE = 50
"""Cases that are opened together: a receipt is good for half a minute."""


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What a party brought to one case; `faulty` counts what is not as it was written."""

    number: str
    state: str
    items: Sequence[OpenItem]
    faulty: int = 0


@dataclass(slots=True)
class Package:
    """All that a party brought; `left_out` are cases that cannot be opened."""

    cases: list[OwnCase] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def hand_back(viewer: Viewer, left: Left) -> Package:
    """Open everything a party brought, in memory, for who signs for it.

    Raises ForbiddenError for anybody else, and StoreUnavailableError when the log cannot be
    written: then nothing is given.
    """
    if left.place is None:
        raise ForbiddenError
    hands = Hands(actor_at(viewer, left.place), left.place.membership_id.hex(), left.whose)
    package = Package()
    case_ids = list(queries.cases_with_own_items(left.whose))
    for start in range(0, len(case_ids), AT_ONCE):
        _add(package, hands, case_ids[start : start + AT_ONCE])
    package.cases.sort(key=lambda one: one.number)
    return package


@dataclass(frozen=True, slots=True)
class Hands:
    """Into whose hands, for whom."""

    actor: Actor
    membership: str
    whose: Whose


def _add(package: Package, hands: Hands, case_ids: Sequence[bytes]) -> None:
    """Open own items of some cases; a case that gives nothing is named and left out."""
    try:
        _open(package, hands, case_ids)
    except StaleDecisionError:
        _open(package, hands, case_ids)


def _open(package: Package, hands: Hands, case_ids: Sequence[bytes]) -> None:
    """Decide, enter and open once; raises StaleDecisionError when the facts moved meanwhile."""
    found = load_facts(case_ids, clock.today())
    own = {case_id: _own_items(facts, hands.whose) for case_id, facts in found.items()}
    entries = {case_id: _entry(found[case_id], own[case_id], hands) for case_id in own}
    receipts = gate.record_many(list(entries.values()))
    opened = records.open_items(
        records.Opening(receipt, entry, case_id, own[case_id])
        for receipt, (case_id, entry) in zip(receipts, entries.items(), strict=True)
    )
    owner = (hands.whose.organisation_id, hands.whose.partner)
    package.left_out.extend(sorted(found[case_id].case.number for case_id in opened.failed))
    package.cases.extend(
        OwnCase(
            facts.case.number,
            facts.case.state,
            [
                OpenItem(row, content, owner_decision(), None, is_own=True, owner=owner)
                for row in own[case_id]
                if (content := opened.contents.get(row.id)) is not None
            ],
            sum(row.id in opened.faulty for row in own[case_id]),
        )
        for case_id, facts in found.items()
        if case_id not in opened.failed
    )


def _own_items(facts: CaseFacts, whose: Whose) -> list[SealedItem]:
    """List what a party brought to a case, oldest first, also what it withdrew."""
    own = [
        item
        for item in facts.items
        if (item.owner_organisation_id, item.owner_partner)
        == (whose.organisation_id, whose.partner)
    ]
    return sorted(own, key=lambda item: (item.created_at, item.id))


def _entry(facts: CaseFacts, items: Sequence[SealedItem], hands: Hands) -> Entry:
    """Write the entry of one case: own items of each category, exported by their owner."""
    by_category: dict[str, list[str]] = defaultdict(list)
    for item in items:
        by_category[item.category].append(item.id.hex())
    decision = owner_decision()
    return Entry(
        action=Action.CONSULT,
        kind=Kind.EXPORTED,
        actor=hands.actor,
        object=facts.case.id.hex(),
        case_id=facts.case.id.hex(),
        subjects=(facts.case.subject_id.hex(),),
        lines=tuple(
            Line(
                hands.whose.partner,
                category,
                "allowed",
                decision.rule,
                decision.code,
                tuple(sorted(ids)),
            )
            for category, ids in sorted(by_category.items())
        ),
        agreement_version=facts.agreement.version,
        policy_hash=facts.agreement.policy_hash,
        case_epoch=facts.case_epoch,
        agreement_epoch=facts.agreement_epoch,
        reason="departure",
        facts={"membership": hands.membership},
    )
