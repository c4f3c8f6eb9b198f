"""Changes of cells: one cell with its remark, or a whole row at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import yaml

from pga.policy.cells import Cell, parse_cell
from pga.policy.codes import CATEGORIES, Category, Partner, Track
from pga.policy.document.extras import remark_of
from pga.policy.document.matrix import cell_at, row
from pga.policy.editing.kinds import Kind, Reading, keyed, partner_of, track_of
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument, Remark
from pga.policy.writing import remark_data, row_data


@dataclass(frozen=True, slots=True)
class CellChange:
    """Another cell, with why it departs from the model and a comment.

    An empty `cell` is one that is not written: X/X, but nobody has said so.
    """

    track: Track
    partner: Partner
    category: Category
    cell: str
    reason: str = ""
    comment: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the cell."""
        return Place(PlaceKind.CELL, self.track, self.partner, self.category)

    @property
    def data(self) -> object:
        """Give cell and remark; None for nothing."""
        return _data(self.cell, Remark(self.reason, self.comment))

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the cell and its remark."""
        track = track_of(document, self.place)
        cell = parse_cell(self.cell) if self.cell else None
        cells = keyed(document.row(track, self.partner), self.category, cell)
        said = document.remarks.get(track, {})
        remark = Remark(self.reason, self.comment)
        remarks = keyed(
            said.get(self.partner, {}), self.category, remark if remark != Remark() else None
        )
        table = keyed(said, self.partner, remarks or None)
        changed = replace(document, remarks=keyed(document.remarks, track, table or None))
        return _with_row(changed, track, self.partner, cells)


@dataclass(frozen=True, slots=True)
class RowChange:
    """Another row: all written cells of a partner at once.

    A row without a cell is no row. Remarks stay.
    """

    track: Track
    partner: Partner
    cells: Mapping[Category, str]

    @property
    def place(self) -> Place:
        """Give the place of the row."""
        return Place(PlaceKind.ROW, self.track, self.partner)

    @property
    def data(self) -> object:
        """Give the cells; None for no row."""
        return {str(category): cell for category, cell in self.cells.items()} or None

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Put the row."""
        cells = {category: parse_cell(cell) for category, cell in self.cells.items()}
        return _with_row(document, track_of(document, self.place), self.partner, cells)


def _with_row(
    document: AgreementDocument, track: Track, partner: Partner, cells: Mapping[Category, Cell]
) -> AgreementDocument:
    """Give the document with other cells of a partner, in the order of the categories."""
    ordered = MappingProxyType(
        {category: cells[category] for category in CATEGORIES[track] if category in cells}
    )
    table = keyed(document.matrix[track], partner, ordered or None)
    return replace(document, matrix=keyed(document.matrix, track, table))


def _data(cell: str, remark: Remark) -> object:
    """Give cell and remark as plain data; None for nothing."""
    return {**({"cell": cell} if cell else {}), **remark_data(remark)} or None


def _cell(document: AgreementDocument, place: Place) -> object:
    """Give what stands at a cell."""
    track, partner, category = track_of(document, place), partner_of(place), Category(place.name)
    cell = document.row(track, partner).get(category)
    return _data("" if cell is None else cell.text, document.remark(track, partner, category))


def _read_cell(reading: Reading) -> CellChange:
    """Read a cell and its remark."""
    keys: dict[str, yaml.Node] = {}
    if reading.node is not None:
        known = ("cell", "reason", "comment")
        keys = reading.read.fields(reading.node, str(reading.place), (), known)
    name, partner = reading.place.name, reading.partner
    cell = cell_at(reading.read, keys["cell"], partner, name) if "cell" in keys else None
    remark = remark_of(reading.read, keys)
    written = "" if cell is None else cell.text
    return CellChange(
        reading.track, partner, Category(name), written, remark.reason, remark.comment
    )


def _row(document: AgreementDocument, place: Place) -> object:
    """Give the cells of a row."""
    return row_data(document.row(track_of(document, place), partner_of(place))) or None


def _read_row(reading: Reading) -> RowChange:
    """Read a row."""
    cells = row(reading.read, reading.node, reading.partner, reading.track)
    written = {category: cell.text for category, cell in cells.items()}
    return RowChange(reading.track, reading.partner, MappingProxyType(written))


KINDS = MappingProxyType(
    {PlaceKind.CELL: Kind(_cell, _read_cell), PlaceKind.ROW: Kind(_row, _read_row)}
)
