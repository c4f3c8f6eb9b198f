"""Days and instants in words, in Amsterdam time and in the language of the page."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from config.clock import FrozenClock
from config.errors import ConflictError
from pga.web import filters

JUST_BEFORE_MIDNIGHT_UTC = datetime(2026, 3, 3, 23, 42, tzinfo=UTC)


@pytest.mark.usefixtures("in_dutch")
class TestInDutch:
    def test_a_day_is_written_in_words(self) -> None:
        assert filters.day(date(2026, 3, 3)) == "3 maart 2026"

    def test_an_instant_falls_on_its_amsterdam_day(self) -> None:
        assert filters.day(JUST_BEFORE_MIDNIGHT_UTC) == "4 maart 2026"
        assert filters.moment(JUST_BEFORE_MIDNIGHT_UTC) == "4 maart 2026 om 00:42"
        assert filters.clock_time(JUST_BEFORE_MIDNIGHT_UTC) == "00:42"

    def test_a_legal_date_includes_its_day_and_an_instant_does_not(self) -> None:
        assert filters.until(date(2026, 11, 12)) == "tot en met 12 november 2026"
        assert filters.until(JUST_BEFORE_MIDNIGHT_UTC) == "tot 4 maart 2026 om 00:42"

    def test_a_short_day_names_only_another_year(self, clock: FrozenClock) -> None:
        assert clock.now().year == 2026
        assert filters.short_day(date(2026, 5, 12)) == "12 mei"
        assert filters.short_day(date(2025, 12, 12)) == "12 dec 2025"


def test_days_are_english_for_who_reads_english(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert filters.day(date(2026, 3, 3)) == "3 March 2026"
        assert filters.until(date(2026, 3, 3)) == "up to and including 3 March 2026"


def test_machines_read_the_same_instant() -> None:
    assert filters.iso(date(2026, 3, 3)) == "2026-03-03"
    assert filters.iso(JUST_BEFORE_MIDNIGHT_UTC) == "2026-03-04T00:42+01:00"


@pytest.mark.usefixtures("in_dutch")
def test_a_message_is_said_with_its_values() -> None:
    class Message:
        id = "Use no more than %(max)s characters."
        values = {"max": 3}  # noqa: RUF012 - a specimen

    assert filters.said(Message()) == "Gebruik niet meer dan 3 tekens."
    assert filters.said(ConflictError("Use %(min)s to %(max)s characters.", min=1, max=2)) == (
        "Gebruik 1 tot 2 tekens."
    )
    assert filters.said("100% bare text") == "100% bare text"


def test_templates_know_the_filters(app: Flask) -> None:
    known = {"day", "short_day", "clock_time", "moment", "until", "iso", "said"}
    assert known <= set(app.jinja_env.filters)
