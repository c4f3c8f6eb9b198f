"""The versions of a place and track on a line of time, as a picture and as the text beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pga.agreements.models import Agreement

WIDTH = 600
ROW = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """One version as a bar: where it begins and how long it is, in units of the picture."""

    version: Agreement
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """All versions from the first day of the first to the last day of the last."""

    bars: Sequence[Bar]
    years: Sequence[tuple[int, float]]
    today: float | None
    height: int

    @property
    def width(self) -> int:
        """Give how wide the picture is."""
        return WIDTH


def timeline_of(versions: Sequence[Agreement], today: date) -> Timeline:
    """Lay versions out on a line of time; raises ValueError without any."""
    first = min(one.valid_from for one in versions)
    last = max(one.valid_until for one in versions)
    days = max(1, (last - first).days + 1)

    def at(day: date) -> float:
        return round((day - first).days * WIDTH / days, 1)

    bars = [
        Bar(
            one,
            at(one.valid_from),
            max(3.0, round(at(one.valid_until) - at(one.valid_from), 1)),
            ROW * place,
        )
        for place, one in enumerate(versions)
    ]
    years = [(year, at(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1)]
    return Timeline(bars, years, at(today) if first <= today <= last else None, ROW * len(bars))
