"""The case manager, the partner and the privacy officer walk their story."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from config.settings import Settings
from pga.sharing.service import releases
from tests.browser.stage import Stage, sign_in, staged, word
from tests.browser.walk import Look, Person
from tests.databases import Addresses

pytestmark = pytest.mark.unmeasured


@pytest.fixture(scope="module")
def stage(settings_of_walk: Settings) -> Iterator[Stage]:
    """One stage for every walk of this file: building it costs more than a walk."""
    with staged(settings_of_walk) as made:
        yield made


@pytest.fixture
def someone(browser: Browser, stage: Stage) -> Iterator[Callable[[str, Look], Person]]:
    """Put somebody of the scene in front of a browser, signed in."""
    people: list[Person] = []

    def sit(key: str, look: Look) -> Person:
        person = Person(browser, stage.address, look)
        people.append(person)
        sign_in(person.page, key, look)
        return person

    yield sit
    for person in people:
        person.leave()


def test_a_case_manager_logs_an_intervention_and_repairs_a_mistake(
    stage: Stage, someone: Callable[[str, Look], Person], look: Look
) -> None:
    person = someone("GCR/", look)
    page = person.page
    expect(page.locator("h1")).to_have_text(word(look, "work"))
    person.sees_a_good_page()
    page.goto("/cases")
    person.sees_a_good_page()
    page.click(f"text={stage.number}")
    expect(page.locator("h1")).to_contain_text("Sem")
    person.sees_a_good_page()
    page.goto(f"/log?case_id={stage.case_id.hex()}")
    person.sees_a_good_page()
    page.select_option("select[name=library_code]", "home_visit")
    page.fill("textarea[name=text]", "Moeder en Sem gesproken.")
    page.click(f"main button:has-text('{word(look, 'log')}')")
    expect(page.locator("main")).to_contain_text("Moeder en Sem gesproken.")
    person.sees_a_good_page()
    page.click("main a[href$='/repair']")
    person.sees_a_good_page()
    page.click("main a[href$='/correct']")
    page.fill("textarea[name=text]", "Moeder gesproken; Sem was er niet.")
    page.click("main form.form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Sem was er niet.")
    page.click("main a[href$='/repair']")
    page.click("form[action$='/wrong-case'] button")
    person.sees_a_good_page()
    page.goto("/")
    person.sees_a_good_page()
    expect(page.locator("main")).to_contain_text("72")


def test_a_partner_sees_what_is_open_and_closed_and_a_withdrawal_closes_the_next_click(
    stage: Stage, someone: Callable[[str, Look], Person], look: Look
) -> None:
    with stage.app.app_context():
        stage.scene.release(stage.case_id, "GGZ", ["D07", "D09"], "GPR")
    partner = someone("GCR/", look)
    partner.page.goto(stage.case_path)
    expect(partner.page.locator("main")).to_contain_text("Korte zinnen gebruiken.")
    partner.page.click("text=D07 of GGZ")
    partner.sees_a_good_page()
    item = partner.page.url
    police = someone("POL/", look)
    police.page.goto(stage.case_path)
    police.sees_a_good_page()
    expect(police.page.locator(".section--closed").first).to_contain_text(word(look, "closed"))
    expect(police.page.locator("main")).not_to_contain_text("GGZ")
    police.page.goto("/my-organisation")
    police.sees_a_good_page()
    with stage.app.app_context():
        desk = stage.scene.desk("SCH", stage.case_id)
        releases.withdraw_all(desk)
    assert partner.page.goto(item) is not None
    expect(partner.page.locator("main")).not_to_contain_text("Korte zinnen gebruiken.")
    partner.sees_a_good_page()


def test_a_privacy_officer_answers_who_saw_this_youth_and_proves_the_log(
    stage: Stage, someone: Callable[[str, Look], Person], look: Look
) -> None:
    person = someone("GPR/Officer", look)
    page = person.page
    page.goto("/oversight")
    person.sees_a_good_page()
    page.fill("form[action='/oversight/find'] input[name=number]", stage.number)
    page.select_option("form[action='/oversight/find'] select[name=reason]", index=1)
    page.click("form[action='/oversight/find'] button")
    expect(page.locator("main table").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Korte zinnen gebruiken.")
    person.sees_a_good_page()
    page.locator("main table a[href*='/oversight/entries/']").first.click()
    person.sees_a_good_page()
    page.goto("/oversight/refusals")
    person.sees_a_good_page()
    page.goto("/oversight")
    page.click("form[action='/oversight/verify'] button")
    person.sees_a_good_page()
    answer = page.goto(stage.case_path)
    assert answer is not None
    assert answer.status == 404


def test_every_form_of_a_case_is_a_good_page(
    stage: Stage, someone: Callable[[str, Look], Person], look: Look
) -> None:
    person = someone("GPR/", look)
    for path in (
        "/cases/new",
        "/search",
        f"{stage.case_path}/contribute",
        f"{stage.case_path}/contribute?category=D14",
        f"{stage.case_path}/actions/new",
        f"{stage.case_path}/goals/new",
        f"{stage.case_path}/participants",
        f"{stage.case_path}/steps",
        f"{stage.case_path}/consent",
        f"{stage.case_path}/releases/new",
        f"{stage.case_path}/guardians/new",
        f"{stage.case_path}/help/new",
        f"{stage.case_path}/notes",
        "/people",
        "/account",
    ):
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        person.sees_a_good_page()


def test_bad_input_keeps_what_was_typed(
    stage: Stage, someone: Callable[[str, Look], Person]
) -> None:
    person = someone("GPR/", Look.WIDE)
    person.page.goto(f"{stage.case_path}/notes")
    person.page.fill("textarea[name=why_needed]", "Omdat het nodig is.")
    person.page.click("main form.form button[type=submit]")
    person.sees_a_good_page()
    expect(person.page.locator("textarea[name=why_needed]")).to_have_value("Omdat het nodig is.")
    expect(person.page.locator("#errors")).to_be_visible()


def test_an_outsider_is_told_nothing(stage: Stage, someone: Callable[[str, Look], Person]) -> None:
    person = someone("WOC/", Look.WIDE)
    answer = person.page.goto(stage.case_path)
    assert answer is not None
    assert answer.status == 404
    person.sees_a_good_page()
    expect(person.page.locator("main")).not_to_contain_text(stage.number)


def test_the_same_walk_holds_on_postgresql(
    browser: Browser,
    lay_stores: Callable[[str], Addresses],
    settings_for: Callable[[Addresses], Settings],
) -> None:
    with staged(settings_for(lay_stores("postgresql"))) as stage:
        person = Person(browser, stage.address, Look.WIDE)
        sign_in(person.page, "GCR/")
        person.page.goto(stage.case_path)
        expect(person.page.locator("main")).to_contain_text("Korte zinnen gebruiken.")
        person.sees_a_good_page()
        person.leave()
