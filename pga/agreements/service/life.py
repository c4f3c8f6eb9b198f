"""Changes of agreements: adopt a version, sign it, activate, suspend and end it.

Every change is an entry in the log before it is committed, and raises the epoch of the version.
"""

from dataclasses import dataclass
from datetime import date

from audit import gate
from audit.entries import Action, Actor, Entry
from config import clock
from config.database import db, transaction
from config.errors import ApplicationError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Party
from pga.policy.document import parse
from pga.policy.guardrails import prove


class AgreementNotReadyError(ApplicationError):
    """A version misses what it needs to come into force."""

    status = 422
    code = "agreement-not-ready"
    message = "This agreement cannot come into force yet."


@dataclass(frozen=True, slots=True)
class PartyToSign:
    """An organisation that is to sign, as which kind of partner."""

    organisation_id: bytes
    partner: str


def adopt(text: str, parties: list[PartyToSign], actor: Actor) -> Agreement:
    """Take a version of an agreement into the product, ready for signing.

    The text is the agreement. Raises DocumentError for a text that cannot be read and
    AgreementNotReadyError when a guardrail refuses a cell: there are no waivers.
    """
    document = parse(text)
    table = queries.compiled(text)
    if prove(document, table):
        raise AgreementNotReadyError
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
        epoch=1,
    )
    _enter(agreement, actor, "adopted")
    with transaction():
        db.session.add(agreement)
        db.session.add_all(
            Party(
                id=new_id(),
                agreement_id=agreement.id,
                organisation_id=party.organisation_id,
                partner=party.partner,
            )
            for party in parties
        )
    return agreement


def sign(party: Party, agreement: Agreement, name: str, capacity: str, actor: Actor) -> None:
    """Record that a party signed a version, by whom and in which capacity."""
    _enter(agreement, actor, "signed")
    with transaction():
        party.signed_on = clock.today()
        party.signed_by = name
        party.signed_as = capacity
        agreement.epoch = Agreement.epoch + 1


def activate(agreement: Agreement, actor: Actor) -> None:
    """Bring a version into force; the municipality and the police must have signed.

    A version in force for the same place and track is superseded; its cases keep it pinned.
    Raises AgreementNotReadyError when a signature is missing.
    """
    today = clock.today()
    signed = {
        party.partner
        for party in queries.parties_of([agreement.id])[agreement.id]
        if queries.has_signed(party, today)
    }
    if not {"GPR", "POL"} <= signed:
        raise AgreementNotReadyError
    before = queries.in_force(agreement.municipality, agreement.track, today)
    _enter(agreement, actor, "activated")
    with transaction():
        if before is not None and before.id != agreement.id:
            _end(before, AgreementState.SUPERSEDED)
        agreement.state = AgreementState.ACTIVE
        agreement.activated_at = clock.now()
        agreement.epoch = Agreement.epoch + 1


def end(agreement: Agreement, state: AgreementState, actor: Actor) -> None:
    """Suspend or terminate a version; every exchange under it is refused from the next request."""
    _enter(agreement, actor, state)
    with transaction():
        _end(agreement, state)


def resume(agreement: Agreement, actor: Actor) -> None:
    """Bring a suspended version back into force."""
    _enter(agreement, actor, "resumed")
    with transaction():
        agreement.state = AgreementState.ACTIVE
        agreement.epoch = Agreement.epoch + 1


def leave(party: Party, agreement: Agreement, on: date, actor: Actor) -> None:
    """Record that a party leaves an agreement on a day; from then on it gets nothing."""
    _enter(agreement, actor, "left")
    with transaction():
        party.left_on = on
        agreement.epoch = Agreement.epoch + 1


def _end(agreement: Agreement, state: AgreementState) -> None:
    """Put a version out of force."""
    agreement.state = state
    agreement.ended_at = clock.now()
    agreement.epoch = Agreement.epoch + 1


def _enter(agreement: Agreement, actor: Actor, what: str) -> None:
    """Write the entry of a change before it is made."""
    gate.record(
        Entry(
            action=Action.AGREEMENT_CHANGE,
            actor=actor,
            object=agreement.id.hex(),
            agreement_version=agreement.version,
            policy_hash=agreement.policy_hash,
            facts={"change": what, "municipality": agreement.municipality},
        )
    )
