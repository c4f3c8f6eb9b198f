"""Rows inside the open transaction of the app store; nothing here commits."""

from dataclasses import dataclass

from sqlalchemy import Update, insert, update

from audit.entries import Entry
from config import clock
from config.database import db
from config.errors import ConflictError
from pga.cases.models import Case
from pga.records import queries
from pga.records.errors import StaleDecisionError
from pga.records.models import CaseManifest, ItemVersion, SealedItem
from pga.records.queries import CaseRow
from pga.records.service.changes import Sheet
from pga.records.service.settled import rests_on
from pga.records.skeleton import read_digests


class LostRaceError(ConflictError):
    """Another write changed the case first."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a case will be: its version, manifest and leaves."""

    version: int
    manifest: bytes
    leaves: bytes


def advance(case: CaseRow, result: Result) -> None:
    """Take the case from the version that was read to the next; raises LostRaceError."""
    taken = db.session.scalar(
        _apart(
            update(Case)
            .where(Case.id == case.id, Case.version == case.version)
            .values(version=result.version, manifest=result.manifest)
        ).returning(Case.id)
    )
    if taken is None:
        raise LostRaceError


def refuse_stale(entry: Entry, case_id: bytes) -> None:
    """Refuse a write whose decision was overtaken, or whose writer's role or session has ended.

    Raises StaleDecisionError.
    """
    connection = db.session.connection()
    now = queries.read_standing(connection, [case_id], rests_on(entry), clock.today())
    seen = (entry.case_epoch, entry.agreement_epoch)
    moved = any(was not in {None, is_} for was, is_ in zip(seen, now.epochs[case_id], strict=True))
    if moved or now.ended:
        raise StaleDecisionError([case_id])


def store_leaves(case_id: bytes, result: Result, skeleton: bytes | None, *, is_new: bool) -> None:
    """Store the leaves that the new manifest authenticates, and the seal of the plain rows."""
    values = {"leaves": result.leaves, "skeleton": skeleton}
    if is_new:
        db.session.execute(insert(CaseManifest).values(case_id=case_id, **values))
        return
    changed = update(CaseManifest).where(CaseManifest.case_id == case_id).values(values)
    db.session.execute(_apart(changed))


def skeleton_digest(case_id: bytes) -> bytes:
    """Digest the plain rows of a case as the open transaction has them now."""
    db.session.flush()
    return read_digests(db.session.connection(), [case_id])[case_id]


def store_rows(sheet: Sheet) -> None:
    """Store the rows that were worked out on a sheet."""
    if sheet.created:
        db.session.execute(insert(SealedItem), [_columns_of(item) for item in sheet.new_items])
    if sheet.earlier:
        db.session.execute(insert(ItemVersion), [_columns_of(row) for row in sheet.earlier])
    for item in sheet.changed_items:
        values = _columns_of(item)
        db.session.execute(
            _apart(update(SealedItem).where(SealedItem.id == item.id).values(values))
        )
    if sheet.moves_epoch:
        raise_epoch(sheet.case_id)


def raise_epoch(case_id: bytes) -> None:
    """Raise the epoch, so that a decision made before this change opens nothing after it."""
    raised = update(Case).where(Case.id == case_id).values(epoch=Case.epoch + 1)
    db.session.execute(_apart(raised))


def _apart(statement: Update) -> Update:
    """Leave the objects of the session alone; the commit expires them all."""
    return statement.execution_options(synchronize_session=False)


def _columns_of(row: SealedItem | ItemVersion) -> dict[str, object]:
    """Give a row as the columns to store."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}
