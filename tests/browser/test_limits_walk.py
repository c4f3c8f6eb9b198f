"""An edition of the limits is proposed, weighed, approved by two others, and shuts what breaks it.

The adviser of the region proposes it by keyboard alone; a lawyer and a data protection officer
approve it, each on a page of their own; the process lead reads what it shut in the agreement.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from config.settings import Settings
from tests.agreements.drafts import ADVISER, LAWYER, LEAD, Who
from tests.agreements.limits import DPO, STRICTER, WHY, limited
from tests.browser.keys import Keys
from tests.browser.seated import Seated
from tests.browser.stage import playing, sign_in
from tests.browser.walk import Look, Person
from tests.factories.scene import Scene

pytestmark = pytest.mark.unmeasured

LIMITS = "/agreements/limits"
PROPOSE = "Een nieuwe uitgave voorstellen"
SHOW = "Tonen wat het doet"
UNVERSIONED = STRICTER.replace("term: P1Y", "term: P9M")


@dataclass(frozen=True, slots=True)
class Region:
    """Where the walk takes place, and the page of the agreement that the edition breaks."""

    address: str
    agreement: str


@pytest.fixture(scope="module")
def region(settings_of_walk: Settings) -> Iterator[Region]:
    with playing(settings_of_walk, with_a_running_case) as (_app, _scene, address, agreement):
        yield Region(address, f"/agreements/{agreement.hex()}")


def with_a_running_case(scene: Scene) -> bytes:
    """Play a case, and give the id of the agreement that it runs under."""
    found = limited(scene)
    return scene.desk("GPR", found.case).facts.agreement.id


@pytest.fixture
def seat(browser: Browser, region: Region) -> Iterator[Callable[[Who], Seated]]:
    """Put somebody in front of a browser, signed in, on the page of the limits."""
    people: list[Person] = []

    def sit(who: Who) -> Seated:
        person = Person(browser, region.address, Look.WIDE)
        people.append(person)
        sign_in(person.page, f"{who[0]}/{who[1]}")
        person.page.goto(LIMITS)
        return Seated(person, Keys(person.page))

    yield sit
    for person in people:
        person.leave()


def test_an_edition_goes_from_proposal_to_force_and_shuts_what_breaks_it(
    region: Region, seat: Callable[[Who], Seated]
) -> None:
    adviser = seat(ADVISER)
    adviser.looks()
    _refused_and_kept(adviser)
    _propose(adviser)
    edition = adviser.page.url
    _approve(seat(LAWYER), edition, "er moet nog iemand anders goedkeuren")
    _approve(seat(DPO), edition, "De uitgave geldt vanaf nu")
    lead = seat(LEAD)
    _says_who_would_get_what(lead)
    lead.page.goto(region.agreement)
    expect(lead.main).to_contain_text("Dicht door een nieuwe grens van de wet")
    _says_who_would_get_what(lead)


def _refused_and_kept(adviser: Seated) -> None:
    """Let a limit ask something else under its old version: refused, and nothing typed is lost."""
    adviser.go(PROPOSE)
    adviser.looks()
    text = adviser.page.locator("textarea[name=text]")
    adviser.keys.to(text)
    adviser.page.keyboard.insert_text(UNVERSIONED)
    adviser.keys.write(adviser.page.locator("textarea[name=reason]"), WHY)
    adviser.press(SHOW)
    expect(adviser.page.locator(".error-summary")).to_contain_text(
        "Grens RETENTION-CRIMINAL vraagt nu iets anders"
    )
    expect(text).to_have_value(UNVERSIONED)
    expect(adviser.page.locator("textarea[name=reason]")).to_have_value(WHY)
    adviser.looks()


def _propose(adviser: Seated) -> None:
    """Mend it, read what it does to every agreement, and propose it."""
    adviser.keys.to(adviser.page.locator("textarea[name=text]"))
    adviser.page.keyboard.press("Control+A")
    adviser.page.keyboard.insert_text(STRICTER)
    adviser.press(SHOW)
    expect(adviser.main).to_contain_text("1 afspraak overschrijdt hierdoor een grens")
    _says_who_would_get_what(adviser)
    adviser.press("Deze uitgave voorstellen")
    expect(adviser.main).to_contain_text("wacht op twee goedkeuringen")
    adviser.looks()


def _approve(somebody: Seated, edition: str, said: str) -> None:
    """Follow the list to the edition, read it, and approve it."""
    somebody.go("2027-1")
    assert somebody.page.url == edition
    somebody.press("Deze uitgave goedkeuren")
    expect(somebody.main).to_contain_text(said)
    somebody.looks()


def _says_who_would_get_what(somebody: Seated) -> None:
    """Read the counterexample: the limit, and who would bring what."""
    expect(somebody.main).to_contain_text("X1 (AVG 5(1)(c))")
    expect(somebody.main).to_contain_text("zou")
    somebody.looks()
