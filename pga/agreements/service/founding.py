"""Agreements that are there from the start: taken in, signed and in force by the installation.

So the fictional region and the tests begin with agreements that hold. People go the whole way by
`life` and `signing`; both leave the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from audit.entries import Actor
from config import clock
from config.database import db, transaction
from config.errors import ConflictError
from config.ids import new_id
from pga.agreements import library, queries
from pga.agreements.editions import catalogue_in_force
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.rules import Need, Step
from pga.agreements.service.life import AgreementNotReadyError, bring_into_force
from pga.agreements.service.recording import enter, hold, step_row
from pga.agreements.service.standing import see
from pga.policy.document import parse
from pga.policy.guardrails import GuardrailError, prove_table
from pga.policy.writing import hash_of

ADOPTED: Final = "adopt"
IMPORTED: Final = "import"


class AlreadyThereError(ConflictError):
    """A version of the same number is there already, of the same place and track."""

    code = "already-there"
    message = "Version %(version)s of this place and track is there already."


@dataclass(frozen=True, slots=True)
class PartyToSign:
    """An organisation that is to sign, as which kind of partner."""

    organisation_id: bytes
    partner: str


def take_in(text: str, actor: Actor) -> Agreement:
    """Take a file in as a draft, word for word; a draft may break a limit.

    A local one follows the model it is derived from, when that is there. Raises DocumentError for
    a text that cannot be read, and AlreadyThereError.
    """
    document = parse(text)
    header, track = document.agreement, document.tracks[0]
    beside = queries.shelf({header.municipality, ""})
    if any(
        (one.municipality, one.track, one.version) == (header.municipality, track, header.version)
        for one in beside
    ):
        raise AlreadyThereError(version=header.version)
    agreement = Agreement(
        id=new_id(),
        municipality=header.municipality,
        track=track,
        name=header.name,
        version=header.version,
        state=AgreementState.DRAFT,
        document=text,
        policy_hash=hash_of(document),
        valid_from=header.valid_from,
        valid_until=header.valid_until,
        model_id=_model_named(header.derived_from, track, beside),
        created_at=clock.now(),
        epoch=1,
    )
    with transaction():
        db.session.add(agreement)
        db.session.flush()
        db.session.add(step_row(agreement, IMPORTED, AgreementState.DRAFT, actor))
        db.session.flush()
        enter(agreement, actor, IMPORTED)
    return agreement


def _model_named(derived_from: str, track: str, beside: Sequence[Agreement]) -> bytes | None:
    """Find the model that a header names, by its name and version."""
    return next(
        (
            one.id
            for one in beside
            if not one.municipality
            and one.track == track
            and f"{one.name} {one.version}" == derived_from
        ),
        None,
    )


def publish_library(actor: Actor) -> list[Agreement]:
    """Publish the models of the library that are not there yet; give those that came.

    A model that the advisers keep since then is left alone.
    """
    kept = {one.track for one in queries.shelf({""})}
    found = []
    for track in library.MODELS:
        if track not in kept:
            model = take_in(library.model_text(track), actor)
            bring_into_force(model, actor, Step.PUBLISH_MODEL)
            found.append(model)
    return found


def adopt(
    text: str,
    parties: Sequence[PartyToSign],
    actor: Actor,
) -> Agreement:
    """Take a version of an agreement into the product, ready for signing.

    The text is the agreement; it follows the model it is derived from. Raises DocumentError for a
    text that cannot be read and AgreementNotReadyError when a guardrail refuses a cell: there are
    no waivers.
    """
    document = parse(text)
    try:
        table = queries.compiled(text, catalogue_in_force())
    except GuardrailError as error:
        raise AgreementNotReadyError([Need.LIMITS_PROVEN]) from error
    if prove_table(table):
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
        model_id=_model_named(
            document.agreement.derived_from, document.tracks[0], queries.shelf({""})
        ),
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
