"""Rules of the skeleton of a case."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pga.cases.rules import (
    ENDED,
    PHASE_OF,
    STEPS,
    CaseState,
    Need,
    age_on,
    birthday,
    find_step,
    inform_clock,
    is_review_overdue,
    is_running,
    next_review,
    steps_from,
)

DAY = date(2026, 11, 2)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 1, 1))


def test_triage_never_goes_straight_to_the_meeting() -> None:
    assert find_step(CaseState.TRIAGE, CaseState.MEETING, in_force=True) is None


def test_a_decision_for_the_approach_needs_a_weighing_note_and_a_second_person() -> None:
    step = find_step(CaseState.TRIAGE, CaseState.DECIDED, in_force=True)
    assert step is not None
    assert set(step.needs) == {Need.WEIGHING_NOTE, Need.SECOND_PERSON}


def test_a_meeting_needs_an_informed_youth_or_a_delay_record() -> None:
    step = find_step(CaseState.INFORMING, CaseState.MEETING, in_force=True)
    assert step is not None
    assert step.needs == (Need.INFORMED,)


def test_once_the_agreement_ended_every_active_state_may_only_close() -> None:
    for source in CaseState:
        for target in CaseState:
            step = find_step(source, target, in_force=False)
            allowed = target is CaseState.CLOSED and source not in ENDED
            assert (step is not None) == allowed


def test_no_step_leaves_an_ended_case() -> None:
    assert not [step for step in STEPS if step.source in ENDED]


def test_every_state_has_a_phase() -> None:
    assert set(PHASE_OF) == set(CaseState)


def test_only_the_municipality_takes_steps() -> None:
    for state in CaseState:
        assert steps_from(state, "POL") == ()
    assert [step.target for step in steps_from(CaseState.PLAN_DRAFT, "GCR")] == [
        CaseState.IN_PROGRESS
    ]


@pytest.mark.parametrize(
    ("day", "alarm", "blocking"), [(0, False, False), (20, True, False), (30, True, True)]
)
def test_the_informing_clock_warns_at_day_20_and_blocks_at_day_30(
    day: int, *, alarm: bool, blocking: bool
) -> None:
    clock = inform_clock(DAY - timedelta(days=day), None, None, DAY)
    assert (clock.day, clock.is_alarm, clock.is_blocking) == (day, alarm, blocking)


def test_an_informed_youth_stops_the_clock() -> None:
    clock = inform_clock(DAY - timedelta(days=90), DAY - timedelta(days=80), None, DAY)
    assert not clock.is_alarm
    assert not clock.is_blocking


def test_a_delay_record_stops_the_clock_through_its_last_day() -> None:
    opened = DAY - timedelta(days=40)
    assert not inform_clock(opened, None, DAY, DAY).is_blocking
    assert inform_clock(opened, None, DAY - timedelta(days=1), DAY).is_blocking


def test_a_review_is_overdue_from_the_day_after_its_date() -> None:
    assert not is_review_overdue(None, DAY)
    assert not is_review_overdue(DAY, DAY)
    assert is_review_overdue(DAY - timedelta(days=1), DAY)
    assert next_review(DAY) == date(2027, 2, 1)


def test_somebody_born_on_29_february_has_the_birthday_on_1_march() -> None:
    born = date(2012, 2, 29)
    assert birthday(born, 12) == date(2024, 2, 29)
    assert birthday(born, 13) == date(2025, 3, 1)
    assert age_on(born, date(2025, 2, 28)) == 12
    assert age_on(born, date(2025, 3, 1)) == 13


def test_an_unknown_birth_date_gives_no_age() -> None:
    assert age_on(None, DAY) is None


@given(days, st.integers(min_value=0, max_value=90))
def test_the_age_is_reached_exactly_on_the_birthday(born: date, age: int) -> None:
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, day - timedelta(days=1)) == age - 1


@given(days, days, days)
def test_a_term_runs_through_its_last_day_and_ends_at_once(
    start: date, end: date, today: date
) -> None:
    assert is_running(start, end, None, today) == (start <= today <= end)
    assert not is_running(start, end, today, today)
    if is_running(start, end, None, today):
        assert is_running(start, end, today + timedelta(days=1), today)
