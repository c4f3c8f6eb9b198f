"""One clock: instants in UTC, legal dates in Amsterdam, and never a step back."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from config import clock
from config.clock import FrozenClock, SystemClock
from tests.conftest import MONDAY_MORNING


def test_the_clock_of_the_machine_tells_an_aware_instant() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert abs(clock.now() - SystemClock().now()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_legal_date_is_a_day_in_amsterdam(instant: datetime, day: date) -> None:
    with clock.use(FrozenClock(instant)):
        assert clock.today() == clock.local_day(instant) == day


def test_a_frozen_clock_moves_forward_and_never_back() -> None:
    frozen = FrozenClock(MONDAY_MORNING)
    frozen.advance(timedelta(hours=1))
    assert frozen.now() == MONDAY_MORNING + timedelta(hours=1)
    with pytest.raises(ValueError, match="only moves forward"):
        frozen.move_to(MONDAY_MORNING)


def test_a_frozen_clock_tells_utc_wherever_it_was_set() -> None:
    frozen = FrozenClock(datetime(2026, 11, 2, 10, tzinfo=timezone(timedelta(hours=1))))
    assert frozen.now() == MONDAY_MORNING
    assert frozen.now().tzinfo is UTC


def test_the_clock_of_the_machine_counts_again_after_a_block(clock: FrozenClock) -> None:
    from config import clock as house_clock  # noqa: PLC0415 - the fixture has its name

    with house_clock.use(FrozenClock(datetime(2030, 1, 1, tzinfo=UTC))):
        assert house_clock.today() == date(2030, 1, 1)
    assert house_clock.now() == clock.now()
