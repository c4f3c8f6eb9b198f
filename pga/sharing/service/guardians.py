"""Holders of parental authority and guardians: who must answer a release (gezag, voogdij; R-23)."""

from dataclasses import dataclass
from datetime import date

from audit.entries import Action
from config.database import db
from config.ids import new_id
from pga.cases import service as cases
from pga.records import service as records
from pga.sharing import queries
from pga.sharing.models import GuardianRelation
from pga.sharing.rules import Guardian, GuardianKind
from pga.sharing.service.changes import Act, Desk, require_exchange, write


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """Who holds authority over the youth, by which source, and when that was checked (R-23)."""

    kind: GuardianKind
    name: str
    source: str
    checked_on: date
    organisation_id: bytes | None = None
    is_disputed: bool = False


def add_guardian(desk: Desk, new: NewGuardian) -> Guardian:
    """Record a holder of parental authority or guardian; the name is sealed."""
    require_exchange(desk)
    named = records.Create(
        category="D03" if desk.facts.case.track == "youth" else "G02",
        kind="guardian",
        content={"name": new.name},
        owner_organisation_id=desk.seat.organisation_id,
        owner_partner=desk.seat.partner,
        author_person_id=desk.viewer.person_id,
        purpose=desk.seat.purpose,
    )
    row = GuardianRelation(
        id=new_id(),
        case_id=desk.facts.case.id,
        kind=new.kind,
        source=new.source,
        checked_on=new.checked_on,
        is_disputed=new.is_disputed,
        organisation_id=new.organisation_id,
        item_id=named.id,
    )

    def then() -> None:
        db.session.add(row)
        cases.touch(desk.facts.case)

    write(desk, Act(Action.UPDATE, facts={"record": "guardian"}), [named], then)
    return queries.guardian_fact(row)
