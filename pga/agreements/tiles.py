"""How widely everything opens, as tiles: a number, a shape and a pattern that gets denser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from pga.policy.codes import CATEGORIES, Category, Partner
from pga.policy.compile import Table
from pga.policy.who_may import Heat, View, heat

DENSEST = 4


class FlowSide(StrEnum):
    """From which side openness is counted (kant): by who brings, or by who sees."""

    BRINGS = "brings"
    SEES = "sees"


@dataclass(frozen=True, slots=True)
class Tile:
    """One cell of the heat map (vak van de hittekaart).

    `most` is between how many partners it could go at most.
    """

    partner: Partner
    category: Category
    heat: Heat
    most: int

    @property
    def count(self) -> int:
        """Give between how many partners it can go."""
        return len(self.heat.partners)

    @property
    def level(self) -> int:
        """Give how dense the pattern is: 0 for nobody, the densest for nearly everybody."""
        return ceil(DENSEST * self.count / self.most) if self.most else 0

    @property
    def state(self) -> str:
        """Give the shape: open for somebody without a condition, only under one, or closed."""
        if not self.count:
            return "never"
        return "open" if self.heat.free else "conditional"


@dataclass(frozen=True, slots=True)
class HeatGrid:
    """A heat map laid out (hittekaart): a row for each partner, a column for each category."""

    view: View
    side: FlowSide
    categories: Sequence[Category]
    rows: Mapping[Partner, Sequence[Tile]]


def tiles_of(table: Table, view: View, side: FlowSide) -> HeatGrid:
    """Lay out how widely everything opens, seen from one side."""
    warmth = heat(table, view)
    found = warmth.brings if side is FlowSide.BRINGS else warmth.sees
    most = len(found) - 1
    rows = {
        partner: tuple(Tile(partner, code, one, most) for code, one in row.items())
        for partner, row in found.items()
    }
    return HeatGrid(view, side, CATEGORIES[view.track], rows)
