"""A stage for the walks: a municipality with one worked case, served to a real browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask import Flask
from playwright.sync_api import Page, expect

from auth import passwords
from auth.models import Person as Account
from auth.rules import Role
from config.database import db, settings, transaction
from config.settings import Settings
from pga.cases import queries as cases
from pga.dossier.service import steps
from tests.browser.walk import Look, serving
from tests.conftest import running
from tests.factories.scene import Scene

T = TypeVar("T")
PASSWORD = "samen rond de tafel"
WORDS = {
    Look.ENGLISH: {
        "work": "My work",
        "cases": "Cases",
        "log": "Log the intervention",
        "closed": "closed",
        "consent": "Consent",
        "oversight": "Oversight",
    }
}
DUTCH = {
    "work": "Mijn werk",
    "cases": "Casussen",
    "log": "Interventie vastleggen",
    "closed": "dicht",
    "consent": "Toestemming",
    "oversight": "Toezicht",
}


@dataclass(slots=True)
class Stage:
    """Where the walk takes place: the address, the case and its number, and the scene behind."""

    app: Flask
    scene: Scene
    address: str
    case_id: bytes
    number: str

    @property
    def case_path(self) -> str:
        return f"/cases/{self.case_id.hex()}"


@contextmanager
def staged(settings_of_walk: Settings) -> Iterator[Stage]:
    """Build the stage and serve it until the walks are over."""
    with playing(settings_of_walk, worked_case) as (app, scene, address, made):
        yield Stage(app, scene, address, *made)


@contextmanager
def playing(
    settings_of_walk: Settings, build: Callable[[Scene], T]
) -> Iterator[tuple[Flask, Scene, str, T]]:
    """Build a scene under a signed agreement and serve it; everybody in it has a password."""
    with running(settings_of_walk) as app:
        with app.app_context():
            scene = Scene()
            scene.sign()
            made = build(scene)
            give_passwords(scene)
        with serving(app) as address:
            yield app, scene, address, made


def worked_case(scene: Scene) -> tuple[bytes, str]:
    """Play the case; give its id and number."""
    case_id = play(scene)
    return case_id, cases.cases_by_id([case_id])[case_id].number


def play(scene: Scene) -> bytes:
    """Play one case to its plan, with police, school, mental health care and an officer."""
    case_id = scene.case("POL", "SCH", "GGZ", born_on=date(2010, 1, 5))
    steps.file_identity(
        scene.desk("GPR", case_id),
        steps.NewIdentity(
            "Sem", "de", "Bruin", date(2010, 1, 5), "Dorpsstraat 1", "1811 AA", "Alkmaar"
        ),
    )
    scene.bring("LPR", case_id, "D04", "Op maandag afwezig.")
    scene.decide(case_id, "POL", ["D01", "D05", "D14"], "GPR")
    scene.note(case_id, "POL", "D14", "GPR")
    scene.bring("POL", case_id, "D05", "Twee meldingen van overlast.")
    scene.release(case_id, "GGZ", ["D07", "D09"], "GPR")
    scene.who("WOC")
    scene.bring("GGZ", case_id, "D07", "Korte zinnen gebruiken.")
    scene.who("GPR", "Officer", Role.PRIVACY_OFFICER)
    return case_id


def give_passwords(scene: Scene) -> None:
    """Let everybody in the scene sign in with the same password."""
    cost = settings().argon2
    with transaction():
        for key, staff in scene.staff.items():
            account = db.session.get(Account, staff.person_id)
            assert account is not None
            account.password_hash = passwords.hash_password(PASSWORD, account.id, cost)
            account.sign_in_name = name_of(key)


def name_of(key: str) -> str:
    """Give the sign-in name of somebody in a scene."""
    return re.sub(r"[/ ]", "-", key.lower()).strip("-") + "@walk.example"


def sign_in(page: Page, key: str, look: Look = Look.WIDE) -> None:
    """Sign in as somebody of the scene; the language follows the person from then on."""
    page.goto("/sign-in")
    page.fill("input[name=sign_in_name]", name_of(key))
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_be_visible()
    wanted = "en" if look is Look.ENGLISH else "nl"
    if page.locator("html").get_attribute("lang") != wanted:
        page.click(f"button[name=language][value={wanted}]")
        expect(page.locator("html")).to_have_attribute("lang", wanted)


def word(look: Look, name: str) -> str:
    """Give a word of the page in the language of this look."""
    return WORDS.get(look, DUTCH)[name]
