"""Several small selects in one statement: one round trip for all that a decision rests on.

A page reads a dozen tables that give a handful of rows each. As statements of their own they cost
more in asking than in answering, from a server above all. Here they are one UNION ALL: the columns
of each select take places by their type, and what comes back is dealt out again. So it is also one
snapshot, where statements would each have their own.
"""

from collections import Counter, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Select,
    String,
    Text,
    cast,
    literal_column,
    null,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from config.database import IdColumn, UtcDateTime

# What may stand in the same place, and how it is read there.
_READ_AS: Mapping[type[TypeEngine[Any]], TypeEngine[Any]] = {
    LargeBinary: IdColumn(),
    String: Text(),
    Boolean: Boolean(),
    Integer: Integer(),
    DateTime: UtcDateTime(),
    Date: Date(),
    JSON: JSON(),
}
_row_type: Any = namedtuple  # noqa: PYI024 - the names stand in the select
_Place = tuple[type[TypeEngine[Any]], int]


def _kind(column: ColumnElement[Any]) -> type[TypeEngine[Any]]:
    """Tell with what a column may share a place."""
    given: TypeEngine[Any] = column.type
    if isinstance(given, TypeDecorator):
        given = given.impl_instance
    return next(kind for kind in _READ_AS if isinstance(given, kind))


def _places(part: Select[*tuple[Any, ...]]) -> list[_Place]:
    """Give each column of a select its place: the first of its kind, the second, and so on."""
    taken: Counter[type[TypeEngine[Any]]] = Counter()
    places = []
    for column in part.selected_columns:
        kind = _kind(column)
        places.append((kind, taken[kind]))
        taken[kind] += 1
    return places


class Gathered:
    """A few selects read as one; each must have at least two columns."""

    def __init__(self, *parts: Select[*tuple[Any, ...]]) -> None:
        """Write the statement once; its rows have the names of the columns of their select."""
        placed = [_places(part) for part in parts]
        order = sorted({place for places in placed for place in places}, key=str)
        self._statement = _union(parts, placed, order)
        self._dealers = [
            _dealer(part, [1 + order.index(place) for place in places])
            for part, places in zip(parts, placed, strict=True)
        ]

    def read(self, connection: Connection, values: Mapping[str, object]) -> list[list[Any]]:
        """Read the rows of each select, in the order of the selects; within one in any order."""
        found: list[list[Any]] = [[] for _ in self._dealers]
        for row in connection.execute(self._statement, values).all():
            number = row[0]
            found[number].append(self._dealers[number](row))
        return found


def _union(
    parts: Sequence[Select[*tuple[Any, ...]]],
    placed: Sequence[list[_Place]],
    order: Iterable[_Place],
) -> CompoundSelect[*tuple[Any, ...]]:
    """Write the selects below each other, with nothing where one has no column for a place."""
    written = []
    for number, (part, places) in enumerate(zip(parts, placed, strict=True)):
        columns = dict(zip(places, part.selected_columns, strict=True))
        cells: list[ColumnElement[Any]] = [
            type_coerce(columns[place], _READ_AS[place[0]])
            if place in columns
            else cast(null(), _READ_AS[place[0]])
            for place in order
        ]
        named = [cell.label(f"c{at}") for at, cell in enumerate(cells)]
        written.append(part.with_only_columns(literal_column(str(number), Integer()), *named))
    return union_all(*written)


def _dealer(
    part: Select[*tuple[Any, ...]], places: Sequence[int]
) -> Callable[[Sequence[Any]], Any]:
    """Make what takes the columns of one select out of a row of all."""
    names = [str(column.key) for column in part.selected_columns]
    make, take = _row_type("Row", names)._make, itemgetter(*places)
    return lambda row: make(take(row))
