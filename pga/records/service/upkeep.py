"""Upkeep of the keys: rotation, and the sweep of what a cut-off write or destruction left."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Column, Row, Table, delete, select, update

from audit import history
from config import clock
from config.database import fresh_connection, stores
from config.ids import to_hex
from config.keys import KeyUnavailableError, kek
from pga.cases.models import Case
from pga.records.envelope import draft_binding, root_binding
from pga.records.identity import delete_rows, rows_of_cases
from pga.records.models import (
    Draft,
    case_key,
    data_key,
    destruction_record,
    draft_key,
    erasure_ledger,
)
from pga.records.service.drafts import purge_drafts
from pga.records.service.settled import SYSTEM
from pga.records.service.shredding import shred

BATCH = 500
GRACE = timedelta(days=1)
"""How old a key without a case must be: a write in progress has made its keys first."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


def in_batches(values: Iterable[T]) -> Iterator[list[T]]:
    """Cut values into lists of at most 500."""
    everything = list(values)
    for start in range(0, len(everything), BATCH):
        yield everything[start : start + BATCH]


@dataclass(slots=True)
class Rotated:
    """What a rotation did: how many keys it wrapped anew, and which it could not (hex ids)."""

    done: int = 0
    failed: list[str] = field(default_factory=list)


def rotate(progress: Callable[[int, int], None]) -> Rotated:
    """Wrap every key that an older KEK version wraps under the newest one; data keys stay.

    Each batch is a commit, so a rotation that was cut off goes on where it stopped; new keys are
    under the newest version already. `progress` hears how many of how many. A key that does not
    open stays as it is and is reported.
    """
    version, rotated = kek().version, Rotated()
    work: list[tuple[Table, bytes]] = []
    with stores().keys.connect() as connection:
        for table in (case_key, draft_key):
            older = select(_key_of(table)).where(table.c.kek_version < version)
            work += [(table, key) for key in connection.scalars(older)]
    for batch in in_batches(work):
        for table in (case_key, draft_key):
            _rewrap(table, [key for owner, key in batch if owner is table], rotated)
        progress(rotated.done, len(work))
    return rotated


def _key_of(table: Table) -> Column[bytes]:
    """Give the one column of the primary key."""
    return table.primary_key.columns[0]


def _binding(table: Table, row: Row[Any]) -> bytes:
    """Say what a wrapped key is bound to."""
    if table is case_key:
        return root_binding(row.tenant, row.case_id)
    return draft_binding(row.draft_id)


def _rewrap(table: Table, keys: Collection[bytes], rotated: Rotated) -> None:
    """Wrap these keys anew in one commit; one that changed or went meanwhile is left alone."""
    provider, key_column = kek(), _key_of(table)
    with stores().keys.begin() as connection:
        for row in connection.execute(select(table).where(key_column.in_(keys))).all():
            key = row._mapping[key_column]  # noqa: SLF001 - the public way to a column of a row
            try:
                wrapped = provider.rewrap(row.wrapped, _binding(table, row))
            except KeyUnavailableError:
                rotated.failed.append(to_hex(key))
                continue
            rotated.done += connection.execute(
                update(table)
                .where(key_column == key, table.c.wrapped == row.wrapped)
                .values(wrapped=wrapped, kek_version=provider.version)
            ).rowcount


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed or finished, in counts."""

    cases: int
    index_rows: int
    drafts: int
    destructions: int


def sweep() -> Swept:
    """Remove keys and index rows of cases that never came to be, and finish cut-off destructions.

    Only what is older than a day and of which the log knows no applied write: a case that the
    log knows and the app store does not is a fault, and its keys are the only proof left. An
    unused data key of a living case is no orphan, the next write uses it.
    """
    cases, index_rows = _sweep_cases()
    return Swept(cases, index_rows, _sweep_drafts(), _finish_destructions())


def never_came_to_be(case_ids: Collection[bytes]) -> set[bytes]:
    """Pick the cases that neither the app store nor the log knows."""
    found: set[bytes] = set()
    for batch in in_batches(set(case_ids)):
        with fresh_connection() as connection:
            stored = set(connection.scalars(select(Case.id).where(Case.id.in_(batch))))
        gone = [case_id for case_id in batch if case_id not in stored]
        known = history.case_states_many([to_hex(case_id) for case_id in gone])
        found.update(case_id for case_id in gone if known[to_hex(case_id)].applied is None)
    return found


def _sweep_cases() -> tuple[int, int]:
    """Remove orphan keys and index rows; gives how many cases and rows."""
    limit = clock.now() - GRACE
    with stores().keys.connect() as connection:
        old = select(case_key.c.case_id).where(case_key.c.created_at < limit)
        owners = set(connection.scalars(old))
        rows = [
            (row_id, case_id)
            for row_id, created_on, case_id in rows_of_cases(connection, kek())
            if case_id is not None and created_on < clock.local_day(limit)
        ]
    orphans = never_came_to_be(owners | {case_id for _, case_id in rows})
    for batch in in_batches(orphans & owners):
        with stores().keys.begin() as connection:
            for table in (data_key, case_key):
                connection.execute(delete(table).where(table.c.case_id.in_(batch)))
    row_ids = [row_id for row_id, case_id in rows if case_id in orphans]
    for batch in in_batches(row_ids):
        with stores().keys.begin() as connection:
            delete_rows(connection, batch)
    return len(orphans & owners), len(row_ids)


def _sweep_drafts() -> int:
    """Remove keys of drafts that no draft uses any more; gives how many."""
    with stores().keys.connect() as connection:
        old = select(draft_key.c.kid).where(draft_key.c.created_at < clock.now() - GRACE)
        kids = list(connection.scalars(old))
    removed = 0
    for batch in in_batches(kids):
        with fresh_connection() as connection:
            used = set(connection.scalars(select(Draft.kid).where(Draft.kid.in_(batch))))
        unused = [kid for kid in batch if kid not in used]
        with stores().keys.begin() as connection:
            connection.execute(delete(draft_key).where(draft_key.c.kid.in_(unused)))
        removed += len(unused)
    return removed


def _finish_destructions() -> int:
    """Carry on with destructions whose keys are gone but whose rows may not be."""
    with stores().keys.connect() as connection:
        cut_off = list(
            connection.scalars(
                select(destruction_record.c.id)
                .join(erasure_ledger, erasure_ledger.c.record_id == destruction_record.c.id)
                .where(destruction_record.c.executed_at.is_(None))
            )
        )
    for record_id in cut_off:
        shred(SYSTEM, record_id)
    return len(cut_off)


def tidy() -> None:
    """Purge old drafts and sweep; the job of the worker."""
    purged, swept = purge_drafts(), sweep()
    _log.info("tidied: %s drafts purged, %s", purged, swept, extra={"event": "records:tidied"})
