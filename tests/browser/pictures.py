"""Take the pictures of the README from the demo region: `python -m tests.browser.pictures`.

It looks at the demo in PGA_DATA_DIR, as the case manager and as the privacy officer.
"""

import os
import re
import sys
from importlib import import_module

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from config.settings import Settings
from pga.demo.accounts import PASSWORD, accounts
from tests.browser.walk import ARGUMENTS, serving
from tests.house.tree import ROOT

PICTURES = ROOT / "docs/pictures"
SIZE = ViewportSize(width=1200, height=900)


def sign_in(browser: Browser, address: str, name: str) -> Page:
    """Sit down as one of the demo accounts."""
    context = browser.new_context(
        base_url=address, viewport=SIZE, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=sign_in_name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form.form button[type=submit]")
    page.wait_for_url(f"{address}/*")
    return page


def show_case(page: Page) -> str:
    """Open the case the demo tells most about, that of Sem; gives its number."""
    page.goto("/cases")
    page.locator("main tbody tr", has_text="Sem").first.locator("a").first.click()
    page.wait_for_load_state()
    found = re.search(r"20\d\d-\d{5}", page.locator("main").inner_text())
    assert found
    return found.group()


def show_oversight(page: Page, number: str) -> None:
    """Ask who saw the youth of that case."""
    page.goto("/oversight")
    page.fill("input[name=number]", number)
    page.select_option("select[name=reason]", index=1)
    page.click("#find button[type=submit]")
    page.wait_for_load_state()


def take(page: Page, name: str) -> None:
    """Keep what the window shows."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> int:
    """Take both pictures."""
    app = import_module("wsgi").create_app(Settings.from_environment(os.environ))
    names = [account.sign_in_name for account in accounts()]
    (manager,) = (name for name in names if name.startswith("casusregisseur@"))
    (officer,) = (name for name in names if name.startswith("privacy@"))
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with serving(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = sign_in(browser, address, manager)
        number = show_case(page)
        take(page, "case")
        page = sign_in(browser, address, officer)
        show_oversight(page, number)
        take(page, "oversight")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
