"""The calendar of the demo: order is kept, nothing lies ahead, work is done on working days."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import local_day
from pga.demo import service
from pga.demo.calendar import dated, working_day
from pga.demo.plot import Plot
from pga.demo.script import Cue, Decide, Open, Review, Scene, Start
from pga.demo.source import region

NOWS = st.integers(0, 5 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DAYS = st.lists(st.integers(0, 250), min_size=1, max_size=40).map(lambda d: sorted(d, reverse=True))


def cues_on(days: list[int]) -> list[Cue]:
    return [Cue(day, "ilse", Open()) for day in days]


@given(NOWS, DAYS)
def test_what_comes_later_in_a_story_comes_later_in_time(now: datetime, days: list[int]) -> None:
    scenes = dated("sem", cues_on(days), now)
    assert all(one.at < other.at for one, other in pairwise(scenes))


@given(NOWS, DAYS)
def test_nothing_in_the_demo_still_has_to_happen(now: datetime, days: list[int]) -> None:
    assert all(scene.at < now for scene in dated("sem", cues_on(days), now))


@given(NOWS, DAYS)
def test_a_cue_is_played_within_two_days_of_its_day(now: datetime, days: list[int]) -> None:
    for cue, scene in zip(cues_on(days), dated("sem", cues_on(days), now), strict=True):
        assert abs((local_day(now) - local_day(scene.at)).days - cue.days) <= 2


@given(st.dates())
def test_a_weekend_moves_to_the_nearest_working_day(day: date) -> None:
    moved = working_day(day)
    assert moved.weekday() < 5
    assert abs((moved - day).days) <= 1


def test_an_exact_story_keeps_the_day_of_its_signal_in_a_weekend() -> None:
    monday = datetime(2026, 11, 2, 9, tzinfo=UTC)
    exact = dated("levi", [Cue(1, "samira", Start())], monday, is_exact=True)
    moved = dated("levi", [Cue(1, "samira", Start())], monday)
    assert local_day(exact[0].at) == date(2026, 11, 1)
    assert moved[0].at < monday
    assert local_day(moved[0].at) == date(2026, 11, 2)


def scenes_on(weekday: int) -> list[Scene]:
    now = datetime(2026, 11, 2, 0, 30, tzinfo=UTC) + timedelta(days=weekday)
    return list(service.scenes_of(region(), now))


@pytest.mark.parametrize("weekday", range(7))
def test_police_send_no_signal_before_their_decision_in_any_week(weekday: int) -> None:
    scenes = scenes_on(weekday)
    youths, people = region().youths, region().people
    for scene in scenes:
        home = youths[scene.youth].home if scene.youth in youths else ""
        if isinstance(scene.act, Start) and people[scene.by].place_in(home)[1] == "POL":
            before = [
                s.at
                for s in scenes
                if isinstance(s.act, Decide) and s.act.is_structural and s.at < scene.at
                if youths[s.youth].home == home
            ]
            assert before, scene


@pytest.mark.parametrize("weekday", range(7))
def test_a_case_is_looked_at_again_in_time_in_any_week(weekday: int) -> None:
    reviews: dict[str, list[Scene]] = {}
    for scene in scenes_on(weekday):
        if isinstance(scene.act, Review):
            reviews.setdefault(scene.youth, []).append(scene)
    for found in reviews.values():
        gaps = [b.at - a.at for a, b in pairwise(found)]
        assert all(gap <= timedelta(days=90) for gap in gaps)


def test_the_story_of_a_year_plays_the_same_way_every_time() -> None:
    assert scenes_on(3) == scenes_on(3)


def test_every_youth_has_a_plot_that_begins_with_a_signal() -> None:
    whole = region()
    for key, youth in whole.youths.items():
        cues = Plot(key, youth, whole).cues()
        assert isinstance(cues[0].act, Start)
        assert sum(isinstance(cue.act, Start) for cue in cues) == 1
