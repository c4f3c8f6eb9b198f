"""What ends takes effect at the next request: for who has a page open, and between two clicks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from werkzeug.test import TestResponse

from audit.entries import Action
from auth.service import sessions
from config.clock import FrozenClock, today
from pga.cases.rules import ParticipantTask
from pga.dossier.service import contributions
from pga.records import keyring
from pga.records.errors import StaleDecisionError
from tests.factories import events
from tests.factories.browserless import Visitor, session_of
from tests.factories.events import Event
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene
from tests.factories.snapshots import Played, Recipe

SECRET = "speak in short sentences"
LONG = 360
Shared = tuple[bytes, bytes]


def shared(scene: Scene) -> Shared:
    """Let youth care read one item of mental health care under a release; all runs for long."""
    case_id = scene.case("POL", "GGZ")
    scene.join(case_id, "JHA", task=ParticipantTask.EXECUTION, days=LONG)
    scene.release(case_id, "GGZ", ["D07"], "JHA", days=LONG)
    scene.release(case_id, "JHA", ["D10"], "GCR", "GPR", days=LONG)
    item_id = scene.bring("GGZ", case_id, "D07", SECRET)
    return case_id, item_id


def item_page(played: Played[Shared]) -> str:
    """Give the address of the item."""
    case_id, item_id = played.made
    return f"/cases/{case_id.hex()}/items/{item_id.hex()}"


def is_open(visitor: Visitor, played: Played[Shared]) -> bool:
    """Tell whether somebody can read the item, on its own page or the page of the case."""
    page, case = visitor.get(item_page(played)), visitor.get(f"/cases/{played.made[0].hex()}")
    found = {SECRET in page.text, SECRET in case.text}
    assert len(found) == 1
    return found.pop()


ENDINGS = [
    events.release_withdrawn,
    events.role_ended,
    events.account_blocked,
    events.task_ended,
    events.agreement_ended,
]


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__)
def test_what_ends_stops_the_next_view_in_every_open_session(play: Play, end: Event) -> None:
    played = play(shared)
    first, second = played.visitor("JHA"), played.visitor("JHA")
    assert is_open(first, played)
    assert is_open(second, played)

    end(played.scene, played.made[0], "JHA")

    assert not is_open(second, played)
    assert not is_open(first, played)


@pytest.mark.parametrize(
    ("end", "writer", "category"),
    [
        (events.release_withdrawn, "GGZ", "D07"),
        (events.role_ended, "JHA", "D10"),
        (events.account_blocked, "JHA", "D10"),
        (events.task_ended, "JHA", "D10"),
        (events.agreement_ended, "JHA", "D10"),
        (events.agreement_ended, "GPR", "D01"),
    ],
)
def test_what_ends_between_form_and_post_stops_the_post(
    play: Play, end: Event, writer: str, category: str
) -> None:
    played = play(shared)
    visitor = played.visitor(writer)
    form = f"/cases/{played.made[0].hex()}/contribute"
    assert visitor.get(f"{form}?category={category}").status_code == 200
    assert visitor.token
    before = written(played)

    end(played.scene, played.made[0], writer)
    answer = visitor.post(form, {"category": category, "title": "too late", "text": "too late"})

    assert is_refused(answer)
    assert written(played) == before


def is_refused(answer: TestResponse) -> bool:
    """Tell whether somebody was refused, or has to sign in first."""
    return answer.status_code in {403, 404, 422} or "/sign-in" in answer.headers["Location"]


def written(played: Played[Shared]) -> int:
    """Count the items of the case."""
    return len(played.scene.desk("GPR", played.made[0]).facts.items)


def amsterdam(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    """Give a moment of the clock on the wall in Amsterdam."""
    offset = 2 if 4 <= day.month <= 9 else 1
    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC)
    return moment - timedelta(hours=offset)


def until_summer(scene: Scene) -> Shared:
    """Let the release run until the last day of June."""
    return _until(scene, date(2027, 6, 30))


def until_winter(scene: Scene) -> Shared:
    """Let the release run until the last day of January."""
    return _until(scene, date(2027, 1, 31))


def _until(scene: Scene, last: date) -> Shared:
    case_id = scene.case("GGZ")
    scene.join(case_id, "JHA", days=LONG)
    scene.release(case_id, "GGZ", ["D07"], "JHA", days=(last - today()).days)
    return case_id, scene.bring("GGZ", case_id, "D07", SECRET)


@pytest.mark.parametrize(
    ("recipe", "last"),
    [(until_winter, date(2027, 1, 31)), (until_summer, date(2027, 6, 30))],
    ids=["winter", "summer"],
)
def test_a_release_ends_at_midnight_in_amsterdam_in_an_open_session(
    play: Play, clock: FrozenClock, recipe: Recipe[Shared], last: date
) -> None:
    played = play(recipe)
    clock.move_to(amsterdam(last, 23, 59, 30))
    visitor = played.visitor("JHA")
    assert is_open(visitor, played)
    clock.move_to(amsterdam(last, 23, 59, 59))
    assert is_open(visitor, played)
    clock.advance(timedelta(seconds=1))
    assert not is_open(visitor, played)


@pytest.mark.parametrize("last", [date(2027, 1, 31), date(2027, 6, 30)], ids=["winter", "summer"])
def test_an_agreement_ends_at_midnight_in_amsterdam_in_an_open_session(
    play: Play, clock: FrozenClock, last: date
) -> None:
    played = play(shared)
    clock.move_to(amsterdam(last, 23, 59, 30))
    events.agreement_runs_out(played.scene, played.made[0], "")
    visitor = played.visitor("JHA")
    assert is_open(visitor, played)
    clock.move_to(amsterdam(last, 23, 59, 59))
    assert is_open(visitor, played)
    clock.advance(timedelta(seconds=1))
    assert not is_open(visitor, played)


@pytest.mark.parametrize("end", ENDINGS, ids=lambda end: end.__name__)
def test_what_ends_between_decision_and_unwrapping_closes_the_item(play: Play, end: Event) -> None:
    overtaken(play(shared), end)


def test_a_withdrawal_between_decision_and_unwrapping_closes_the_item_on_postgresql(
    play: Play,
) -> None:
    overtaken(play(shared, "postgresql"), events.release_withdrawn)


def test_a_session_ended_between_decision_and_unwrapping_closes_the_item(play: Play) -> None:
    def end(scene: Scene, case_id: bytes, partner: str) -> None:
        _ = scene, case_id, partner
        sessions.sign_out(session_of(visitor))

    played = play(shared)
    visitor = played.visitor("JHA")
    overtaken(played, end, visitor)


@pytest.mark.parametrize("end", [events.role_ended, events.account_blocked, events.task_ended])
def test_what_ends_between_decision_and_writing_stops_the_write(play: Play, end: Event) -> None:
    played = play(shared)
    desk = played.scene.desk("JHA", played.made[0])
    before = written(played)
    viewer = replace(desk.viewer, session=played.visitor("JHA").session_id.hex())
    end(played.scene, played.made[0], "JHA")
    with pytest.raises(StaleDecisionError):
        contributions.log_intervention(
            replace(desk, viewer=viewer), "contact_continues", "", desk.today
        )
    assert written(played) == before


def overtaken(played: Played[Shared], end: Event, visitor: Visitor | None = None) -> None:
    """Let the ending commit in another thread when a reader is about to use its keys.

    The reader has its decision, its entry and its receipt, and the wrapped keys at hand. Then it
    waits for the other thread, and only then it looks whether its decision still stands.
    """
    reader = visitor or played.visitor("JHA")
    reading, ended = Barrier(2, timeout=60), Barrier(2, timeout=60)
    waited: list[object] = []

    def wait(*args: object) -> object:
        found = keyring.read_keys(*args)  # type: ignore[arg-type]
        if not waited:
            waited.append(found)
            reading.wait()
            ended.wait()
        return found

    def other() -> None:
        reading.wait()
        with played.app.app_context():
            end(played.scene, played.made[0], "JHA")
        ended.wait()

    thread = Thread(target=other)
    thread.start()
    with patch("pga.records.service.opening.read_keys", wait):
        answer = reader.get(item_page(played))
    thread.join()

    assert waited
    assert SECRET not in answer.text
    assert is_refused(answer)
    stopped = [e for e in entries_of(played.app, Action.OUTCOME) if e.reason == "stale-decision"]
    assert len(stopped) == 1
