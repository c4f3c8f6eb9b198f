"""Who oversees finds one look in the night among twenty thousand, judges it, and reports."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from audit.gate import gate
from config.clock import AMSTERDAM
from config.settings import Argon2Cost
from tests.browser.crowd import ACCESSES, Town, crowded
from tests.browser.stage import sign_in
from tests.browser.walk import Look, Person
from tests.conftest import settings_in
from tests.databases import SqliteTemplate

pytestmark = pytest.mark.unmeasured

OFFICERS = {"GPR/Officer": "Inzage zonder verklaring", "GPR/Protection": "Ongewoon uur"}


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: SqliteTemplate,
    cheap_argon2: Argon2Cost,
) -> Iterator[Town]:
    """One crowd for every walk of this file, made in seconds."""
    folder = tmp_path_factory.mktemp("town")
    settings = settings_in(folder, sqlite_template.copy(folder / "stores"), cheap_argon2)
    with crowded(settings) as made:
        yield made


@pytest.fixture
def officer(browser: Browser, town: Town) -> Iterator[Callable[[str], Person]]:
    """Put an officer in front of a browser, signed in."""
    people: list[Person] = []

    def sit(key: str, look: Look = Look.WIDE) -> Person:
        people.append(Person(browser, town.address, look))
        sign_in(people[-1].page, key, look)
        return people[-1]

    yield sit
    for person in people:
        person.leave()


class Clicks:
    """Clicks on links and buttons of a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def on(self, selector: str) -> None:
        """Click the first that fits, and wait for the page it leads to."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()
        self.count += 1


@pytest.mark.parametrize("key", list(OFFICERS))
def test_the_planted_look_is_found_in_under_five_clicks_judged_and_reported(
    town: Town, officer: Callable[[str], Person], key: str
) -> None:
    with town.app.app_context():
        assert gate().health().size > ACCESSES
    person = officer(key)
    page, clicks = person.page, Clicks(person.page)
    check = OFFICERS[key]
    clicks.on("nav a[href='/oversight']:visible")
    person.sees_a_good_page()
    clicks.on("main a[href='/oversight/review']")
    person.sees_a_good_page()
    clicks.on(f"main a:has-text('{check}')")
    person.sees_a_good_page()
    at = town.snooped_at.astimezone(AMSTERDAM)
    row = page.locator("main tbody tr", has_text=f"{at:%H:%M}")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(town.number)
    row.locator("a").first.click()
    clicks.count += 1
    assert clicks.count < 5
    person.sees_a_good_page()
    expect(page.locator("main")).to_contain_text(f"{at:%H:%M}")

    item = page.url.removeprefix(town.address)
    page.click("input[name=outcome][value=breach]")
    page.fill("textarea[name=remark]", "Niemand vroeg hierom. Gemeld bij de politie.")
    page.click("#close button[type=submit]")
    expect(page.locator("body")).to_contain_text("binnen 72 uur")
    expect(page.locator(f"main a[href='{item}']")).to_have_count(0)

    page.goto(f"/oversight/report?month={at:%Y-%m}")
    person.sees_a_good_page()
    for chart in page.locator("figure.chart").all():
        assert chart.locator("svg desc").text_content()
        assert chart.locator("table tr").count() > 0
    with page.expect_download() as waiting:
        page.click("main a[href*='report.pdf']")
    paper = PdfReader(BytesIO(waiting.value.path().read_bytes()))
    told = " ".join(" ".join(one.extract_text() for one in paper.pages).split())
    assert check in told
    assert "Mogelijk datalek" in told
    assert town.number not in told


@pytest.mark.parametrize("look", [Look.NARROW, Look.WITHOUT_JAVASCRIPT])
def test_every_page_of_the_bench_is_a_good_page(
    town: Town, officer: Callable[[str, Look], Person], look: Look
) -> None:
    person = officer("GPR/Officer", look)
    today = town.snooped_at.date().isoformat()
    for path in (
        "/oversight",
        "/oversight/search",
        f"/oversight/search?number={town.number}&kind=opened&category=D05&until={today}",
        "/oversight/search?show=emergency",
        f"/oversight/disclosures?since={today}&until={today}",
        f"/oversight/cases/{town.case_id.hex()}/extract",
        f"/oversight/report?month={today[:7]}",
        "/oversight/checks",
    ):
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        person.sees_a_good_page()


def test_an_extract_is_prepared_checked_released_and_downloaded(
    town: Town, officer: Callable[[str], Person]
) -> None:
    person = officer("GPR/Officer")
    page = person.page
    page.goto(f"/oversight/cases/{town.case_id.hex()}/extract")
    page.click("input[name=asked_by][value=youth]")
    day = town.snooped_at.astimezone(AMSTERDAM).date().isoformat()
    page.fill("input[name=since]", day)
    page.fill("input[name=until]", day)
    page.click("main form.form button[type=submit]")
    expect(page.locator("main table")).to_be_visible()
    person.sees_a_good_page()
    chosen = page.locator("main select")
    values = [one.input_value() for one in chosen.all()]
    assert "" in values
    for one in chosen.all():
        if one.input_value() == "":
            one.select_option("others")
    page.click("button[name=step][value=release]")
    expect(page.locator("main a[href$='/pdf']")).to_be_visible()
    person.sees_a_good_page()
    with page.expect_download() as waiting:
        page.click("main a[href$='/pdf']")
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    page.click("main a[href$='/print']")
    expect(page.locator("main")).to_contain_text("binnen zes weken")
    person.sees_a_good_page()
