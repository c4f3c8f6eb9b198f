"""A draft on its way to coming into force: who takes which step, and who signs."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from auth.rules import Role
from config import clock
from config.database import db, transaction
from pga.agreements import queries
from pga.agreements.models import Agreement, Capacity, Party
from pga.agreements.rules import Step
from pga.agreements.service import checking, life, parties, signing
from pga.agreements.service.recording import Given
from pga.agreements.service.signing import Statement
from pga.agreements.service.standing import see
from pga.policy.document import dump, parse
from pga.policy.terms import AgreementDocument
from pga.policy.writing import hash_of
from tests.agreements.drafts import LAWYER, LEAD, Who, desk, drafted
from tests.factories.scene import Scene

SECOND: Final[Who] = ("GPR", "Second", Role.PROCESS_LEAD)
MAYOR: Final[Who] = ("GPR", "Mayor", Role.SIGNATORY)
MAYOR_ALONE: Final[Who] = ("BUR", "Mayor alone", Role.SIGNATORY)
CHIEF: Final[Who] = ("POL", "Chief", Role.SIGNATORY)
PROSECUTOR: Final[Who] = ("OM", "Chief prosecutor", Role.SIGNATORY)
SCHOOL_HEAD: Final[Who] = ("SCH", "Head", Role.SIGNATORY)
MINIMUM: Final = {"GPR": MAYOR, "POL": CHIEF, "OM": PROSECUTOR}
INVITED: Final = ("GPR", "GCR", "BUR", "POL", "OM", "SCH")
WHY: Final = Given(remark="because")


@dataclass(frozen=True, slots=True)
class Lived:
    """The ids of a model, of a version on its way, and of the version in force now."""

    model: bytes
    draft: bytes
    running: bytes


def dpia() -> Given:
    """What is filled in when a DPIA is recorded."""
    return Given("DPIA-2026-7", clock.today(), "low", "The officer advises to go on.")


def take(scene: Scene, who: Who, agreement_id: bytes, step: Step, given: Given = WHY) -> None:
    """Let somebody take a step."""
    life.take(desk(scene, who, agreement_id), step, given)


def fresh(agreement_id: bytes) -> Agreement:
    """Read a version as it is now."""
    return queries.agreements_by_id([agreement_id])[agreement_id]


def made(scene: Scene) -> Lived:
    """Make a draft, with the people who bring it into force."""
    found = drafted(scene)
    for who in (SECOND, MAYOR, MAYOR_ALONE, CHIEF, PROSECUTOR, SCHOOL_HEAD):
        scene.who(*who)
    with transaction():
        db.session.get_one(Agreement, found.draft).valid_from = clock.today()
    return Lived(found.model, found.draft, found.running)


def in_check(scene: Scene) -> Lived:
    """Bring a draft to the legal check."""
    lived = made(scene)
    take(scene, LEAD, lived.draft, Step.TO_LEGAL_CHECK)
    return lived


def in_signing(scene: Scene) -> Lived:
    """Bring a draft to signing, with organisations named for the parties."""
    lived = in_check(scene)
    take(scene, LEAD, lived.draft, Step.RECORD_DPIA, dpia())
    for partner in INVITED:
        parties.name_party(desk(scene, LEAD, lived.draft), partner, scene.organisation(partner))
    take(scene, LEAD, lived.draft, Step.OPEN_SIGNING)
    return lived


def signed(scene: Scene) -> Lived:
    """Let everybody sign without whom it cannot come into force."""
    lived = in_signing(scene)
    for partner, who in MINIMUM.items():
        sign(scene, who, lived.draft, partner)
    return lived


def party(agreement_id: bytes, partner: str) -> Party:
    """Read a party of a version."""
    found = queries.parties_of([agreement_id])[agreement_id]
    return next(one for one in found if one.partner == partner)


def statement(agreement_id: bytes, partner: str = "GPR") -> Statement:
    """What somebody states who signs as the body itself, having read the text as it is now."""
    capacity = Capacity.MAYOR if partner in {"GPR", "GCR"} else Capacity.BODY
    return Statement(signing.hash_of_text(fresh(agreement_id)), capacity, "function")


def sign(scene: Scene, who: Who, agreement_id: bytes, partner: str) -> None:
    """Let somebody sign for a party, in the capacity of the body itself."""
    signing.sign(
        desk(scene, who, agreement_id),
        party(agreement_id, partner).id,
        statement(agreement_id, partner),
        lambda: "totp",
    )


def confirm_all(scene: Scene, agreement_id: bytes, who: Who = LAWYER) -> None:
    """Let a lawyer confirm every clause."""
    at = desk(scene, who, agreement_id)
    checking.confirm(at, [one.hash for one in see(at.agreement).clauses])


def rewrite(agreement_id: bytes, document: AgreementDocument) -> None:
    """Put another text in a version, whatever its state."""
    with transaction():
        row = db.session.get_one(Agreement, agreement_id)
        row.document = dump(document)
        row.policy_hash = hash_of(document)


def text_of(agreement_id: bytes) -> AgreementDocument:
    """Read what a version says."""
    return parse(fresh(agreement_id).document)


def ending_on(agreement_id: bytes, day: date) -> None:
    """Let the term of a version end on a day."""
    document = text_of(agreement_id)
    first = min(day, clock.today())
    header = replace(document.agreement, valid_from=first, valid_until=day, evaluation=day)
    rewrite(agreement_id, replace(document, agreement=header))
    with transaction():
        db.session.get_one(Agreement, agreement_id).valid_until = day
