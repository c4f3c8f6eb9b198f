"""What no agreement may allow, made ready to be asked: on a cell, a pair, a child, a signal.

The limits themselves are data (`pga.policy.catalogue`). Cell limits refuse an agreement. Pair
limits are prohibitions compiled into every table and shown as "cut by law". In which order the
catalogue lists them never matters to an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from pga.policy.catalogue import (
    Catalogue,
    CellClosed,
    CellNeeds,
    CellSide,
    Check,
    ChildClosed,
    ExceptionStated,
    HandoverOf,
    PairClosed,
    Place,
    Rule,
)
from pga.policy.catalogue_text import current
from pga.policy.cells import ON_CONSULT, ON_PROVIDE, Cell, parse_cell
from pga.policy.codes import BIT, Category, Condition, Partner

RELEASE = BIT[Condition.SECRECY_RELEASE]
DECISION = BIT[Condition.DISCLOSURE_DECISION]
EDITIONS_KEPT = 16
NO_SIDE = frozenset[CellSide]()
_LETTER: Final = {
    side: {condition: letter for letter, condition in letters.items()}
    for side, letters in ((CellSide.PROVIDE, ON_PROVIDE), (CellSide.CONSULT, ON_CONSULT))
}


@dataclass(frozen=True, slots=True)
class CellLimit:
    """What one check asks of one cell (celgrens).

    The sides in `shut` are X, those in `asking` ask `condition` where they are open;
    `no_handover` tells that this partner takes none.
    """

    check: Check
    shut: frozenset[CellSide] = NO_SIDE
    asking: frozenset[CellSide] = NO_SIDE
    condition: Condition | None = None
    no_handover: bool = False

    def need(self, side: CellSide) -> int:
        """Give what a side must ask, as a mask."""
        return BIT[self.condition] if self.condition is not None and side in self.asking else 0

    def broken(self, cell: Cell) -> tuple[CellSide, ...]:
        """Give the sides of a cell that break this limit."""
        return tuple(side for side in CellSide if self._breaks(cell, side))

    def _breaks(self, cell: Cell, side: CellSide) -> bool:
        """Tell whether one side breaks it."""
        if side in self.shut and not is_closed(cell, side):
            return True
        if self.no_handover and side is CellSide.CONSULT and cell.consult.sign == "handover":
            return True
        asks = cell.provide.need if side is CellSide.PROVIDE else cell.consult.need
        return is_open(cell, side) and bool(self.need(side) & ~asks)

    def mend(self, cell: Cell) -> Cell:
        """Give the nearest cell that keeps to this limit: it asks more, or it is closed."""
        for side in self.broken(cell):
            if side in self.shut or self.condition is None:
                cell = close(cell, side)
            else:
                cell = _ask(cell, side, _LETTER[side][self.condition])
        return cell


def is_open(cell: Cell, side: CellSide) -> bool:
    """Tell whether a side of a cell ever opens."""
    return cell.provide.is_open if side is CellSide.PROVIDE else cell.consult.is_open


def is_closed(cell: Cell, side: CellSide) -> bool:
    """Tell whether a side is X; `o` is not X here, for there may be no own data either."""
    if side is CellSide.PROVIDE:
        return not cell.provide.is_open
    return cell.consult.sign in ("X", "handover")


def close(cell: Cell, side: CellSide) -> Cell:
    """Give a cell with one side X."""
    if side is CellSide.PROVIDE:
        return parse_cell(f"X/{cell.consult.text}")
    return parse_cell(f"{cell.provide.text}/X")


def _ask(cell: Cell, side: CellSide, letter: str) -> Cell:
    """Give a cell that asks one condition more on one side."""
    if side is CellSide.PROVIDE:
        return parse_cell(f"{cell.provide.text}{letter}/{cell.consult.text}")
    return parse_cell(f"{cell.provide.text}/{cell.consult.text}{letter}")


@dataclass(slots=True, eq=False)
class Limits:
    """The checks of one catalogue by what they are about.

    `pairs` and `children` lead to the check that forbids; where several do, to the one whose code
    comes first. `cuts` are the pairs by category.
    """

    catalogue: Catalogue
    pairs: dict[tuple[Partner, Partner, Category], Check] = field(default_factory=dict)
    children: dict[Category, Check] = field(default_factory=dict)
    cuts: dict[Category, list[tuple[Partner, Partner]]] = field(default_factory=dict)
    _cells: dict[tuple[Partner, Category], tuple[CellLimit, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the prohibitions once; cells follow when they are asked for."""
        for check in sorted(self.catalogue.checks, key=lambda one: one.code):
            match check.rule:
                case PairClosed(providers, consumers, categories):
                    for provider in providers:
                        for consumer in consumers:
                            for category in categories:
                                self.pairs.setdefault((provider, consumer, category), check)
                case ChildClosed(categories):
                    for category in categories:
                        self.children.setdefault(category, check)
        for provider, consumer, category in self.pairs:
            self.cuts.setdefault(category, []).append((provider, consumer))

    def of_kind(self, *kinds: type[Rule]) -> Iterator[Check]:
        """Give the checks of these kinds."""
        return (check for check in self.catalogue.checks if isinstance(check.rule, kinds))

    def on(self, partner: Partner, category: Category) -> tuple[CellLimit, ...]:
        """Give the limits on a cell, in the order of the catalogue."""
        found = self._cells.get((partner, category))
        if found is None:
            made = (_on_cell(check, partner, category) for check in self.catalogue.checks)
            found = tuple(limit for limit in made if limit is not None)
            self._cells[partner, category] = found
        return found

    def exceptions(
        self, partner: Partner, category: Category
    ) -> Iterator[tuple[Check, frozenset[CellSide]]]:
        """Give the checks that ask an AVG 9 or 10 exception of a cell, and for which sides."""
        for check in self.catalogue.checks:
            if isinstance(check.rule, ExceptionStated):
                sides = _sides(check.rule.places, partner, category)
                if sides:
                    yield check, sides

    def mended(self, partner: Partner, category: Category, cell: Cell) -> Cell:
        """Give the nearest cell that keeps to every cell limit."""
        for limit in self.on(partner, category):
            cell = limit.mend(cell)
        return cell

    def shuts(self, side: CellSide, partner: Partner, category: Category) -> bool:
        """Tell whether a side of a cell is X by law, whatever is written."""
        return any(side in limit.shut for limit in self.on(partner, category))

    def needed(self, side: CellSide, partner: Partner, category: Category) -> int:
        """Give the conditions that the law puts on a side, whatever is written (G2, G3)."""
        need = 0
        for limit in self.on(partner, category):
            need |= limit.need(side)
        return need

    def forbids(
        self, provider: Partner, consumer: Partner, category: Category, *, under_12: bool
    ) -> Check | None:
        """Give the prohibition on this, or None; that on a pair goes before that on a child."""
        pair = self.pairs.get((provider, consumer, category))
        return pair or (self.children.get(category) if under_12 else None)


@lru_cache(maxsize=EDITIONS_KEPT)
def limits_of(catalogue: Catalogue) -> Limits:
    """Make a catalogue ready to be asked, once."""
    return Limits(catalogue)


@cache
def standing() -> Limits:
    """Give the limits of the edition that the program comes with."""
    return limits_of(current())


def _on_cell(check: Check, partner: Partner, category: Category) -> CellLimit | None:
    """Give what a check asks of one cell, or None."""
    match check.rule:
        case CellClosed(places):
            shut = _sides(places, partner, category)
            return CellLimit(check, shut=shut) if shut else None
        case CellNeeds(places, condition):
            asking = _sides(places, partner, category)
            return CellLimit(check, asking=asking, condition=condition) if asking else None
        case HandoverOf(partners):
            return None if partner in partners else CellLimit(check, no_handover=True)
        case _:
            return None


def _sides(places: tuple[Place, ...], partner: Partner, category: Category) -> frozenset[CellSide]:
    """Give the sides of a cell that any of these places means."""
    return NO_SIDE.union(*(place.sides_of(partner, category) for place in places))
