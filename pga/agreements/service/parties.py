"""Which organisations are to sign a version, and as which party."""

from collections.abc import Mapping, Sequence
from typing import Final

from audit.entries import Actor
from auth import queries as people
from auth.models import Organisation
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.service.desk import DRAFTERS, Desk
from pga.agreements.service.life import seat_for
from pga.agreements.service.recording import enter, hold
from pga.agreements.texts import table_of_text
from pga.policy.codes import Partner

OPEN_FOR_PARTIES: Final = frozenset(
    {
        *(AgreementState.DRAFT, AgreementState.LEGAL_CHECK, AgreementState.DPIA_DONE),
        *(AgreementState.SIGNING, AgreementState.ACTIVE),
    }
)
"""While it is made, and later by accession: who signs after that takes part from then on."""


def candidates(agreement: Agreement, parties: Sequence[Party]) -> Mapping[str, list[Organisation]]:
    """List by party of the text which organisations can still be named for it."""
    document = table_of_text(agreement.document).document
    named = {(one.partner, one.organisation_id) for one in parties if one.left_on is None}
    known = people.organisations()
    return {
        partner: [
            one for one in known if partner in one.partners and (partner, one.id) not in named
        ]
        for partner in dict.fromkeys(str(party.partner) for party in document.parties)
    }


def may_name(desk: Desk) -> bool:
    """Tell whether this person may name who is to sign."""
    return (
        not desk.is_model
        and desk.agreement.state in OPEN_FOR_PARTIES
        and seat_for(desk, DRAFTERS) is not None
    )


def name_party(desk: Desk, partner: str, organisation_id: bytes) -> None:
    """Name an organisation that is to sign as a party of the text.

    Raises ForbiddenError, and InvalidInputError for one that cannot be this party.
    """
    seat = _seat(desk)
    agreement = desk.agreement
    parties = queries.parties_of([agreement.id])[agreement.id]
    possible = candidates(agreement, parties).get(partner, [])
    if organisation_id not in {one.id for one in possible}:
        raise InvalidInputError({"organisation": ["This organisation cannot be this party."]})
    with transaction():
        hold(agreement)
        db.session.add(
            Party(
                id=new_id(),
                agreement_id=agreement.id,
                organisation_id=organisation_id,
                partner=Partner(partner),
            )
        )
        db.session.flush()
        enter(
            agreement,
            seat,
            "name_party",
            facts={"partner": partner, "organisation": organisation_id.hex()},
        )


def drop_party(desk: Desk, party_id: bytes) -> None:
    """Take back that an organisation is to sign, as long as it has not.

    Raises ForbiddenError, NotFoundError, and InvalidInputError for a party that signed.
    """
    seat = _seat(desk)
    agreement = desk.agreement
    parties = queries.parties_of([agreement.id])[agreement.id]
    party = next((one for one in parties if one.id == party_id), None)
    if party is None:
        raise NotFoundError
    if party.signed_on is not None:
        raise InvalidInputError({"": ["This party has signed. A party that signed leaves."]})
    with transaction():
        hold(agreement)
        db.session.delete(party)
        db.session.flush()
        enter(agreement, seat, "drop_party", facts={"partner": party.partner})


def _seat(desk: Desk) -> Actor:
    """Say who names parties, for the log; raises ForbiddenError."""
    seat = seat_for(desk, DRAFTERS)
    if seat is None or not may_name(desk):
        raise ForbiddenError
    return desk.colleague.actor(seat)
