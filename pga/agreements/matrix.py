"""The matrix of an agreement as a page shows it: per stage, with what deviates and what breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pga.agreements.cell_words import SideSeen, side_in
from pga.policy.cells import Cell
from pga.policy.codes import CATEGORIES, Category, Partner, Stage, Track
from pga.policy.terms import AgreementDocument
from pga.policy.violations import Violation

STAGES: Final = (Stage.FIRST, Stage.FULL, Stage.AFTERCARE)
"""The stages that cells speak of."""

CellPlace = tuple[Partner, Category]


def stages_of(track: Track) -> tuple[Stage, ...]:
    """Give the stages in which cells of a track open; only that of youth has an aftercare."""
    return STAGES if track is Track.YOUTH else STAGES[:2]


@dataclass(frozen=True, slots=True)
class Square:
    """One cell as it is shown: both sides in a stage, and what is to be seen about it."""

    partner: Partner
    category: Category
    cell: Cell
    bring: SideSeen
    see: SideSeen
    is_written: bool
    model: Cell | None
    violations: tuple[Violation, ...]

    @property
    def deviates(self) -> bool:
        """Tell whether it is another cell than that of the model."""
        return self.model is not None and self.model != self.cell


@dataclass(frozen=True)
class Grid:
    """A matrix of one track in one stage: a row for each partner, a column for each category."""

    track: Track
    stage: Stage
    categories: tuple[Category, ...]
    rows: Mapping[Partner, tuple[Square, ...]]

    @cached_property
    def squares(self) -> tuple[Square, ...]:
        """Give every cell, row by row."""
        return tuple(square for row in self.rows.values() for square in row)

    @cached_property
    def deviating(self) -> tuple[Square, ...]:
        """Give the cells that are otherwise than in the model."""
        return tuple(square for square in self.squares if square.deviates)

    @cached_property
    def broken(self) -> tuple[Square, ...]:
        """Give the cells that break a limit."""
        return tuple(square for square in self.squares if square.violations)

    @cached_property
    def unwritten(self) -> tuple[Square, ...]:
        """Give the cells that nobody has filled in yet."""
        return tuple(square for square in self.squares if not square.is_written)


def grid_of(
    document: AgreementDocument,
    track: Track,
    stage: Stage,
    *,
    model: AgreementDocument | None = None,
    violations: Iterable[Violation] = (),
) -> Grid:
    """Lay out the matrix of a track.

    Without a model nothing deviates.
    """
    broken = tuple(violations)
    rows = {
        partner: tuple(
            square_of(document, track, stage, (partner, code), model=model, violations=broken)
            for code in CATEGORIES[track]
        )
        for partner in partners_of(document, track)
    }
    return Grid(track, stage, CATEGORIES[track], rows)


def partners_of(document: AgreementDocument, track: Track) -> tuple[Partner, ...]:
    """Give every partner with a row in a track, and after them the parties without one."""
    written = document.matrix.get(track, {})
    elsewhere = {partner for rows in document.matrix.values() for partner in rows}
    parties = (party.partner for party in document.parties)
    return tuple(dict.fromkeys((*written, *(one for one in parties if one not in elsewhere))))


def square_of(  # noqa: PLR0913 - all that one square shows
    document: AgreementDocument,
    track: Track,
    stage: Stage,
    place: CellPlace,
    *,
    model: AgreementDocument | None = None,
    violations: Iterable[Violation] = (),
) -> Square:
    """Give one cell as it is shown in a stage."""
    cell = document.cell(track, *place)
    return Square(
        *place,
        cell=cell,
        bring=side_in(cell.provide, stage),
        see=side_in(cell.consult, stage),
        is_written=place[1] in document.row(track, place[0]),
        model=None if model is None else model.cell(track, *place),
        violations=tuple(
            one for one in violations if (one.track, one.partner, one.category) == (track, *place)
        ),
    )
