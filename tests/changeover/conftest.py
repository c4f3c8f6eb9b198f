"""A municipality with a version in force, one that is proposed, and the people who look at them."""

from dataclasses import dataclass

import pytest

from auth.models import Person
from auth.rules import Role
from config.database import db, transaction
from config.ids import new_id
from pga.agreements.models import Agreement
from tests.changeover.versions import current, signing
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import Scene, Staff
from tests.factories.snapshots import Played

PEOPLE = {
    "lead": ("GPR", "", Role.PROCESS_LEAD),
    "second lead": ("GPR", "Second", Role.PROCESS_LEAD),
    "lawyer": ("GPR", "Lawyer", Role.LAWYER),
    "officer": ("GPR", "Officer", Role.PRIVACY_OFFICER),
    "dpo": ("GPR", "Fg", Role.DPO),
    "lawyer of police": ("POL", "Lawyer", Role.LAWYER),
    "signatory of police": ("POL", "Signatory", Role.SIGNATORY),
    "professional": ("LPR", "", Role.PROFESSIONAL),
}


@dataclass(frozen=True, slots=True)
class Versions:
    """The version in force and the one that is being signed, by id."""

    source: bytes
    target: bytes


def proposed(scene: Scene) -> Versions:
    """Sign the next version, in which youth work sees education and police housing."""
    source = current(scene).id
    for key in PEOPLE:
        who(scene, key)
    return Versions(source, signing(scene).id)


def who(scene: Scene, key: str) -> Staff:
    """Give one of the people by what they are."""
    partner, name, role = PEOPLE[key]
    return scene.who(partner, name, role)


@dataclass(frozen=True, slots=True)
class Room:
    """The scene, its versions, and browsers in English."""

    played: Played[Versions]

    @property
    def scene(self) -> Scene:
        return self.played.scene

    @property
    def source(self) -> Agreement:
        return db.session.get_one(Agreement, self.played.made.source, populate_existing=True)

    @property
    def target(self) -> Agreement:
        return db.session.get_one(Agreement, self.played.made.target, populate_existing=True)

    def visitor(self, key: str) -> Visitor:
        """Give one of the people a browser in English."""
        return self.browser(who(self.scene, key))

    def browser(self, staff: Staff) -> Visitor:
        """Give somebody a browser in English."""
        with transaction():
            db.session.get_one(Person, staff.person_id).language = "en"
        return Visitor.signed_in(self.played.app, staff.person_id)


@pytest.fixture
def room(play: Play) -> Room:
    """The proposed version on SQLite."""
    return Room(play(proposed))


@pytest.fixture
def room_on(play: Play, database: str) -> Room:
    """The proposed version, once on each database."""
    return Room(play(proposed, database))


def unknown() -> str:
    """Give an id of nothing, in hex."""
    return new_id().hex()
