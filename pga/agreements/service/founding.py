"""Agreements that are there from the start: taken in, signed and in force by the installation.

So the fictional region and the tests begin with agreements that hold. People go the whole way by
`life` and `signing`; both leave the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.entries import Actor
from config import clock
from config.database import db, transaction
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.rules import Need, Step
from pga.agreements.service.life import AgreementNotReadyError, bring_into_force
from pga.agreements.service.recording import enter, hold, step_row
from pga.agreements.service.standing import see
from pga.policy.document import parse
from pga.policy.guardrails import prove

ADOPTED = "adopt"


@dataclass(frozen=True, slots=True)
class PartyToSign:
    """An organisation that is to sign, as which kind of partner."""

    organisation_id: bytes
    partner: str


def adopt(
    text: str,
    parties: Sequence[PartyToSign],
    actor: Actor,
    *,
    model_id: bytes | None = None,
) -> Agreement:
    """Take a version of an agreement into the product, ready for signing.

    The text is the agreement. Raises DocumentError for a text that cannot be read and
    AgreementNotReadyError when a guardrail refuses a cell: there are no waivers.
    """
    document = parse(text)
    table = queries.compiled(text)
    if prove(document, table):
        raise AgreementNotReadyError([Need.LIMITS_PROVEN])
    agreement = Agreement(
        id=new_id(),
        municipality=document.agreement.municipality,
        track=document.tracks[0],
        name=document.agreement.name,
        version=document.agreement.version,
        state=AgreementState.SIGNING,
        document=text,
        policy_hash=table.policy_hash,
        valid_from=document.agreement.valid_from,
        valid_until=document.agreement.valid_until,
        created_at=clock.now(),
        model_id=model_id,
        epoch=1,
    )
    with transaction():
        db.session.add(agreement)
        db.session.flush()
        db.session.add(step_row(agreement, ADOPTED, AgreementState.SIGNING, actor))
        db.session.add_all(
            Party(
                id=new_id(),
                agreement_id=agreement.id,
                organisation_id=party.organisation_id,
                partner=party.partner,
            )
            for party in parties
        )
        db.session.flush()
        enter(agreement, actor, ADOPTED)
    return agreement


def sign(party: Party, agreement: Agreement, name: str, capacity: str, actor: Actor) -> None:
    """Record that a party signed a version, by whom and in which capacity."""
    with transaction():
        hold(agreement)
        party.signed_on = clock.today()
        party.signed_by = name
        party.signed_as = capacity
        db.session.flush()
        enter(agreement, actor, "sign", facts={"partner": party.partner})


def activate(agreement: Agreement, actor: Actor) -> None:
    """Bring a version into force when those without whom it cannot have signed.

    Raises AgreementNotReadyError when a signature is missing.
    """
    if see(agreement).standing.unsigned:
        raise AgreementNotReadyError([Need.MINIMUM_SIGNED])
    bring_into_force(agreement, actor, Step.ACTIVATE)


def end(agreement: Agreement, state: AgreementState, actor: Actor) -> None:
    """Suspend or terminate a version; every exchange under it is refused from the next request."""
    with transaction():
        hold(agreement, state=state, ended_at=clock.now())
        db.session.add(step_row(agreement, state, state, actor))
        db.session.flush()
        enter(agreement, actor, state)


def resume(agreement: Agreement, actor: Actor) -> None:
    """Bring a suspended version back into force."""
    with transaction():
        hold(agreement, state=AgreementState.ACTIVE, ended_at=None)
        db.session.add(step_row(agreement, Step.RESUME, AgreementState.ACTIVE, actor))
        db.session.flush()
        enter(agreement, actor, Step.RESUME)


def leave(party: Party, agreement: Agreement, on: date, actor: Actor) -> None:
    """Record that a party leaves an agreement on a day; from then on it gets nothing."""
    with transaction():
        hold(agreement)
        party.left_on = on
        db.session.flush()
        enter(agreement, actor, "leave", facts={"partner": party.partner})
