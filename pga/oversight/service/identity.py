"""The name of one young person, for an officer who must know it: with reason, entry and receipt.

OVERSIGHT opens D01 (G01 in the money-mule track) one person at a time, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit import gate
from audit.entries import Action, Entry, Kind, Line
from config import clock
from pga.dossier.rules import ItemKind
from pga.oversight.queries import CaseName
from pga.oversight.rules import LookReason
from pga.oversight.service.bench import Bench, bench_for
from pga.oversight.service.looking import may_oversee, outside
from pga.policy.codes import IDENTITY, Track
from pga.records import service as records
from pga.records.errors import StaleDecisionError
from pga.records.models import SealedItem
from pga.sharing.queries import CaseFacts, load_facts

NAME_PARTS = ("first_name", "prefix", "surname")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a case is about; empty when nobody recorded it yet."""

    case: CaseName
    name: str
    born_on: date | None


def reveal(found: Sequence[Bench], case_id: bytes, reason: LookReason) -> Identity:
    """Open the name and birth date of the youth of one case, entered before it is opened.

    Raises NotFoundError, after one entry, for a case outside every bench, real or not.
    """
    bench = bench_for(found, case_id) or outside(found[0].viewer, case_id)
    try:
        return _reveal(bench, case_id, reason)
    except StaleDecisionError:
        return _reveal(bench, case_id, reason)


def _reveal(bench: Bench, case_id: bytes, reason: LookReason) -> Identity:
    """Decide, enter and open once; raises StaleDecisionError when the facts moved meanwhile."""
    facts = load_facts([case_id], clock.today())[case_id]
    track = Track(facts.case.track)
    category = IDENTITY[track]
    decision = may_oversee(bench, category, track)
    item = _newest(facts, category)
    line = Line(
        provider=item.owner_partner if item else "",
        category=category,
        decision="allowed",
        rule=decision.rule,
        code=decision.code,
        items=(item.id.hex(),) if item else (),
    )
    entry = Entry(
        action=Action.OVERSEE,
        actor=bench.actor,
        object=case_id.hex(),
        kind=Kind.OPENED,
        case_id=case_id.hex(),
        subjects=(facts.case.subject_id.hex(),),
        lines=(line,),
        agreement_version=facts.agreement.version,
        policy_hash=facts.agreement.policy_hash,
        case_epoch=facts.case_epoch,
        agreement_epoch=facts.agreement_epoch,
        reason=reason,
    )
    receipt = gate.record(entry)
    case = bench.cases[case_id.hex()]
    if item is None:
        return Identity(case, "", None)
    opened = records.open_items([records.Opening(receipt, entry, case_id, [item])])
    content = opened.whole()[item.id]
    name = " ".join(str(content.get(part, "")).strip() for part in NAME_PARTS)
    return Identity(case, " ".join(name.split()), _day(str(content.get("born_on", ""))))


def _newest(facts: CaseFacts, category: str) -> SealedItem | None:
    """Find the newest record of who the youth is: no other text of that category is opened."""
    records_of_identity = (
        item
        for item in facts.items
        if item.kind == ItemKind.IDENTITY and item.category == category and item.status == "current"
    )
    return max(records_of_identity, key=lambda item: (item.created_at, item.id), default=None)


def _day(text: str) -> date | None:
    """Read a birth date; None when it is not known."""
    return date.fromisoformat(text) if text else None
