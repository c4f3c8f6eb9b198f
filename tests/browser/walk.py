"""How a test walks the product in Chromium: the looks it must hold in, and what a page must keep.

A page keeps to WCAG 2.2 AA as far as axe can tell, has one h1, never scrolls sideways, and runs
nothing that the content security policy refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.house.tree import ROOT

AXE = ROOT / "pga/web/assets/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ARGUMENTS = [
    "--no-sandbox",  # our own pages only, and as root it does not start otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Look(StrEnum):
    """How somebody looks at the product."""

    WIDE = "wide"
    NARROW = "narrow"
    WITHOUT_JAVASCRIPT = "without-javascript"
    ENGLISH = "english"


_DUTCH = {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}
_WIDE = {"viewport": {"width": 1280, "height": 900}}
OPTIONS: dict[Look, dict[str, Any]] = {
    Look.WIDE: _DUTCH | _WIDE,
    Look.NARROW: _DUTCH | {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    Look.WITHOUT_JAVASCRIPT: _DUTCH | _WIDE | {"java_script_enabled": False},
    Look.ENGLISH: _DUTCH | _WIDE | {"locale": "en-GB"},
}


class _Quiet(WSGIRequestHandler):
    """Answer without a line per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        _ = code, size


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app on a free port of this machine; gives its address without a slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Person:
    """Somebody in front of a browser of their own: no cookie is shared with another."""

    def __init__(self, browser: Browser, address: str, look: Look) -> None:
        self.look = look
        self.faults: list[str] = []
        self._context = browser.new_context(base_url=address, **OPTIONS[look])
        self._context.set_default_timeout(10_000)
        self.page: Page = self._context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        """Keep what went wrong; an answer of 422 or 404 is a page like any other."""
        if message.type == "error" and "the server responded with" not in message.text:
            self.faults.append(message.text)

    def leave(self) -> None:
        """Close the browser of this person; nothing may have gone wrong in it."""
        self._context.close()
        assert self.faults == []

    def sees_a_good_page(self) -> None:
        """Assert what every page must keep.

        Where scripts are off, axe cannot look either; in English it would find what it finds in
        Dutch, for it reads no words.
        """
        assert self.page.locator("h1").count() == 1
        if self.look is Look.WITHOUT_JAVASCRIPT:
            return
        if self.look is not Look.ENGLISH:
            found = violations(self.page)
            assert not found, found
        assert self.page.evaluate(SIDEWAYS) <= 0, "the page scrolls sideways"


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Ask axe what is not accessible on this page: one line per rule, with the first place."""
    page.evaluate(_axe())
    run = "tags => axe.run(document, {runOnly: tags})"
    found = page.evaluate(run, TAGS)["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
