"""Consent to voluntary help or taking part: a record of its own that opens nothing (R-24)."""

from datetime import date

from audit.entries import Action
from config import clock
from config.database import db
from config.errors import InvalidInputError, NotFoundError
from config.ids import new_id
from pga.sharing import queries
from pga.sharing.models import VoluntaryConsent
from pga.sharing.rules import LONGEST_RELEASE_DAYS
from pga.sharing.service.changes import Act, Desk, require_exchange, write
from pga.sharing.service.judge import signed_places
from pga.sharing.service.releases import TEXT_VERSION


def record_consent(
    desk: Desk, organisation_id: bytes, partner: str, way: str, valid_until: date
) -> VoluntaryConsent:
    """Record consent to voluntary help or taking part; it opens nothing (R-24).

    Raises InvalidInputError for an organisation that has not signed, and for a day that has passed
    or lies more than a year ahead (R-23).
    """
    require_exchange(desk)
    problems: dict[str, list[str]] = {}
    if (organisation_id, partner) not in signed_places(desk.facts):
        problems["provider"] = ["Choose an organisation that signed the agreement."]
    if valid_until < desk.today:
        problems["valid_until"] = ["Choose a day that has not passed."]
    elif (valid_until - desk.today).days > LONGEST_RELEASE_DAYS:
        problems["valid_until"] = ["Choose a day within a year from now."]
    if problems:
        raise InvalidInputError(problems)
    row = VoluntaryConsent(
        id=new_id(),
        case_id=desk.facts.case.id,
        organisation_id=organisation_id,
        partner=partner,
        way=way,
        text_version=TEXT_VERSION,
        given_on=desk.today,
        valid_until=valid_until,
        asked_by=desk.viewer.person_id,
        recorded_at=clock.now(),
    )

    def then() -> None:
        db.session.add(row)

    write(desk, Act(Action.CONSENT_SET, facts={"record": "voluntary"}), (), then)
    return row


def known_consents(desk: Desk) -> list[VoluntaryConsent]:
    """List the consents a seat may know of: those it asked for, and of its own organisation.

    That somebody gets help is itself secret (R-29).
    """
    return [
        row
        for row in queries.consents_of(desk.facts.case.id)
        if row.asked_by == desk.viewer.person_id or desk.seat.owns(row.organisation_id, row.partner)
    ]


def withdraw_consent(desk: Desk, consent_id: bytes) -> None:
    """Record that the youth no longer wants the voluntary help; never a reason for a sanction.

    Raises NotFoundError for a consent this seat may not know of, or that was withdrawn already.
    """
    row = next((c for c in known_consents(desk) if c.id == consent_id), None)
    if row is None or row.withdrawn_at is not None:
        raise NotFoundError

    def then() -> None:
        row.withdrawn_at = clock.now()
        row.withdrawn_by = desk.viewer.person_id

    write(desk, Act(Action.CONSENT_WITHDRAW, facts={"record": "voluntary"}), (), then)
