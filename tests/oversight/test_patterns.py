"""The checks: each fits what it is for, says its numbers, and leaves ordinary work alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.acts import Act
from audit.entries import Action, Kind, Outcome
from pga.oversight.patterns import LIMITS, Limit, Match, Pattern, matches

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
PLAIN = {**LIMITS, Limit.SAMPLE_PERMILLE: 0}


class Log:
    """Acts in the order of a log."""

    def __init__(self) -> None:
        self.acts: list[Act] = []

    def add(self, at: datetime, actor: str = "ann", **facts: Any) -> "Log":  # noqa: ANN401 - a test changes any field
        made = Act(
            seq=len(self.acts),
            at=at,
            actor=actor,
            organisation="org",
            role="professional",
            on_behalf_of="",
            case_id="case",
            subject="youth",
            action=Action.CONSULT.value,
            kind=Kind.OPENED.value,
            outcome=Outcome.PERMIT.value,
            explained_by="task",
            others=True,
        )
        self.acts.append(made._replace(**facts))
        return self

    def found(self, since: datetime = START, limits: dict[Limit, int] | None = None) -> list[Match]:
        return matches(self.acts, since, limits or PLAIN)


def patterns(found: Sequence[Match]) -> list[Pattern]:
    return [match.pattern for match in found]


def test_explained_work_in_office_hours_asks_for_nothing() -> None:
    log = Log()
    for day in range(60):
        for hour in range(4):
            log.add(START + day * DAY + timedelta(hours=hour))
    assert log.found() == []


@pytest.mark.parametrize("why", ["", "none"])
def test_an_opening_that_nothing_explains_asks_for_an_explanation(why: str) -> None:
    log = Log().add(START, explained_by=why)
    assert patterns(log.found()) == [Pattern.UNEXPLAINED]


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": Kind.LISTED.value},
        {"others": False},
        {"outcome": Outcome.DENY.value},
        {"action": Action.UPDATE.value, "kind": ""},
    ],
)
def test_what_opened_nothing_of_others_needs_no_explanation(facts: dict[str, Any]) -> None:
    assert Log().add(START, explained_by="none", **facts).found() == []


def test_what_happened_before_was_looked_at_before() -> None:
    log = Log().add(START, explained_by="none")
    assert log.found(since=START + DAY) == []


def test_standing_in_for_somebody_who_was_there_that_day_asks_for_an_explanation() -> None:
    log = Log().add(START, actor="ben")
    for minute in (1, 2):
        log.add(START + timedelta(minutes=minute), on_behalf_of="ben")
    assert [(one.pattern, one.act.seq) for one in log.found()] == [(Pattern.STAND_IN, 1)]


def test_standing_in_for_somebody_who_was_away_is_what_it_is_for() -> None:
    log = Log().add(START, actor="ben").add(START + DAY, on_behalf_of="ben")
    assert log.found() == []


def test_every_emergency_is_looked_at() -> None:
    log = Log().add(START, action=Action.BREAK_GLASS.value)
    assert Pattern.EMERGENCY in patterns(log.found())


def usual(log: Log, days: int = 30) -> Log:
    for day in range(days):
        log.add(START + day * DAY)
    return log


def test_an_hour_at_which_somebody_never_works_asks_once_a_day() -> None:
    log = usual(Log())
    night = START + 30 * DAY + timedelta(hours=15)
    log.add(night).add(night + timedelta(minutes=5))
    (match,) = log.found()
    assert (match.pattern, match.act.seq) == (Pattern.UNUSUAL_HOUR, 30)
    assert match.facts == {"hour": 1, "acts": 30}


def test_an_hour_next_to_the_usual_one_is_usual() -> None:
    log = usual(Log()).add(START + 30 * DAY + timedelta(hours=1))
    assert log.found() == []


def test_of_somebody_new_no_hour_is_unusual() -> None:
    log = usual(Log(), days=29).add(START + 30 * DAY + timedelta(hours=15))
    assert log.found() == []


def test_many_young_people_on_one_day_ask_for_an_explanation() -> None:
    log = Log()
    for person in range(21):
        log.add(START + timedelta(minutes=person), subject=f"youth {person}")
    (match,) = log.found()
    assert (match.pattern, match.act.seq) == (Pattern.VOLUME, 20)
    assert match.facts == {"people": 21, "usual": 20}


def test_what_everybody_of_a_role_does_is_usual() -> None:
    log = Log()
    for day in range(10):
        for colleague in ("ann", "ben", "cas"):
            for person in range(24 + (day % 3)):
                at = START + day * DAY + timedelta(minutes=person)
                log.add(at, actor=colleague, subject=f"youth {person}")
    assert Pattern.VOLUME not in patterns(log.found())


def test_the_same_youth_many_times_is_one_youth() -> None:
    log = Log()
    for minute in range(40):
        log.add(START + timedelta(minutes=minute))
    assert log.found() == []


def test_refused_again_and_again_and_then_let_in_asks_for_an_explanation() -> None:
    log = Log()
    for minute in range(3):
        log.add(START + timedelta(minutes=minute), outcome=Outcome.DENY.value)
    log.add(START + timedelta(minutes=4))
    (match,) = log.found()
    assert (match.pattern, match.facts) == (Pattern.REFUSED_THEN_ALLOWED, {"refusals": 3})


@pytest.mark.parametrize("minutes", [1, 20])
def test_a_refusal_or_two_or_long_ago_are_ordinary(minutes: int) -> None:
    log = Log()
    for minute in range(2 if minutes == 1 else 3):
        log.add(START + timedelta(minutes=minute), outcome=Outcome.DENY.value)
    log.add(START + timedelta(minutes=minutes + 3))
    assert log.found() == []


def test_refusals_outside_any_case_are_counted_nowhere() -> None:
    log = Log()
    for minute in range(5):
        log.add(START + timedelta(minutes=minute), outcome=Outcome.DENY.value, case_id="")
    assert log.add(START + timedelta(minutes=6)).found() == []


def searched(log: Log, times: int) -> Log:
    for minute in range(times):
        log.add(START + timedelta(minutes=minute), kind=Kind.SEARCHED.value, case_id="")
    return log


def test_many_searches_without_any_work_ask_for_an_explanation() -> None:
    (match,) = searched(Log(), 9).found()
    assert (match.pattern, match.facts) == (Pattern.SEARCHES, {"searches": 9})


def test_searches_of_who_writes_something_that_day_are_work() -> None:
    log = searched(Log(), 9).add(START, kind="", action=Action.UPDATE.value)
    assert log.found() == []
    assert searched(Log(), 8).found() == []


def test_an_account_that_was_silent_for_long_asks_for_an_explanation() -> None:
    log = Log().add(START).add(START + 61 * DAY)
    (match,) = log.found(since=START + DAY)
    assert (match.pattern, match.facts) == (Pattern.DORMANT, {"days": 61})
    assert Log().add(START).add(START + 59 * DAY).found() == []


def test_about_one_in_a_hundred_openings_is_taken_as_a_sample() -> None:
    log = Log()
    for minute in range(5000):
        log.add(START + timedelta(minutes=minute % 60))
    found = [one for one in log.found(limits=dict(LIMITS)) if one.pattern is Pattern.SAMPLE]
    assert 30 <= len(found) <= 70


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60 * 24 * 5),
            st.sampled_from(["ann", "ben", ""]),
            st.sampled_from(["case", "other", ""]),
            st.sampled_from([kind.value for kind in Kind] + [""]),
            st.sampled_from([outcome.value for outcome in Outcome]),
            st.sampled_from(["task", "none", ""]),
        ),
        max_size=60,
    )
)
def test_whatever_happened_each_match_is_of_an_act_since_then_and_stands_once(
    given_acts: list[tuple[int, str, str, str, str, str]],
) -> None:
    log = Log()
    for minutes, actor, case_id, kind, outcome, why in sorted(given_acts):
        log.add(
            START + timedelta(minutes=minutes),
            actor=actor,
            case_id=case_id,
            kind=kind,
            outcome=outcome,
            explained_by=why,
        )
    since = START + 2 * DAY
    found = log.found(since=since, limits=dict(LIMITS))
    assert all(match.act.at >= since for match in found)
    keys = [(match.pattern, match.act.seq) for match in found]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, key=lambda key: (key[1], key[0]))
