"""Every macro in every state, in a real browser: accessible, under the policy, never too wide."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from pga.web import catalogues, frame
from tests.browser.walk import Look, Person
from tests.web.frames import frame_app, hang_specimens

pytestmark = pytest.mark.unmeasured

SitDown = Callable[[Look], Person]
PAGES = ["parts", "case", "work", "forms", "tables", "error/404", "error/503"]


@pytest.fixture(params=["full"])
def app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """The frame alone, in the full look or in the plain one."""
    catalogues.compile_all()
    if request.param == "plain":
        monkeypatch.setattr(frame, "FULL_LOOK", ("dist/never-built.css",))
    made = frame_app(tmp_path)
    hang_specimens(made)
    return made


@pytest.mark.parametrize("app", ["full", "plain"], indirect=True)
@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_of_the_style_guide_is_a_good_page(sit_down: SitDown, width: int) -> None:
    person = sit_down(Look.WIDE)
    person.page.set_viewport_size({"width": width, "height": 800})
    for page in PAGES:
        person.page.goto(f"/style-guide/{page}")
        person.sees_a_good_page()


@pytest.mark.parametrize("look", [Look.NARROW, Look.WITHOUT_JAVASCRIPT])
def test_a_refused_form_shows_its_errors_where_one_looks(sit_down: SitDown, look: Look) -> None:
    person = sit_down(look)
    person.page.goto("/style-guide/forms")
    person.page.locator("#f-what").fill("Op bezoek")
    person.page.locator("#specimen button[type=submit]").click()
    expect(person.page.locator("#errors")).to_be_focused()
    expect(person.page.locator("#f-what")).to_have_value("Op bezoek")
    person.page.locator("#errors a", has_text="Soort").click()
    expect(person.page.locator("#f-kind")).to_be_focused()
    person.sees_a_good_page()


@pytest.mark.parametrize("look", [Look.NARROW, Look.WITHOUT_JAVASCRIPT])
def test_why_opens_beside_the_item_also_without_a_script(sit_down: SitDown, look: Look) -> None:
    person = sit_down(look)
    person.page.goto("/style-guide/case")
    reason = person.page.get_by_text("De afspraak laat dit in deze fase niet toe").first
    expect(reason).to_be_hidden()
    person.page.locator(".section--closed summary").first.click()
    expect(reason).to_be_visible()
    person.sees_a_good_page()


def test_single_keys_help_who_works_with_the_keyboard(sit_down: SitDown) -> None:
    person = sit_down(Look.WIDE)
    page = person.page
    page.goto("/style-guide/work")
    page.locator("tbody a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("tbody tr").nth(1).locator("a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("tbody tr").nth(0).locator("a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("tbody tr").nth(0).locator("a")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_have_value("/")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/style-guide$"))


def test_keys_that_were_turned_off_do_nothing(sit_down: SitDown) -> None:
    page = sit_down(Look.WIDE).page
    page.goto("/style-guide/work")
    page.get_by_role("button", name="Sneltoetsen uitzetten").click()
    expect(page.get_by_role("button", name="Sneltoetsen aanzetten")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#search")).not_to_be_focused()


def test_an_open_menu_closes_with_escape_and_by_looking_away(sit_down: SitDown) -> None:
    page = sit_down(Look.WIDE).page
    page.goto("/style-guide/case")
    menu = page.locator("main details.menu")
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_a_form_is_sent_once_however_often_one_clicks(sit_down: SitDown) -> None:
    page = sit_down(Look.WIDE).page
    page.goto("/style-guide/forms")
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    for _again in ("first", "after the answer"):
        posts.clear()
        page.get_by_role("button", name="Toestemming vastleggen").dblclick()
        expect(page.locator("#errors")).to_be_visible()
        assert len(posts) == 1


def test_a_draft_is_kept_while_one_types_and_a_failure_changes_nothing(sit_down: SitDown) -> None:
    page = sit_down(Look.WIDE).page
    page.goto("/style-guide/forms")
    page.locator("#f-what").press_sequentially("Op")
    expect(page.locator(".draft")).to_have_text("Concept bewaard 11:05")
    page.context.clear_cookies()
    with page.expect_response("**/style-guide/draft") as refused:
        page.locator("#f-what").press_sequentially(" bezoek")
    assert refused.value.status == 400
    expect(page.locator(".draft")).to_have_text("Concept bewaard 11:05")
    expect(page.locator("#f-what")).to_have_value("Op bezoek")
