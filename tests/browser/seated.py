"""Somebody at a keyboard, who follows links and presses buttons by their names."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser.keys import Keys
from tests.browser.walk import SIDEWAYS, Person


@dataclass(frozen=True)
class Seated:
    """Somebody in front of a browser of their own, without a mouse."""

    person: Person
    keys: Keys

    @property
    def page(self) -> Page:
        return self.person.page

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def looks(self) -> None:
        """Look at the page, wide and then narrow."""
        self.person.sees_a_good_page()
        self.page.set_viewport_size({"width": 390, "height": 844})
        assert self.page.evaluate(SIDEWAYS) <= 0, "the page scrolls sideways"
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.keys.follow(self.page.get_by_role("button", name=name, exact=True))

    def go(self, name: str) -> None:
        """Follow the link of this name."""
        self.keys.follow(self.main.get_by_role("link", name=name, exact=True))
