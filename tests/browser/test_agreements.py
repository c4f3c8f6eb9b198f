"""The privacy officer tests a draft by keyboard alone; who drafts reads what comes out of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from config.settings import Argon2Cost
from pga.agreements.service.examples import write_example
from pga.policy.codes import Category, Partner, Phase, PolicyAction, Track
from pga.policy.terms import Example
from tests.agreements.drafts import OFFICER, Drafted, desk, drafted
from tests.browser.stage import Stage, give_passwords, sign_in
from tests.browser.walk import Look, Person, serving
from tests.conftest import running, settings_in
from tests.databases import SqliteTemplate
from tests.factories.scene import Scene

pytestmark = pytest.mark.unmeasured
Sit = Callable[[str, Look], Person]
MOST_TABS = 120
HOLDS = Example(
    "Reclassering ziet in de triage niets over onderwijs.",
    *(Track.YOUTH, Phase.F1, Partner.LPR, Partner.REC, Category.D04, PolicyAction.CONSULT),
    may=False,
)
BROKEN = replace(HOLDS, text="School ziet politiegegevens.", consumer=Partner.SCH, may=True)


@pytest.fixture(scope="module")
def made() -> list[Drafted]:
    return []


@pytest.fixture(scope="module")
def stage(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: SqliteTemplate,
    cheap_argon2: Argon2Cost,
    made: list[Drafted],
) -> Iterator[Stage]:
    """A municipality that drafts, with an example that holds and one that does not."""
    folder: Path = tmp_path_factory.mktemp("drafts")
    settings = settings_in(folder, sqlite_template.copy(folder / "stores"), cheap_argon2)
    with running(settings) as app:
        with app.app_context():
            scene = Scene()
            scene.sign()
            made.append(drafted(scene))
            for example in (HOLDS, BROKEN):
                write_example(desk(scene, OFFICER, made[0].draft), example)
            give_passwords(scene)
        with serving(app) as address:
            yield Stage(app, scene, address, b"", "")


@pytest.fixture
def someone(browser: Browser, stage: Stage) -> Iterator[Sit]:
    """Put somebody in front of a browser, signed in."""
    people: list[Person] = []

    def sit(key: str, look: Look) -> Person:
        people.append(Person(browser, stage.address, look))
        sign_in(people[-1].page, stage, key, look)
        return people[-1]

    yield sit
    for person in people:
        person.leave()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something stands in focus; fails when the keyboard never gets there."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    message = f"the keyboard does not reach {selector}"
    raise AssertionError(message)


def choose(page: Page, name: str, typed: str) -> None:
    """Choose out of a list by typing how it begins."""
    tab_to(page, f"select[name={name}]")
    page.keyboard.type(typed)


def test_an_example_is_written_by_keyboard_alone(someone: Sit, made: list[Drafted]) -> None:
    person = someone("GPR/Officer", Look.WIDE)
    page = person.page
    page.goto(f"/agreements/{made[0].draft.hex()}/examples")
    tab_to(page, "main a[href*='/examples/change']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nieuw voorbeeld")
    for name, typed in (("consumer", "Woning"), ("category", "Gezond"), ("provider", "GGZ")):
        choose(page, name, typed)
    choose(page, "phase", "Uitv")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    person.sees_a_good_page()
    tab_to(page, "input[name=may]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form button")
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
    someone: Sit, made: list[Drafted], look: Look, address: str, said: str
) -> None:
    person = someone("GPR/", look)
    person.page.goto(f"/agreements/{made[0].draft.hex()}{address}")
    expect(person.page.locator("main")).to_contain_text(said)
    person.sees_a_good_page()


def test_the_keyboard_leads_from_a_tile_to_its_reason(someone: Sit, made: list[Drafted]) -> None:
    person = someone("GPR/", Look.WIDE)
    person.page.goto(f"/agreements/{made[0].draft.hex()}/openness")
    person.sees_a_good_page()
    tab_to(person.page, "a.tile--3")
    person.page.keyboard.press("Enter")
    expect(person.page.locator("h1")).to_have_text("Wie mag dit zien of krijgen?")
