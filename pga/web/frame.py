"""The frame around every page: what base.html asks, answered once per page and cheaply."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from flask import Flask, current_app, request, session, url_for

from config.settings import Mode, Settings
from pga.web.i18n import LANGUAGES, language
from pga.web.navigation import Account, Frame, LogStatus, NavItem
from pga.web.routes import SHORTCUTS_KEY, STATIC

PRODUCT = "Samenspraak"
FULL_LOOK = ("dist/app.css",)
PLAIN_LOOK = (
    "css/tokens.css",
    "css/plain.css",
    "css/type.css",
    "css/frame.css",
    "css/menus.css",
    "css/forms.css",
    "css/parts.css",
    "css/tables.css",
    "css/case.css",
    "css/cards.css",
    "css/agreements.css",
    "css/life.css",
    "css/openness.css",
    "css/print.css",
)
ENHANCEMENTS = ("dist/htmx.min.js", "keys.js", "once.js")


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu, ready to be shown."""

    url: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Look:
    """The style sheets and scripts of this installation, with a fingerprint of each.

    `addresses` are those of the frame, by where the product stands and endpoint.
    """

    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    fingerprints: dict[str, str]
    addresses: dict[tuple[str, str], str] = field(default_factory=dict)


class Page:
    """The frame of one page.

    A bare page (the store failed) asks nobody who is signed in, so that it always renders.
    """

    def __init__(self, *, bare: bool = False) -> None:
        """Stand around a page, bare or with menu and account."""
        self._bare = bare
        self._frame: Frame = current_app.extensions["frame"]
        self._look: Look = current_app.extensions["look"]

    @property
    def product(self) -> str:
        """Name the product."""
        return PRODUCT

    @property
    def is_demo(self) -> bool:
        """Tell whether every page must say that its data is fictional."""
        settings: Settings = current_app.extensions["settings"]
        return settings.mode is Mode.DEMO

    @property
    def language(self) -> str:
        """Tell the language of the page."""
        return language()

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        """Give the languages one can switch to, each by its own name."""
        return [(code, name) for code, name in LANGUAGES.items() if code != self.language]

    @property
    def here(self) -> str:
        """Give the address to come back to after switching the language."""
        return request.full_path.rstrip("?")

    @property
    def has_shortcuts(self) -> bool:
        """Tell whether single keys work; everyone can turn them off (WCAG 2.1.4)."""
        return bool(session.get(SHORTCUTS_KEY, True))

    @property
    def home(self) -> str:
        """Give the address behind the name of the product."""
        return self.address(self._frame.home) if self._frame.home else "/"

    @cached_property
    def account(self) -> Account | None:
        """Tell who is signed in."""
        return None if self._bare else self._frame.account()

    @property
    def sign_in(self) -> str | None:
        """Give the address to sign in at, when nobody is."""
        if self._bare or self.account or not self._frame.sign_in:
            return None
        return url_for(self._frame.sign_in)

    @property
    def log_status(self) -> LogStatus | None:
        """Tell whether the log was found whole."""
        return None if self._bare else self._frame.log_status()

    @property
    def capture(self) -> NavItem | None:
        """Give the button that is always at hand."""
        return self._if_shown(self._frame.capture)

    @property
    def search(self) -> NavItem | None:
        """Give the search form."""
        return self._if_shown(self._frame.search)

    def menu(self, current: str | None = None) -> list[Link]:
        """Give the entries this person may use; `current` is an endpoint."""
        here = current or request.endpoint
        if self._bare:
            return []
        items: list[NavItem] = current_app.extensions["navigation"]
        return [
            Link(self.address(item.endpoint), item.label, item.endpoint == here)
            for item in items
            if item.shown()
        ]

    def address(self, endpoint: str) -> str:
        """Give an address that needs nothing else; made once, for it is on every page."""
        key = (request.script_root, endpoint)
        made = self._look.addresses.get(key)
        if made is None:
            made = self._look.addresses[key] = url_for(endpoint)
        return made

    @property
    def styles(self) -> list[str]:
        """Give the addresses of the style sheets."""
        return [self.asset(name) for name in self._look.styles]

    @property
    def scripts(self) -> list[str]:
        """Give the addresses of the scripts; every page also works without them."""
        return [self.asset(name) for name in self._look.scripts]

    def asset(self, name: str) -> str:
        """Give the address of a file; it changes with the content, so it may be kept long."""
        return f"{request.script_root}/static/{name}?v={self._look.fingerprints[name]}"

    def _if_shown(self, item: NavItem | None) -> NavItem | None:
        """Give the item when there is one and this person may use it."""
        return item if item and not self._bare and item.shown() else None


def init_app(app: Flask) -> None:
    """Choose the look of this installation and let templates ask for the frame."""
    app.extensions.setdefault("navigation", [])
    app.extensions.setdefault("frame", Frame())
    app.extensions["look"] = _look()
    app.add_template_global(Page, "frame")


def _look() -> Look:
    """Take the full look when it was built, else the plain one, and fingerprint its files."""
    styles = FULL_LOOK if (STATIC / FULL_LOOK[0]).exists() else PLAIN_LOOK
    scripts = tuple(name for name in ENHANCEMENTS if (STATIC / name).exists())
    return Look(
        styles=styles,
        scripts=scripts,
        fingerprints={
            name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
            for name in (*styles, *scripts, "favicon.svg")
        },
    )
