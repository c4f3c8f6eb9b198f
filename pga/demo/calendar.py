"""The calendar: cues get an instant on a working day, and never one that is still to come."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zlib import crc32

from config.clock import AMSTERDAM
from pga.demo.script import Cue, LookAtList, OpenLate, Scene, Start

SATURDAY, SUNDAY = 5, 6
DAY_STARTS = time(8, 40)
LATE = time(23, 20)
LATEST_START = 250
SMALLEST_STEP, STEP_SPREAD = 4, 19


def working_day(day: date) -> date:
    """Move a Saturday to the Friday before and a Sunday to the Monday after, so order stays."""
    if day.weekday() == SATURDAY:
        return day - timedelta(days=1)
    if day.weekday() == SUNDAY:
        return day + timedelta(days=1)
    return day


def dated(key: str, cues: Sequence[Cue], now: datetime, *, is_exact: bool = False) -> list[Scene]:
    """Give the cues of one youth their instants, each later than the one before.

    `cues` are in order. A story that is exact keeps the day of its signal, also in a weekend.
    """
    today = now.astimezone(AMSTERDAM).date()
    found: list[Scene] = []
    last = datetime.min.replace(tzinfo=AMSTERDAM)
    for number, cue in enumerate(cues):
        day = today - timedelta(days=cue.days)
        if not (is_exact and isinstance(cue.act, Start)):
            day = working_day(day)
        if isinstance(cue.act, LookAtList):
            at = datetime.combine(day, DAY_STARTS, AMSTERDAM)
        elif isinstance(cue.act, OpenLate):
            at = datetime.combine(day, LATE, AMSTERDAM)
        else:
            at = datetime.combine(day, DAY_STARTS, AMSTERDAM) + _later(key, cue.days, LATEST_START)
        step = timedelta(minutes=SMALLEST_STEP) + _later(key, number, STEP_SPREAD)
        at = max(at, last + step) if found else at
        last = at
        found.append(Scene(at, key, cue.by, cue.act))
    return _not_to_come(found, now)


def _later(key: str, number: int, spread: int) -> timedelta:
    """Give a number of minutes that is the same every time, and differs between stories."""
    return timedelta(minutes=crc32(f"{key} {number}".encode()) % spread)


def _not_to_come(scenes: Sequence[Scene], now: datetime) -> list[Scene]:
    """Move what would still have to happen to the last minutes before now, in order."""
    limit = now - timedelta(minutes=1)
    kept: list[Scene] = []
    for scene in reversed(scenes):
        at = min(scene.at, limit)
        kept.append(Scene(at, scene.youth, scene.by, scene.act))
        limit = at - timedelta(seconds=20)
    return kept[::-1]
