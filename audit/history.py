"""What the log says about the writes of a case, for the rule by which a case is opened.

A case must match its newest `applied` (or `restored`), or one intent newer than it.
The index only says where to look; what is believed comes from payloads that match their leaves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from audit.entries import Action, WriteState
from audit.gate import gate
from audit.models import audit_entry, audit_index
from audit.reading import PER_QUERY, Reader, TamperedError, rows_query
from config.database import reading

SETTLED = (Action.APPLIED.value, Action.RESTORED.value)
"""The acts after which a case is at a version; every other act with a version is an intent."""
CASES = "cases"
KEPT = 4096
"""Writes kept as proven; one to a case is enough."""


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """The newest settled state of a case, and the writes that were meant to follow it.

    `applied` is None for a case without any. Each intent comes with its event id, which the
    `applied` that settles it has to name.
    """

    applied: WriteState | None = None
    intents: tuple[tuple[str, WriteState], ...] = ()


class Write(NamedTuple):
    """A write of a case as its entry tells it, once that was held against its leaf."""

    case_id: str | None
    action: Action
    event_id: str
    state: WriteState


def case_states(case_id: str, reader: Reader | None = None) -> CaseHistory:
    """Read the history of one case (hex id); raises TamperedError when an entry was changed."""
    return case_states_many([case_id], reader)[case_id]


def case_states_many(
    case_ids: Collection[str], reader: Reader | None = None
) -> dict[str, CaseHistory]:
    """Read the histories of many cases in one query; every id asked for has an answer.

    Without a reader the log of the current app is read. Raises TamperedError when an entry was
    changed.
    """
    reader = reader or gate().reader
    writes: defaultdict[str, list[Write]] = defaultdict(list)
    ids = sorted(set(case_ids))
    with reading(reader.engine) as connection:
        for start in range(0, len(ids), PER_QUERY):
            some = ids[start : start + PER_QUERY]
            for row in connection.execute(_rows_of_candidates(), {CASES: some}):
                write = _proven(reader, row)
                if write.case_id != row.case_id:
                    raise TamperedError(row.seq, "the index names it as a write of another case")
                writes[row.case_id].append(write)
    return {case_id: _history(writes[case_id]) for case_id in ids}


@lru_cache(maxsize=KEPT)
def _proven(reader: Reader, row: Row[Any]) -> Write:
    """Open the entry of a row; what was proven of the same bytes is not proven again.

    All that the proof rests on is in the row, so a changed one is another. Of the entry only the
    write is kept: it names nobody. Raises TamperedError.
    """
    opened = reader.open(row)
    if opened.entry.write is None:
        raise TamperedError(row.seq, "the index names it as a write")
    return Write(
        opened.entry.case_id, opened.entry.action, opened.entry.event_id, opened.entry.write
    )


def settled_at(connection: Connection, case_ids: Collection[str]) -> set[int]:
    """Find the entries that cases (hex ids) are opened against, by number."""
    ids, found = sorted(case_ids), set[int]()
    for start in range(0, len(ids), PER_QUERY):
        found.update(_places(connection, ids[start : start + PER_QUERY]))
    return found


def _places(connection: Connection, case_ids: Collection[str]) -> dict[int, str]:
    """Find where the newest settled state of each case is, and the writes that follow it."""
    rows = connection.execute(_candidates(), {CASES: list(case_ids)})
    return {row.seq: row.case_id for row in rows}


@cache
def _candidates() -> Select[Any]:
    """Select the newest settled state of the cases bound to it, and the writes beyond it.

    Made once, because making it takes longer than running it. Newest goes by version, not by
    number: two writes that follow each other closely may append their `applied` in either order.
    Only what came after the last `restored` counts, for that sets the version back. Both are
    materialized: PostgreSQL, as long as it has no statistics, would find them anew for each write.
    """
    cases: BindParameter[Any] = bindparam(CASES, expanding=True)

    def writes_of(table: FromClause) -> Select[Any]:
        """Select the case of a write, from its covering index."""
        is_write = and_(table.c.line == literal_column("0"), table.c.version.is_not(None))
        return select(table.c.case_id).where(is_write, table.c.case_id.in_(cases))

    first, second, third = (audit_index.alias(name) for name in ("restoring", "settling", "w"))
    back = (
        writes_of(first)
        .add_columns(func.max(first.c.seq).label("seq"))
        .where(first.c.action == Action.RESTORED.value)
        .group_by(first.c.case_id)
        .cte("back")
        .prefix_with("MATERIALIZED")
    )
    newest = (
        writes_of(second)
        .add_columns(func.max(second.c.version).label("version"))
        .outerjoin(back, back.c.case_id == second.c.case_id)
        .where(second.c.action.in_(SETTLED), second.c.seq >= func.coalesce(back.c.seq, 0))
        .group_by(second.c.case_id)
        .cte("newest")
        .prefix_with("MATERIALIZED")
    )
    return (
        writes_of(third)
        .add_columns(third.c.seq)
        .outerjoin(back, back.c.case_id == third.c.case_id)
        .outerjoin(newest, newest.c.case_id == third.c.case_id)
        .where(
            third.c.seq >= func.coalesce(back.c.seq, 0),
            or_(
                newest.c.version.is_(None),
                third.c.version > newest.c.version,
                and_(third.c.version == newest.c.version, third.c.action.in_(SETTLED)),
            ),
        )
    )


@cache
def _rows_of_candidates() -> Select[Any]:
    """Select these entries, each with the case the index names, in the order of the log."""
    found = _candidates().subquery()
    return (
        rows_query()
        .add_columns(found.c.case_id)
        .join(found, found.c.seq == audit_entry.c.seq)
        .order_by(audit_entry.c.seq)
    )


def _history(writes: Iterable[Write]) -> CaseHistory:
    """Sort the writes of a case, in the order of the log, into settled and meant."""
    applied: WriteState | None = None
    intents: list[tuple[str, WriteState]] = []
    for write in writes:
        if write.action in SETTLED:
            applied = write.state
        else:
            intents.append((write.event_id, write.state))
    newer = [one for one in intents if applied is None or one[1].new_version > applied.new_version]
    return CaseHistory(applied, tuple(newer))
