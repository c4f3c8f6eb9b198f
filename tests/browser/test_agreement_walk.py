"""An agreement is drafted, broken, repaired, compared, signed and brought into force, by keyboard.

The process lead drafts, the lawyer of the municipality confirms, and the mayor, the police chief
and the chief public prosecutor sign; nobody touches a mouse.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from config.database import db
from config.settings import Settings
from pga.agreements.models import AgreementState
from tests.agreements.drafts import LAWYER, LEAD, Who
from tests.agreements.lives import CHIEF, MAYOR, PROSECUTOR, Lived, fresh, made
from tests.browser.keys import Keys
from tests.browser.seated import Seated
from tests.browser.stage import PASSWORD, playing, sign_in
from tests.browser.walk import Look, Person
from tests.factories.scene import Scene

pytestmark = pytest.mark.unmeasured

MINIMUM = ("GPR", "POL", "OM")
TO_LAWYER = "Naar de juridische toets"
DPIA = "DPIA vastleggen"
OPEN = "Openstellen voor ondertekening"
ACTIVATE = "In werking brengen"
State = Callable[[], AgreementState]


@dataclass(frozen=True, slots=True)
class Drafting:
    """Where the walk takes place: the version that is drafted, and how to ask for its state."""

    address: str
    path: str
    state: State


@pytest.fixture(scope="module")
def drafting(settings_of_walk: Settings) -> Iterator[Drafting]:
    with playing(settings_of_walk, with_bodies) as (app, _, address, lived):

        def state() -> AgreementState:
            with app.app_context():
                found = fresh(lived.draft).state
                db.session.remove()
            return AgreementState(found)

        yield Drafting(address, f"/agreements/{lived.draft.hex()}", state)


def with_bodies(scene: Scene) -> Lived:
    """Make a draft, and the organisations that are to sign it."""
    lived = made(scene)
    for partner in MINIMUM:
        scene.organisation(partner)
    return lived


@dataclass(frozen=True)
class Drafter(Seated):
    """Somebody who starts on the page of the version, and looks at each page that comes."""

    path: str
    is_first: bool = True  # who comes after another in the same part sees the same pages

    def looks(self) -> None:
        if self.is_first:
            super().looks()

    def press(self, name: str) -> None:
        super().press(name)
        self.looks()

    def go(self, name: str) -> None:
        super().go(name)
        self.looks()


@pytest.fixture
def seat(browser: Browser, drafting: Drafting) -> Iterator[Callable[[Who], Drafter]]:
    """Put somebody in front of a browser of their own, on the page of the version."""
    people: list[Person] = []

    def sit(who: Who) -> Drafter:
        person = Person(browser, drafting.address, Look.WIDE)
        people.append(person)
        sign_in(person.page, f"{who[0]}/{who[1]}")
        person.page.goto(drafting.path)
        seated = Drafter(person, Keys(person.page), drafting.path, who not in {CHIEF, PROSECUTOR})
        seated.looks()
        return seated

    yield sit
    for person in people:
        person.leave()


def test_an_agreement_goes_from_draft_to_force_by_keyboard_alone(
    drafting: Drafting, seat: Callable[[Who], Drafter]
) -> None:
    lead = seat(LEAD)
    _break_and_repair(lead)
    _compare(lead)
    _to_the_lawyer(lead)
    lawyer = seat(LAWYER)
    _confirm(lawyer)
    _to_signing(lead)
    for who in (MAYOR, CHIEF, PROSECUTOR):
        _sign(seat(who))
    lawyer.page.goto(drafting.path)
    lawyer.go(ACTIVATE)
    lawyer.press(ACTIVATE)
    assert drafting.state() is AgreementState.ACTIVE


def _break_and_repair(lead: Drafter) -> None:
    """Let the police bring without a decision: the law asks one, and the page repairs it."""
    lead.go("Matrix")
    cell = lead.page.locator("main a[href*='/cells/youth/POL/D05']").first
    lead.keys.follow(cell)
    lead.looks()
    lead.keys.tick(lead.page.locator("input[name=asked][value=b]"))
    lead.keys.write(lead.page.locator("textarea[name=reason]"), "De politie vraagt dit.")
    lead.press("Cel bewaren")
    expect(lead.page.locator("main")).to_contain_text("R-14")
    repair = lead.page.get_by_role("button", name=re.compile("^Maak ervan")).first
    lead.keys.follow(repair)
    lead.looks()
    expect(lead.page.locator("main")).to_contain_text("zoals in het model")
    expect(lead.page.locator("main")).not_to_contain_text("R-14 (Wpg 7) Wie")


def _compare(lead: Drafter) -> None:
    """Take schools out of one cell, and read what that closes against the version in force."""
    lead.go("Matrix")
    lead.keys.follow(lead.page.locator("main a[href*='/cells/youth/SCH/D04']").first)
    lead.keys.choose(lead.page.locator("input[name=consult][value=X]"))
    lead.keys.write(
        lead.page.locator("textarea[name=reason]"), "De school hoeft dit niet te lezen."
    )
    lead.press("Cel bewaren")
    lead.go("Vergelijken")
    expect(lead.page.locator("main")).to_contain_text("Onderwijs")
    lead.go("Geschiedenis")
    expect(lead.page.locator("main")).to_contain_text("De school hoeft dit niet te lezen.")


def _to_the_lawyer(lead: Drafter) -> None:
    """Send the draft to the legal check."""
    _home(lead)
    lead.go(TO_LAWYER)
    lead.press(TO_LAWYER)


def _confirm(lawyer: Drafter) -> None:
    """Confirm the clauses of one party; a confirmation is about exactly this text."""
    lawyer.go("Toets de bepalingen")
    group = lawyer.page.locator("details.clauses[open] form").first
    boxes = group.locator("input[name=clauses]")
    for number in range(boxes.count()):
        lawyer.keys.tick(boxes.nth(number))
    lawyer.keys.follow(group.get_by_role("button"))
    lawyer.looks()


def _to_signing(lead: Drafter) -> None:
    """Record the DPIA, name who is to sign, and open the signing."""
    lead.go(DPIA)
    lead.keys.write(lead.page.locator("input[name=reference]"), "DPIA-2026-7")
    lead.keys.write(lead.page.locator("input[name=decided_on]"), "01112026")
    lead.keys.choose(lead.page.locator("input[name=outcome]").first)
    lead.keys.write(
        lead.page.locator("textarea[name=remark]"), "De functionaris adviseert door te gaan."
    )
    lead.press(DPIA)
    lead.go("Noem wie moet tekenen")
    for partner in MINIMUM:
        form = lead.page.locator(f"form:has(input[value={partner}])")
        lead.keys.follow(form.get_by_role("button"))
    lead.looks()
    _home(lead)
    lead.go(OPEN)
    lead.press(OPEN)


def _sign(signatory: Drafter) -> None:
    """Read what is signed, and sign with what proves who one is."""
    signatory.keys.follow(signatory.page.locator("main a[href*='/sign/']").first)
    signatory.looks()
    signatory.keys.choose(signatory.page.locator("input[name=capacity]").first)
    signatory.keys.write(signatory.page.locator("input[name=function]"), "namens de organisatie")
    signatory.keys.write(signatory.page.locator("input[name=password]"), PASSWORD)
    signatory.press("Teken deze versie")
    expect(signatory.page.locator("main")).to_contain_text("getekend op")


def _home(somebody: Drafter) -> None:
    """Go back to the page of the version by the trail at the top."""
    somebody.keys.follow(somebody.page.locator("nav a[href$='" + somebody.path + "']").first)
