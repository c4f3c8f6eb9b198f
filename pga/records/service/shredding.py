"""Shredding: the log (intent), keys and index rows with the ledger, rows, the log (applied).

The order decides, for there is no transaction over two databases. After the second step nothing
can be read any more; a run that was cut off is finished by running it again.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from audit import gate
from audit.entries import Action, Actor, WriteState, new_event_id
from config import clock
from config.database import db, fresh_connection, stores, transaction
from config.errors import ConflictError
from config.ids import new_id
from config.keys import kek
from pga.records import queries
from pga.records.envelope import SealError
from pga.records.errors import CaseFaultError, TwoPeopleError
from pga.records.identity import delete_rows, rows_of_cases
from pga.records.keyring import missing_keys, open_root, read_keys
from pga.records.models import (
    ItemVersion,
    SealedItem,
    case_key,
    data_key,
    destruction_record,
    erasure_ledger,
)
from pga.records.queries import CaseRow
from pga.records.rules import join_leaves, manifest_message
from pga.records.service.destruction import (
    Destruction,
    lock_root,
    read_destruction,
    refuse_on_hold,
    step_entry,
)
from pga.records.service.drafts import delete_drafts_of_case
from pga.records.service.settled import leaves_of, settled
from pga.records.service.storing import (
    LostRaceError,
    Result,
    advance,
    raise_epoch,
    store_leaves,
)
from pga.records.skeleton import holds, read_digests, seal

ATTEMPTS = 5
IDENTITY_CATEGORIES = frozenset({"D01", "D02"})


def shred(actor: Actor, record_id: bytes) -> int:
    """Carry out a destruction that two people approved; gives how many rows were removed.

    Raises TwoPeopleError, LegalHoldError, ConflictError for a record that was carried out or a
    case that keeps changing. Repeating it after a crash finishes it.
    """
    record = read_destruction(record_id)
    if record.is_executed:
        raise ConflictError
    if record.second_approver is None:
        raise TwoPeopleError
    with stores().keys.connect() as connection:
        refuse_on_hold(connection, record.case_id)
    for _ in range(ATTEMPTS):
        with suppress(LostRaceError):
            return _attempt(actor, record)
    raise ConflictError


def _attempt(actor: Actor, record: Destruction) -> int:
    """Make the commits of a destruction in their order; raises LostRaceError."""
    case = settled([record.case_id])[record.case_id]
    doomed = _doomed(record)
    try:
        result, skeleton = _result(record, case, doomed)
    except SealError as error:
        raise CaseFaultError([case.id], "seal") from error
    state = WriteState(case.version, result.version, result.manifest.hex())
    entry = step_entry(actor, record, "shredded")
    intent = gate.record(replace(entry, write=state))
    _shred_keys(record)
    _remove_rows(case, result, skeleton, doomed)
    if record.category is None:
        delete_drafts_of_case(case.id)
    applied = replace(
        entry,
        event_id=new_event_id(),
        action=Action.APPLIED,
        names=intent.event_id,
        write=state,
    )
    gate.record(applied)
    with stores().keys.begin() as connection:
        connection.execute(
            update(destruction_record)
            .where(destruction_record.c.id == record.id)
            .values(executed_at=clock.now(), items=len(doomed))
        )
    return len(doomed)


def _doomed(record: Destruction) -> set[tuple[bytes, int]]:
    """Find the rows to remove; once the keys are shredded, only those that lost theirs.

    So what was written in the category after the shredding, under a key of its own, stays.
    """
    with stores().keys.connect() as connection:
        living: set[bytes] = set()
        if _is_shredded(connection, record):
            of_case = select(data_key.c.kid).where(data_key.c.case_id == record.case_id)
            living.update(connection.scalars(of_case))
    with fresh_connection() as connection:
        items, versions = queries.read_rows(connection, [record.case_id])
    rows = [(i.id, i.row_version, i.category, i.kid) for i in items]
    rows += [(v.item_id, v.row_version, v.category, v.kid) for v in versions]
    return {
        (row_id, version)
        for row_id, version, category, kid in rows
        if record.category in {None, category} and kid not in living
    }


def _result(
    record: Destruction, case: CaseRow, doomed: Collection[tuple[bytes, int]]
) -> tuple[Result, bytes | None]:
    """Say what the case will be: nothing at all, or its other categories; and its skeleton's seal.

    Raises CaseFaultError when the plain rows are not as the last write left them.
    """
    if record.category is None:
        return Result(case.version + 1, b"", b""), None
    with stores().keys.connect() as connection:
        keys = read_keys(connection, [case.id])
    with fresh_connection() as connection:
        digest = read_digests(connection, [case.id])[case.id]
    if case.id not in keys:
        raise missing_keys(case.id)
    with open_root(kek(), keys[case.id].root, case.tenant) as root:
        leaves = leaves_of(case, root)
        kept = join_leaves(leaf for row, leaf in leaves.items() if row not in doomed)
        version = case.version + 1
        manifest = root.manifest(manifest_message(case.id, version, kept))
        if not holds(root, case, digest):
            raise CaseFaultError([case.id], "skeleton")
        return Result(version, manifest, kept), seal(root, case.id, version, digest)


def _shred_keys(record: Destruction) -> None:
    """Delete keys and index rows for good, with a line in the ledger; once per record.

    The hold is looked at last, behind the locks of the deletion: nobody places one in between.
    """
    with stores().keys.begin() as connection:
        if _is_shredded(connection, record):
            return
        lock_root(connection, record.case_id)
        which = data_key.c.case_id == record.case_id
        if record.category is None:
            connection.execute(delete(data_key).where(which))
            connection.execute(delete(case_key).where(case_key.c.case_id == record.case_id))
        else:
            connection.execute(
                delete(data_key).where(which, data_key.c.category == record.category)
            )
        if record.category is None or record.category in IDENTITY_CATEGORIES:
            rows = list(rows_of_cases(connection, kek()))
            delete_rows(
                connection, [row_id for row_id, _, owner in rows if owner == record.case_id]
            )
        connection.execute(
            insert(erasure_ledger).values(
                id=new_id(),
                case_id=record.case_id,
                category=record.category,
                record_id=record.id,
                erased_at=clock.now(),
            )
        )
        refuse_on_hold(connection, record.case_id)


def _is_shredded(connection: Connection, record: Destruction) -> bool:
    """Tell whether the keys of a record are gone already."""
    line = select(erasure_ledger.c.id).where(erasure_ledger.c.record_id == record.id)
    return connection.scalar(line) is not None


def _remove_rows(
    case: CaseRow,
    result: Result,
    skeleton: bytes | None,
    doomed: Collection[tuple[bytes, int]],
) -> None:
    """Remove rows whose keys are gone; raises LostRaceError when a write was first."""
    by_version: dict[int, list[bytes]] = {}
    for row_id, version in doomed:
        by_version.setdefault(version, []).append(row_id)
    with transaction():
        advance(case, result)
        raise_epoch(case.id)
        store_leaves(case.id, result, skeleton, is_new=False)
        for version, row_ids in by_version.items():
            for which in (
                delete(SealedItem).where(
                    SealedItem.id.in_(row_ids), SealedItem.row_version == version
                ),
                delete(ItemVersion).where(
                    ItemVersion.item_id.in_(row_ids), ItemVersion.row_version == version
                ),
            ):
                db.session.execute(which.execution_options(synchronize_session=False))
