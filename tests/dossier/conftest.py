"""A worked case with everybody at the table, and visitors who open and post its pages."""

from dataclasses import dataclass, field

import pytest

from auth.models import Person
from auth.rules import Role
from config.database import db, transaction
from pga.dossier.service import steps
from pga.sharing.service.changes import sit_down
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def worked(scene: Scene) -> bytes:
    """Play a case to its plan, with police, school and mental health care."""
    case_id = scene.case("POL", "SCH", "GGZ")
    scene.bring("LPR", case_id, "D04", "absent on Mondays")
    scene.who("GPR", "Officer", Role.PRIVACY_OFFICER)
    scene.who("LPR", "Colleague")
    scene.who("WOC")
    return case_id


def started(scene: Scene) -> bytes:
    """Send a signal that waits for the process lead."""
    case_id = scene.signal()
    scene.who("GPR", "Officer", Role.PRIVACY_OFFICER)
    return case_id


@dataclass(slots=True)
class Table:
    """A case with the people who sit at its table, each with a browser."""

    played: Played[bytes]
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def scene(self) -> Scene:
        return self.played.scene

    @property
    def case_id(self) -> bytes:
        return self.played.made

    @property
    def path(self) -> str:
        return f"/cases/{self.case_id.hex()}"

    def visitor(self, partner: str, name: str = "") -> Visitor:
        """Give somebody at the table a browser in which they are signed in."""
        key = f"{partner}/{name}"
        if key not in self.visitors:
            staff = self.scene.who(partner, name)
            with transaction():
                db.session.get_one(Person, staff.person_id).language = "en"
            self.visitors[key] = Visitor.signed_in(self.played.app, staff.person_id)
        return self.visitors[key]

    def item(self, partner: str, kind: str) -> str:
        """Give the address of the newest item of a kind that a partner owns."""
        viewer = self.scene.who(partner).viewer
        found = [
            item
            for item in sit_down(viewer, self.case_id).facts.items
            if item.kind == kind and item.owner_partner == partner
        ]
        return f"{self.path}/items/{found[-1].id.hex()}"

    @property
    def state(self) -> str:
        """Read the state of the case."""
        return sit_down(self.scene.who("GPR").viewer, self.case_id).facts.case.state

    def possible(self) -> list[str]:
        """List the steps the process lead may take without anything lacking."""
        desk = sit_down(self.scene.who("GPR").viewer, self.case_id)
        return [one.step.target for one in steps.possible_steps(desk) if not one.lacks]


@pytest.fixture
def table(play: Play) -> Table:
    """A case in execution."""
    return Table(play(worked))


@pytest.fixture
def at_start(play: Play) -> Table:
    """A case that is a signal."""
    return Table(play(started))
