"""Walking by keyboard alone: from where the focus is to what is wanted, and nothing else."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

FARTHEST = 900  # the matrix of a whole agreement is one page of links


AT_ONCE = 25
WATCH = """wanted => {
  const stop = new AbortController();
  const isThere = () => document.activeElement === wanted;
  const hold = event => { if (event.key === "Tab" && isThere()) event.preventDefault(); };
  document.addEventListener("keydown", hold, { capture: true, signal: stop.signal });
  return { isThere: () => isThere() && (stop.abort(), true) };
}"""


@dataclass(frozen=True, slots=True)
class Keys:
    """Somebody who never touches a mouse."""

    page: Page

    def to(self, wanted: Locator) -> None:
        """Press Tab until the focus is on what is wanted; fails when it cannot be reached.

        Once there, the page lets no further Tab through, so that many can be pressed between two
        looks: a look takes longer than a key.
        """
        expect(wanted).to_have_count(1)
        watched = wanted.evaluate_handle(WATCH)
        for _ in range(0, FARTHEST, AT_ONCE):
            if watched.evaluate("watch => watch.isThere()"):
                return
            for _press in range(AT_ONCE):
                self.page.keyboard.press("Tab")
        assert watched.evaluate("watch => watch.isThere()"), "no key leads there"

    def follow(self, wanted: Locator) -> None:
        """Go to a link or button, press Enter, and wait until another page stands there."""
        self.to(wanted)
        self.page.evaluate("document.documentElement.dataset.isOld = 'yes'")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("html[data-is-old]")).to_have_count(0)
        self.page.wait_for_load_state()

    def tick(self, wanted: Locator) -> None:
        """Go to a box and press the space bar."""
        self.to(wanted)
        self.page.keyboard.press("Space")

    def write(self, wanted: Locator, text: str) -> None:
        """Go to a field and write in it, in place of what stood there."""
        self.to(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator) -> None:
        """Go to a group of radio buttons and press arrows until the wanted one is chosen."""
        group = self.page.locator(f"input[name={wanted.get_attribute('name')}]")
        inside = "all => all.includes(document.activeElement)"
        for _ in range(FARTHEST):
            if group.evaluate_all(inside):
                break
            self.page.keyboard.press("Tab")
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
            if not wanted.is_checked() and group.count() == 1:
                self.page.keyboard.press("Space")
        expect(wanted).to_be_checked()
