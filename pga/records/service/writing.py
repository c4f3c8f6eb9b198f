"""Writing a case: two entries, four commits, always in this order.

    keys (data keys, index rows) -> log (intent) -> app (rows, version, manifest) -> log (applied)

A kill between any two of them leaves a case that opens: before the third it is the old one and
the intent counts as not written; after it the next opening appends the missing `applied`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from audit import gate
from audit.entries import Action, Entry, WriteState, new_event_id
from config import clock
from config.database import db, fresh_connection, transaction
from config.ids import to_hex
from config.keys import kek
from pga.cases.service import NewCase, open_case
from pga.records import queries
from pga.records.envelope import CaseRoot, SealError
from pga.records.errors import CaseFaultError, ItemFaultError, PendingChangesError
from pga.records.identity import Identity, RegionIndex
from pga.records.keyring import NewSeals, WritingKeys, writing_keys
from pga.records.leaves import item_leaf
from pga.records.models import SealedItem
from pga.records.queries import CaseRow
from pga.records.rules import join_leaves, manifest_message
from pga.records.service.changes import Change, Sheet, categories_of, touched_items
from pga.records.service.settled import enter_failure, leaves_of, settled
from pga.records.service.storing import (
    LostRaceError,
    Result,
    advance,
    refuse_stale,
    skeleton_digest,
    store_leaves,
    store_rows,
)
from pga.records.skeleton import holds, seal


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did: the version of the case now, the items it added, its entry in the log."""

    version: int
    item_ids: tuple[bytes, ...]
    event_id: str


@dataclass(frozen=True, slots=True)
class _Job:
    """One write, as asked; `new` only for a case that does not exist yet."""

    entry: Entry
    case_id: bytes
    changes: Sequence[Change]
    then: Callable[[], None]
    index_rows: Sequence[Mapping[str, object]]
    new: NewCase | None = None


def write(
    entry: Entry,
    case_id: bytes,
    changes: Sequence[Change] = (),
    then: Callable[[], None] | None = None,
    *,
    index: Sequence[Identity] = (),
) -> Written:
    """Change a case: the only way a case changes.

    `then` runs inside the transaction of the rows, after them, and changes the skeleton, releases,
    participants and so on; it runs again when another write was first, so it keeps no state of its
    own. `entry` says who and why; version and manifest are filled in here. `index` are the names
    under which the youth can be found from now on.

    Raises ConflictError after two lost races or for a version that is no longer the expected one,
    StaleDecisionError when the epochs of the entry moved (decide anew), CaseFaultError,
    UnknownItemError, PendingChangesError, StoreUnavailableError. An error before the last of the
    four commits acknowledges nothing; when only that one fails, the change stands all the same.
    """
    _refuse_pending_changes()
    with fresh_connection() as connection:
        region = queries.read_cases(connection, [case_id])[case_id].tenant if index else ""
    rows = _index_rows(region, index, case_id)
    return _write(_Job(entry, case_id, changes, then or _nothing, rows))


def start_case(
    entry: Entry,
    new: NewCase,
    changes: Sequence[Change] = (),
    then: Callable[[], None] | None = None,
    *,
    index: Sequence[Identity] = (),
) -> Written:
    """Write a case that does not exist yet: its skeleton and its first items together.

    `then` runs once the skeleton stands, in the same transaction. Works and raises as write does.
    """
    _refuse_pending_changes()
    rows = _index_rows(new.municipality, index, new.id)
    return _write(_Job(entry, new.id, changes, then or _nothing, rows, new))


def _nothing() -> None:
    """Change nothing but the sealed rows."""


def _index_rows(
    region: str, index: Sequence[Identity], case_id: bytes
) -> list[Mapping[str, object]]:
    """Give the rows of the identity index for these names."""
    return [row for who in index for row in RegionIndex(kek(), region).rows(who, case_id)]


def _refuse_pending_changes() -> None:
    """Refuse to start on top of changes made outside `then`; raises PendingChangesError."""
    session = db.session
    changed = any(session.is_modified(row) for row in session.dirty)
    if changed or session.new or session.deleted:
        raise PendingChangesError


