"""New drafts: from a regional model, or as the next version of an agreement."""

from dataclasses import dataclass, replace
from datetime import date

from audit import gate
from audit.entries import Action, Actor, Entry
from config import clock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.service.desk import DRAFTERS, Colleague, Desk
from pga.agreements.texts import table_of_text
from pga.policy.derive import LocalTerms, derive
from pga.policy.document import dump
from pga.policy.terms import AgreementDocument
from pga.policy.writing import hash_of


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a new draft is called and when it is to hold; `valid_until` includes its day."""

    name: str
    version: str
    valid_from: date
    valid_until: date
    evaluation: date

    def check(self) -> None:
        """Refuse days that contradict each other; raises InvalidInputError."""
        if self.valid_until < self.valid_from:
            raise InvalidInputError({"valid_until": ["This day lies before the first day."]})
        if not self.valid_from <= self.evaluation <= self.valid_until:
            raise InvalidInputError({"evaluation": ["Choose a day within the term."]})


def derive_from_model(
    colleague: Colleague, model_id: bytes, municipality: str, terms: NewTerms
) -> Agreement:
    """Start the agreement of a municipality from a model in force; nothing deviates yet.

    Raises NotFoundError for a model that is not in force, ForbiddenError for another municipality.
    """
    terms.check()
    seats = colleague.seats(municipality, DRAFTERS) if municipality else []
    if not seats:
        raise ForbiddenError
    model = queries.agreements_by_id([model_id]).get(model_id)
    if model is None or model.municipality or model.state != AgreementState.ACTIVE:
        raise NotFoundError
    source = table_of_text(model.document).document
    local = LocalTerms(
        name=terms.name,
        municipality=municipality,
        version=terms.version,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        evaluation=terms.evaluation,
        parties=source.parties,
    )
    return _start(derive(source, local), colleague.actor(seats[0]), "derived", model_id=model.id)


def new_version_of(desk: Desk, terms: NewTerms) -> Agreement:
    """Start the next version of an agreement or of a model, with the same text and parties.

    Nobody has signed it, and the version it follows holds on until the new one does. Raises
    InvalidInputError when the version is itself still a draft, or keeps its number.
    """
    terms.check()
    actor = desk.drafter()
    before = desk.agreement
    if before.state == AgreementState.DRAFT:
        raise InvalidInputError({"version": ["This version is still a draft: change it instead."]})
    if terms.version == before.version:
        raise InvalidInputError({"version": ["Give the new version another number."]})
    document = table_of_text(before.document).document
    header = replace(
        document.agreement,
        name=terms.name,
        version=terms.version,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        evaluation=terms.evaluation,
    )
    return _start(
        replace(document, agreement=header),
        actor,
        "new_version",
        model_id=before.model_id,
        previous=before,
    )


def _start(
    document: AgreementDocument,
    actor: Actor,
    how: str,
    *,
    model_id: bytes | None,
    previous: Agreement | None = None,
) -> Agreement:
    """Store a draft, its entry in the log first; parties come along without their signature."""
    header = document.agreement
    draft = Agreement(
        id=new_id(),
        municipality=header.municipality,
        track=document.tracks[0],
        name=header.name,
        version=header.version,
        state=AgreementState.DRAFT,
        document=dump(document),
        policy_hash=hash_of(document),
        valid_from=header.valid_from,
        valid_until=header.valid_until,
        epoch=1,
        revision=0,
        model_id=model_id,
        previous_id=None if previous is None else previous.id,
        created_at=clock.now(),
    )
    parties = [] if previous is None else queries.parties_of([previous.id])[previous.id]
    gate.record(
        Entry(
            action=Action.AGREEMENT_CHANGE,
            actor=actor,
            object=draft.id.hex(),
            agreement_version=draft.version,
            policy_hash=draft.policy_hash,
            facts={"change": how, "municipality": draft.municipality},
        )
    )
    with transaction():
        db.session.add(draft)
        db.session.flush()
        db.session.add_all(
            Party(
                id=new_id(),
                agreement_id=draft.id,
                organisation_id=party.organisation_id,
                partner=party.partner,
            )
            for party in parties
            if party.left_on is None
        )
    return draft
