"""Take the pictures of the README from the demo region: `python -m tests.browser.pictures`.

It looks at the demo in PGA_DATA_DIR, as the case manager and as the privacy officer.
"""

import os
import sys
from importlib import import_module
from pathlib import Path

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


def show_case(page: Page) -> None:
    """Open the case the demo tells most about: that of Sem."""
    page.goto("/cases")
    page.locator("main tbody tr", has_text="Sem").first.locator("a").first.click()
    page.wait_for_load_state()


def show_oversight(page: Page) -> None:
    """Ask who saw the youth of a case."""
    page.goto("/oversight")


def take(page: Page, name: str) -> Path:
    """Keep what the window shows."""
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    return path


def main() -> int:
    """Take both pictures."""
    app = import_module("wsgi").create_app(Settings.from_environment(os.environ))
    names = [account.sign_in_name for account in accounts()]
    (manager,) = (name for name in names if name.startswith("casusregisseur@"))
    (officer,) = (name for name in names if name.startswith("privacy@"))
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with serving(app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, account, show in (
            ("case", manager, show_case),
            ("oversight", officer, show_oversight),
        ):
            page = sign_in(browser, address, account)
            show(page)
            print(take(page, name).relative_to(ROOT))  # noqa: T201
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
