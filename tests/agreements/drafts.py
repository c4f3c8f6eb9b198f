"""A municipality that drafts: a model in force, a draft derived from it, and who works on it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from auth import queries as people
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.ids import new_id
from pga.agreements import library, queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.service.desk import Colleague, Desk, sit_down
from pga.agreements.service.starting import NewTerms, derive_from_model
from pga.policy.codes import Track
from pga.policy.document import dump
from pga.policy.terms import AgreementDocument
from pga.policy.writing import hash_of
from tests.factories.scene import TOWN, Scene, Staff

LEAD = ("GPR", "", Role.PROCESS_LEAD)
LAWYER = ("GPR", "Lawyer", Role.LAWYER)
OFFICER = ("GPR", "Officer", Role.PRIVACY_OFFICER)
ADVISER = ("ZVH", "Adviser", Role.REGIONAL_ADVISER)
POLICE = ("POL", "", Role.PROFESSIONAL)
Who = tuple[str, str, Role]


@dataclass(frozen=True, slots=True)
class Drafted:
    """The ids of a model in force, of the draft derived from it, and of what is in force now."""

    model: bytes
    draft: bytes
    running: bytes


def drafted(scene: Scene) -> Drafted:
    """Publish a model and derive a draft from it, beside the agreement in force."""
    bare = bare_model()
    model = publish(bare, dump(bare))
    for who in (LEAD, LAWYER, OFFICER, ADVISER, POLICE):
        scene.who(*who)
    draft = derive_from_model(colleague(scene, LEAD), model, TOWN, new_terms("2027.1"))
    running = queries.in_force(TOWN, Track.YOUTH, clock.today())
    assert running is not None
    return Drafted(model, draft.id, running.id)


def bare_model() -> AgreementDocument:
    """Give the model for youth without its examples, so that a test has those it writes alone."""
    return replace(library.model(Track.YOUTH), examples=())


def publish(document: AgreementDocument, text: str, later: timedelta = timedelta(0)) -> bytes:
    """Put a regional model in force, perhaps made later than now; give its id."""
    row = Agreement(
        id=new_id(),
        municipality="",
        track=document.tracks[0],
        name=document.agreement.name,
        version=document.agreement.version,
        state=AgreementState.ACTIVE,
        document=text,
        policy_hash=hash_of(document),
        valid_from=document.agreement.valid_from,
        valid_until=document.agreement.valid_until,
        created_at=clock.now() + later,
    )
    row_id = row.id
    with transaction():
        db.session.add(row)
    return row_id


def new_terms(version: str) -> NewTerms:
    """Terms of a draft that starts in a month and holds for two years."""
    first = clock.today() + timedelta(days=30)
    return NewTerms(
        "Samenwerkingsafspraken jeugd",
        version,
        first,
        first + timedelta(days=730),
        first + timedelta(days=365),
    )


def staff(scene: Scene, who: Who) -> Staff:
    """Give somebody of the municipality that drafts."""
    return scene.who(*who)


def colleague(scene: Scene, who: Who) -> Colleague:
    """Let somebody come to work on agreements."""
    person_id = scene.who(*who).person_id
    held = people.live_memberships(person_id, clock.today())
    return Colleague(person_id, "5e55", "password", tuple(held))


def desk(scene: Scene, who: Who, agreement_id: bytes) -> Desk:
    """Let somebody sit down at a version."""
    return sit_down(colleague(scene, who), agreement_id)


def set_state(agreement_id: bytes, state: AgreementState) -> None:
    """Bring a version in a state, whatever stands before it."""
    with transaction():
        db.session.get_one(Agreement, agreement_id).state = state
