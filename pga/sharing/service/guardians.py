"""Holders of parental authority and guardians: who must answer a release (gezag, voogdij; R-23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from audit.entries import Action
from config.database import db
from config.errors import InvalidInputError
from config.ids import new_id
from pga.agreements.queries import table_of
from pga.cases import service as cases
from pga.policy.sections import SectionState, sections
from pga.records import service as records
from pga.sharing import queries
from pga.sharing.models import GuardianRelation
from pga.sharing.rules import Guardian, GuardianKind
from pga.sharing.service.changes import Act, Desk, require_exchange, write
from pga.sharing.service.judge import situation_of

FAMILY: Mapping[str, str] = {"youth": "D03", "money_mule": "G02"}
CLOSED = frozenset({SectionState.NEVER, SectionState.CUT_BY_LAW})


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
    """Record a holder of parental authority or guardian; the name is sealed.

    Raises InvalidInputError for a source that was looked at on a day to come.
    """
    require_exchange(desk)
    if new.checked_on > desk.today:
        raise InvalidInputError({"checked_on": ["Choose today or a day before."]})
    named = records.Create(
        category=FAMILY[desk.facts.case.track],
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


def known_guardians(desk: Desk) -> Sequence[GuardianRelation]:
    """List who must answer a release, for a seat to which the agreement may ever open family data.

    To all others that there is a guardian says too much; they leave those answers to others.
    """
    consumer = (desk.seat.organisation_id, desk.seat.partner)
    situation = situation_of(desk.facts, consumer, desk.seat.purpose, desk.today)
    family = FAMILY[desk.facts.case.track]
    state = next(
        section.state
        for section in sections(table_of(desk.facts.agreement), situation)
        if section.category == family
    )
    return [] if state in CLOSED else queries.guardians_of(desk.facts.case.id)
