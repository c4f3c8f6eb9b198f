"""The privacy officer tests a draft by keyboard alone; who drafts reads what comes out of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from config.settings import Settings
from pga.agreements.service.examples import write_example
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.terms import Example
from tests.agreements.drafts import OFFICER, desk, drafted
from tests.browser.keys import Keys
from tests.browser.stage import playing, sign_in
from tests.browser.walk import Look, Person
from tests.factories.scene import Scene

pytestmark = pytest.mark.unmeasured
Sit = Callable[[str, Look], Person]
HOLDS = Example(
    "Reclassering ziet in de triage niets over onderwijs.",
    *(Track.YOUTH, Phase.F1, Partner.LPR, Partner.REC, Category.D04, PolicyAction.CONSULT),
    may=False,
)
BROKEN = replace(HOLDS, text="School ziet politiegegevens.", consumer=Partner.SCH, may=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """Where it takes place, and the version that is tested."""

    address: str
    draft: str


@pytest.fixture(scope="module")
def tested(settings_of_walk: Settings) -> Iterator[Draft]:
    """A municipality that drafts, with an example that holds and one that does not."""
    with playing(settings_of_walk, with_examples) as (_app, _scene, address, draft):
        yield Draft(address, f"/agreements/{draft.hex()}")


def with_examples(scene: Scene) -> bytes:
    """Make a draft with both examples; give its id."""
    draft = drafted(scene).draft
    for example in (HOLDS, BROKEN):
        write_example(desk(scene, OFFICER, draft), example)
    return draft


@pytest.fixture
def someone(browser: Browser, tested: Draft) -> Iterator[Sit]:
    """Put somebody in front of a browser, signed in."""
    people: list[Person] = []

    def sit(key: str, look: Look) -> Person:
        people.append(Person(browser, tested.address, look))
        sign_in(people[-1].page, key, look)
        return people[-1]

    yield sit
    for person in people:
        person.leave()


def choose(page: Page, name: str, typed: str) -> None:
    """Choose out of a list by typing how it begins."""
    Keys(page).to(page.locator(f"select[name={name}]").first)
    page.keyboard.type(typed)


def test_an_example_is_written_by_keyboard_alone(someone: Sit, tested: Draft) -> None:
    person = someone("GPR/Officer", Look.WIDE)
    page = person.page
    page.goto(f"{tested.draft}/examples")
    Keys(page).to(page.locator("main a[href*='/examples/change']").first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nieuw voorbeeld")
    for name, typed in (("consumer", "Woning"), ("category", "Gezond"), ("provider", "GGZ")):
        choose(page, name, typed)
    choose(page, "phase", "Uitv")
    Keys(page).to(page.locator("main form button").first)
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    person.sees_a_good_page()
    Keys(page).to(page.locator("input[name=may]").first)
    page.keyboard.press("ArrowDown")
    Keys(page).to(page.locator("main form button").first)
    page.keyboard.press("Enter")
    words = "Woningcorporatie mag in de uitvoering niet zien: Gezondheid van GGZ."
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("1 voorbeeld komt niet uit")
    person.sees_a_good_page()


@pytest.mark.parametrize(
    ("look", "address", "said"),
    [
        (Look.NARROW, "/who-may?category=D05&partner=POL", "Wie dit kan oplossen"),
        (Look.NARROW, "/openness?partner=POL", "van 19 partners"),
        (Look.WIDE, "/who-may?category=D05", "jeugd.POL.politie"),
    ],
)
def test_who_drafts_reads_what_comes_out_and_who_may_what(
    someone: Sit, tested: Draft, look: Look, address: str, said: str
) -> None:
    person = someone("GPR/", look)
    person.page.goto(f"{tested.draft}{address}")
    expect(person.page.locator("main")).to_contain_text(said)
    person.sees_a_good_page()


def test_the_keyboard_leads_from_a_tile_to_its_reason(someone: Sit, tested: Draft) -> None:
    person = someone("GPR/", Look.WIDE)
    person.page.goto(f"{tested.draft}/openness")
    person.sees_a_good_page()
    Keys(person.page).to(person.page.locator("a.tile--3").first)
    person.page.keyboard.press("Enter")
    expect(person.page.locator("h1")).to_have_text("Wie mag dit zien of krijgen?")


@pytest.mark.parametrize("page", ["openness", "matrix"])
def test_on_paper_every_page_with_partners_says_above_which_column_is_what(
    someone: Sit, tested: Draft, page: str
) -> None:
    person = someone("GPR/", Look.WIDE)
    person.page.goto(f"{tested.draft}/{page}")
    printed = PdfReader(BytesIO(person.page.pdf(prefer_css_page_size=True)))
    pages = ["".join(one.extract_text().split()) for one in printed.pages]
    first, last = (
        next(number for number, text in enumerate(pages) if partner in text)
        for partner in ("Procesregisseur", "Justitiëleinrichting")
    )
    assert first < last
    assert all("D07" in text and "D16" in text for text in pages[first : last + 1])
