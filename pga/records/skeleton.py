"""The plain rows around the sealed ones: who takes part, what was released, what version holds.

They are plain because every decision needs them, and they decide who reads. So they are sealed as a
whole: each write authenticates a digest of them under the root key of the case, together with the
version the log knows. Whoever owns the database can change a row, but cannot make the seal that
belongs to it, nor put an older seal back.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from hmac import compare_digest
from typing import Any

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


def read_digests(connection: Connection, case_ids: Collection[bytes]) -> dict[bytes, bytes]:
    """Digest the plain rows of each of these cases as they stand; one query.

    A column without a value does not count, so that a column can be added without breaking seals.
    """
    tables = bound_tables()
    found: dict[bytes, list[str]] = defaultdict(list)
    parts = _gathered(tables).read(connection, {_IDS.key: list(case_ids)})
    for table, rows in zip(tables, parts, strict=True):
        for case_id, *values in rows:
            named = zip(_columns(table), values, strict=True)
            row = {name: _plain(value) for name, value in named if value is not None}
            found[case_id].append(json.dumps([table.name, row], sort_keys=True))
    return {case_id: digest_rows(found[case_id]) for case_id in case_ids}


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
    (key,) = by.foreign_keys or (None,)
    if key is None or "case_id" not in key.column.table.c:
        return select(by.label("of_case"), *columns).where(by.in_(_IDS))
    parent = key.column.table
    return (
        select(parent.c.case_id.label("of_case"), *columns)
        .join_from(table, parent, by == key.column)
        .where(parent.c.case_id.in_(_IDS))
    )


@cache
def _columns(table: Table) -> tuple[str, ...]:
    """List the columns of a table that count."""
    return tuple(column.name for column in table.c if column.name not in MOVES)


def _plain(value: object) -> object:
    """Give a stored value as JSON holds it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
