"""The only clock: instants are aware UTC, legal dates are days in Europe/Amsterdam."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Anything that tells the present instant in UTC."""

    def now(self) -> datetime:
        """Tell the present instant, aware and in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Tell the present instant of the machine in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that may ask the machine


class FrozenClock:
    """A clock that stands still until it is moved, and that only ever moves forward.

    Tests and the demo region use it; a log whose times fall would not verify.
    """

    def __init__(self, at: datetime) -> None:
        """Stand still at an aware instant."""
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Tell the instant the clock stands at."""
        return self._at

    def advance(self, step: timedelta) -> None:
        """Move forward by a step; raises ValueError for a step back."""
        self.move_to(self._at + step)

    def move_to(self, at: datetime) -> None:
        """Move forward to an aware instant; raises ValueError when it lies in the past."""
        if at < self._at:
            message = "a clock only moves forward"
            raise ValueError(message)
        self._at = at.astimezone(UTC)


_installed: list[Clock] = [SystemClock()]


def now() -> datetime:
    """Tell the present instant, aware and in UTC."""
    return _installed[-1].now()


def today() -> date:
    """Tell the legal date of this instant: the day in Europe/Amsterdam."""
    return local_day(now())


def local_day(at: datetime) -> date:
    """Tell the day in Europe/Amsterdam on which an aware instant falls."""
    return at.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """Tell the first second of a day in Europe/Amsterdam, as an instant in UTC."""
    return datetime.combine(day, time(0, 0, 0), AMSTERDAM).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Tell the last second of a day in Europe/Amsterdam, as an instant in UTC."""
    return datetime.combine(day, time(23, 59, 59), AMSTERDAM).astimezone(UTC)


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Let every part of the process read another clock inside the block."""
    _installed.append(clock)
    try:
        yield clock
    finally:
        _installed.remove(clock)