def _write(job: _Job) -> Written:
    """Try, and try once more with a fresh intent when another write was first."""
    try:
        try:
            return _attempt(job)
        except LostRaceError:
            return _attempt(replace(job, entry=_anew(job.entry), index_rows=()))
    except CaseFaultError as error:
        attempt = gate.record(_anew(job.entry))
        enter_failure(error, [(attempt.event_id, job.entry)])
        raise


def _anew(entry: Entry) -> Entry:
    """Give the same act as another event."""
    return replace(entry, event_id=new_event_id())


def _attempt(job: _Job) -> Written:
    """Make the four commits; raises LostRaceError when another write was first."""
    case = _starting_point(job)
    with fresh_connection() as connection:
        stored = queries.read_items(connection, touched_items(job.changes))
    items = {item.id: item for item in stored.values() if item.case_id == case.id}
    categories, is_new = categories_of(job.changes, items), job.new is not None
    seals = NewSeals(case.id, case.tenant, categories, is_new, job.index_rows)
    try:
        with writing_keys(kek(), seals) as keys:
            result, sheet = _work_out(job, case, items, keys)
            state = WriteState(case.version, result.version, result.manifest.hex())
            intent = gate.record(replace(job.entry, case_id=to_hex(case.id), write=state))
            _commit(job, case, result, sheet, keys.root)
    except SealError as error:
        raise CaseFaultError([case.id], "seal") from error
    gate.record(
        Entry(
            action=Action.APPLIED,
            actor=job.entry.actor,
            object=job.entry.object,
            case_id=to_hex(case.id),
            names=intent.event_id,
            write=state,
        )
    )
    return Written(result.version, tuple(sheet.created), intent.event_id)


def _starting_point(job: _Job) -> CaseRow:
    """Give the state a write starts from; an existing case must match the log first."""
    if job.new is not None:
        return CaseRow(job.case_id, job.new.municipality, 0, b"", b"")
    return settled([job.case_id])[job.case_id]


def _work_out(
    job: _Job, case: CaseRow, items: Mapping[bytes, SealedItem], keys: WritingKeys
) -> tuple[Result, Sheet]:
    """Make the new rows and the new manifest.

    The leaves of untouched rows are carried over as they were proven, not made again from what
    is stored: a write never makes tampered rows good.
    """
    leaves = {} if job.new is not None else leaves_of(case, keys.root)
    for item in items.values():
        if leaves.get((item.id, item.row_version)) != item_leaf(item, item.blob):
            raise _fault_or_race(case)
    sheet = Sheet(case.id, case.tenant, keys.by_category, dict(items), leaves, clock.now())
    sheet.apply(job.changes)
    version, bytes_of_leaves = case.version + 1, join_leaves(sheet.leaves.values())
    manifest = keys.root.manifest(manifest_message(case.id, version, bytes_of_leaves))
    return Result(version, manifest, bytes_of_leaves), sheet


def _fault_or_race(case: CaseRow) -> CaseFaultError | LostRaceError:
    """Tell a tampered row from one that another write changed while we read."""
    with fresh_connection() as connection:
        now = queries.read_cases(connection, [case.id])
    if now[case.id].version == case.version:
        return ItemFaultError([case.id])
    return LostRaceError()


def _commit(job: _Job, case: CaseRow, result: Result, sheet: Sheet, root: CaseRoot) -> None:
    """Commit the rows, or nothing; raises LostRaceError when another write was first.

    The plain rows must be as the last write left them before this one changes them and seals them
    anew: neither does a write make a tampered participant or release good.
    """
    is_new = job.new is not None
    with transaction():
        if job.new is not None:
            open_case(job.new)
            db.session.flush()
        advance(case, result)
        refuse_stale(job.entry, case.id)
        if not is_new and not holds(root, case, skeleton_digest(case.id)):
            raise CaseFaultError([case.id], "skeleton")
        store_rows(sheet)
        job.then()
        skeleton = seal(root, case.id, result.version, skeleton_digest(case.id))
        store_leaves(case.id, result, skeleton, is_new=is_new)
