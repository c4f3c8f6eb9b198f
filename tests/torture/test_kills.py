"""The web server is killed at random: what was shown is in the log, what was saved stays."""

import random
import threading
import time
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from audit import readers
from audit.verify import State, verify
from auth.current import PLAIN_COOKIE
from auth.rules import AuthLevel
from auth.service.sessions import prepare
from config import clock
from config.database import db, settings, stores, transaction
from config.keys import kek
from pga.sharing.service.disclose import disclose_one
from tests.factories.browserless import TOKEN
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.torture.served import ask, kill, served

pytestmark = pytest.mark.unmeasured

MARKER = "absent on Mondays"


def one_case(scene: Scene) -> tuple[bytes, bytes]:
    """Play a case with one contribution; gives the ids of both."""
    case_id = scene.case()
    return case_id, scene.bring("LPR", case_id, "D04", MARKER)


class Browser:
    """Somebody who opens the case and logs interventions, over and over, until the server dies."""

    def __init__(self, token: str, case_id: bytes) -> None:
        self.cookie = f"{PLAIN_COOKIE}={token}"
        self.case_id = case_id
        self.shown = 0
        self.saved: list[str] = []

    def work(self, port: int) -> None:
        """Go on until an answer fails to come."""
        while True:
            page = ask(port, "GET", f"/cases/{self.case_id.hex()}", self.cookie)
            if page is None:
                return
            self.shown += MARKER in page[1]
            found = TOKEN.search(page[1])
            if found is None:
                return
            title = f"talk {len(self.saved)} {random.random()}"  # noqa: S311 - a unique title
            form = {
                "case": self.case_id.hex(),
                "what": title,
                "happened_on": clock.today().isoformat(),
                "csrf_token": unescape(found.group(1)),
            }
            cookie = f"{self.cookie}; {page[2]}" if page[2] else self.cookie
            self.cookie = cookie
            answer = ask(port, "POST", "/log", cookie, urlencode(form))
            if answer is None:
                return
            if answer[0] == 303:
                self.saved.append(title)


def test_every_page_that_showed_plaintext_has_its_entry(
    play: Play, rounds: int, database: str
) -> None:
    played = play(one_case, database)
    case_id, item_id = played.made
    scene = played.scene
    manager = scene.who("GCR")
    opened = prepare(manager.person_id, AuthLevel.PASSWORD)
    with transaction():
        db.session.add(opened.login)
    db.session.remove()
    chosen = settings()
    browser = Browser(opened.token, case_id)
    moments = random.Random(20261102)  # noqa: S311 - when to kill, not what to keep
    start = clock.now()
    began = time.monotonic()
    for _ in range(rounds):
        stores().dispose()  # no connection may live in two processes
        now = start + timedelta(seconds=time.monotonic() - began)
        with served(chosen, now) as (pid, port):
            while ask(port, "GET", "/healthz", "") is None:
                time.sleep(0.02)
            killer = threading.Timer(moments.uniform(0.1, 1.0), kill, (pid,))
            killer.start()
            browser.work(port)
            killer.join()
    assert browser.shown
    assert browser.saved
    verdict = verify(stores().audit, kek())
    assert verdict.state is State.OK, verdict
    entries = [
        reading
        for reading in readers.readers_of(case_id.hex(), [item_id.hex()])
        if reading.person == manager.person_id.hex()
    ]
    assert len(entries) >= browser.shown
    disclosure = disclose_one(manager.viewer, case_id)
    titles = {str(item.content.get("title")) for item in disclosure.items}
    assert set(browser.saved) <= titles
