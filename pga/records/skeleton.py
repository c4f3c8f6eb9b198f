"""The plain rows around the sealed ones: who takes part, what was released, what version holds.

They are plain because every decision needs them, and they decide who reads. So they are sealed as a
whole: each write authenticates a digest of them under the root key of the case, together with the
version the log knows. Whoever owns the database can change a row, but cannot make the seal that
belongs to it, nor put an older seal back.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from hmac import compare_digest
from json import JSONEncoder
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, Table, bindparam, select

from config.database import Base
from config.gathering import Gathered
from pga.cases.models import BOUND_BY
from pga.records.envelope import CaseRoot
from pga.records.queries import CaseRow
from pga.records.rules import digest_rows, manifest_message, skeleton_message

MOVES = frozenset({"version", "manifest", "epoch"})
"""What every write moves in a case; the log and the manifest say what these must be."""
_IDS: BindParameter[Any] = bindparam("case_ids", expanding=True)


def bound_tables() -> tuple[Table, ...]:
    """List the tables whose rows belong to the skeleton of a case, by name."""
    tables = Base.metadata.tables.values()
    return tuple(sorted((one for one in tables if BOUND_BY in one.info), key=lambda one: one.name))


class Seen(NamedTuple):
    """What a decision saw of the plain rows of a case: its version, and the digest of them all."""

    version: int
    digest: bytes


def read_digests(connection: Connection, case_ids: Collection[bytes]) -> dict[bytes, bytes]:
    """Digest the plain rows of each of these cases as they stand; one query."""
    tables = bound_tables()
    parts = _gathered(tables).read(connection, {_IDS.key: list(case_ids)})
    found: dict[bytes, list[str]] = defaultdict(list)
    for table, rows in zip(tables, parts, strict=True):
        for row in rows:
            found[row.of_case].append(_written(table, row))
    return {case_id: digest_rows(found[case_id]) for case_id in case_ids}


def digests_of(
    rows: Mapping[Table, Iterable[Any]], case_ids: Collection[bytes]
) -> dict[bytes, bytes]:
    """Digest the plain rows of each of these cases as somebody read them, to decide on.

    `rows` are those of every bound table. One that belongs to no case counts for none.
    """
    found: dict[bytes | None, list[str]] = defaultdict(list)
    for table, some in rows.items():
        case_of = _case_of(table, rows)
        for row in some:
            found[case_of(row)].append(_written(table, row))
    return {case_id: digest_rows(found[case_id]) for case_id in case_ids}


def digest_of(row: Base) -> bytes:
    """Digest one plain row: what it says with nothing around it (SHA-256)."""
    return digest_rows([_written(Base.metadata.tables[row.__tablename__], row)])


def seal(root: CaseRoot, case_id: bytes, version: int, digest: bytes) -> bytes:
    """Seal the skeleton of a case as it is at a version."""
    return root.manifest(skeleton_message(case_id, version, digest))


def holds(root: CaseRoot, case: CaseRow, digest: bytes) -> bool:
    """Tell whether the skeleton of a case is as its last write left it.

    A case of before the seal has none. The manifest says so, which the log knows: so nobody makes
    a case look older than it is by taking its seal away.
    """
    if case.skeleton:
        return compare_digest(seal(root, case.id, case.version, digest), case.skeleton)
    unsealed = manifest_message(case.id, case.version, case.leaves, has_skeleton=False)
    return compare_digest(root.manifest(unsealed), case.manifest)


@cache
def _gathered(tables: tuple[Table, ...]) -> Gathered:
    """Make the statement once: building it takes longer than running it."""
    return Gathered(*map(_select, tables))


def _select(table: Table) -> Select[Any]:
    """Select the rows of a table with the case each belongs to, its own or that of its parent."""
    by = table.c[table.info[BOUND_BY]]
    columns = [table.c[name] for name in _columns(table)]
    parent = _parent(table)
    if parent is None:
        return select(by.label("of_case"), *columns).where(by.in_(_IDS))
    return (
        select(parent.c.case_id.label("of_case"), *columns)
        .join_from(table, parent, by == parent.c.id)
        .where(parent.c.case_id.in_(_IDS))
    )


@cache
def _parent(table: Table) -> Table | None:
    """Find the table through which the rows of a table belong to a case; None when they name it."""
    (key,) = table.c[table.info[BOUND_BY]].foreign_keys or (None,)
    return key.column.table if key is not None and "case_id" in key.column.table.c else None


def _case_of(table: Table, rows: Mapping[Table, Iterable[Any]]) -> Callable[[Any], bytes | None]:
    """Make what tells to which case a row of a table belongs."""
    named, parent = attrgetter(table.info[BOUND_BY]), _parent(table)
    if parent is None:
        return named
    whose = {row.id: row.case_id for row in rows[parent]}
    return lambda row: whose[named(row)]


@cache
def _columns(table: Table) -> tuple[str, ...]:
    """List the columns of a table that count."""
    return tuple(column.name for column in table.c if column.name not in MOVES)


@cache
def _values(table: Table) -> Callable[[Any], tuple[object, ...]]:
    """Make what takes the values that count out of a row."""
    return attrgetter(*_columns(table))


def _written(table: Table, row: Any) -> str:  # noqa: ANN401 - a row of any bound table
    """Write a row as it is digested.

    A column without a value does not count, so that a column can be added without breaking seals.
    """
    named = zip(_columns(table), _values(table)(row), strict=True)
    return _encode([table.name, {name: value for name, value in named if value is not None}])


def _plain(value: object) -> str:
    """Give a stored value that JSON has no form for as text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


_encode = JSONEncoder(sort_keys=True, default=_plain).encode
