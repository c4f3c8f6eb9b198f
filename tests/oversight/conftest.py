"""A municipality with a worked case, people who looked at it, and the officers over them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from audit import queries
from audit.entries import Entry, Kind
from audit.queries import Search
from auth.models import Organisation, Person
from auth.rules import Role
from config import clock
from config.clock import FrozenClock
from config.database import db, stores, transaction
from config.errors import NotFoundError
from pga.cases import queries as cases
from pga.dossier.service import steps
from pga.sharing.service.disclose import Look, Selection, disclose, disclose_one
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.scene import Scene, Staff
from tests.factories.snapshots import Played

NEXT_TOWN = "GM0392"
NAME = "Sem de Bruin"
SECRET = "absent on Mondays"
LIST = Look(Kind.LISTED, Selection(kinds=frozenset({"identity"})))


@dataclass(frozen=True, slots=True)
class Made:
    """What the recipe made: a worked case, another one, and a signal in the next town."""

    case_id: bytes
    other_id: bytes
    elsewhere_id: bytes
    elsewhere: Scene


def overseen(scene: Scene) -> Made:
    """Play a case that colleagues and police looked at, and somebody from housing tried to."""
    officer = Role.PRIVACY_OFFICER
    case_id = scene.case("LPR", "POL", "GGZ", born_on=date(2009, 5, 1))
    scene.bring("LPR", case_id, "D04", SECRET)
    who = steps.NewIdentity("Sem", "de", "Bruin", date(2009, 5, 1), "Dorpsstraat 1", "", "Alkmaar")
    steps.file_identity(scene.desk("GPR", case_id), who)
    other_id = scene.signal("SCH", born_on=date(2011, 2, 3))
    wait(minutes=1)
    disclose_one(scene.who("GCR").viewer, case_id)
    for _ in range(3):
        wait(minutes=1)
        disclose(scene.who("POL").viewer, [case_id], LIST)
    wait(minutes=1)
    disclose_one(scene.who("POL").viewer, case_id)
    wait(minutes=1)
    with suppress(NotFoundError):
        disclose_one(scene.who("WOC").viewer, case_id)
    wait(minutes=1)
    for partner in ("GPR", "POL", "WOC"):
        scene.who(partner, "Officer", officer)
    scene.who("GPR", "Fg", Role.DPO)
    elsewhere = Scene(municipality=NEXT_TOWN)
    elsewhere.sign()
    return Made(case_id, other_id, elsewhere.signal(), elsewhere)


def wait(**step: int) -> None:
    """Let time go by on the clock of the scene, like wait(minutes=1)."""
    standing = clock._installed[-1]
    assert isinstance(standing, FrozenClock)
    standing.advance(timedelta(**step))


@dataclass(slots=True)
class Desk:
    """The scene with the officers' browsers, in English."""

    played: Played[Made]
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def scene(self) -> Scene:
        return self.played.scene

    @property
    def made(self) -> Made:
        return self.played.made

    @property
    def path(self) -> str:
        return f"/oversight/cases/{self.made.case_id.hex()}"

    @property
    def officer(self) -> Visitor:
        """Give the privacy officer of the municipality."""
        return self.visitor("GPR", "Officer")

    def visitor(self, partner: str, name: str = "") -> Visitor:
        """Give somebody a browser in which they are signed in."""
        key = f"{partner}/{name}"
        if key not in self.visitors:
            self.visitors[key] = self.browser_of(self.scene.who(partner, name))
        return self.visitors[key]

    def browser_of(self, staff: Staff) -> Visitor:
        """Give somebody of any scene a browser."""
        with transaction():
            db.session.get_one(Person, staff.person_id).language = "en"
        return Visitor.signed_in(self.played.app, staff.person_id)

    def number(self, case_id: bytes | None = None) -> str:
        """Read the number of a case."""
        wanted = case_id or self.made.case_id
        return cases.cases_by_id([wanted])[wanted].number

    def name(self, partner: str, name: str = "") -> str:
        """Read the name of somebody in the scene."""
        return db.session.get_one(Person, self.scene.who(partner, name).person_id).name

    def organisation(self, partner: str) -> str:
        """Read the name of an organisation in the scene."""
        return db.session.get_one(Organisation, self.scene.organisation(partner)).name

    def entries(self, **wanted: object) -> list[Entry]:
        """Read entries of the log, the newest first."""
        search: Search = wanted  # type: ignore[assignment]
        return [one.entry for one in queries.accesses(**search) if one.entry is not None]


@pytest.fixture
def desk(play: Play) -> Desk:
    """The worked case on SQLite."""
    return Desk(play(overseen))


@pytest.fixture
def desk_on(play: Play, database: str) -> Desk:
    """The worked case, once on each database."""
    return Desk(play(overseen, database))


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect every statement that reaches a store."""
    asked: list[str] = []
    engines: list[Engine] = [stores().app, stores().keys, stores().audit]

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
