"""Reads of sealed records from the app store, each one query for any number of cases."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Date,
    bindparam,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, undefer

from auth.models import LoginSession, Membership
from config.gathering import Gathered
from pga.agreements.models import Agreement
from pga.cases.models import Case
from pga.records.models import CaseManifest, ItemVersion, SealedItem
from pga.records.rules import State


class CaseRow(NamedTuple):
    """What the opening rule and the seal need to know of a case."""

    id: bytes
    tenant: str
    version: int
    manifest: bytes
    leaves: bytes
    skeleton: bytes = b""

    @property
    def state(self) -> State:
        """Give the state to compare with the log."""
        return State(self.version, self.manifest.hex())


class Totals(NamedTuple):
    """How many rows a case has, items and earlier versions, and the sum of their versions."""

    rows: int
    versions: int


class Stored(NamedTuple):
    """Cases as they are stored; one without rows has no totals."""

    cases: dict[bytes, CaseRow]
    totals: dict[bytes, Totals]
    blobs: dict[bytes, bytes]


class Standing(NamedTuple):
    """What decisions rest on, as committed now: epochs of case and agreement, and what ended."""

    epochs: Mapping[bytes, tuple[int, int]]
    ended: Collection[bytes]


# Made once: building these statements takes longer than running them.
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CASES = (
    select(
        *(Case.id, Case.municipality, Case.version, Case.manifest),
        *(CaseManifest.leaves, CaseManifest.skeleton),
    )
    .outerjoin(CaseManifest, CaseManifest.case_id == Case.id)
    .where(Case.id.in_(IDS))
)
_RESTS_ON: BindParameter[Any] = bindparam("rests_on", expanding=True)
_STANDING: CompoundSelect[Any, Any, Any] = union_all(
    select(Case.id, Case.epoch, Agreement.epoch)
    .join(Agreement, Agreement.id == Case.agreement_id)
    .where(Case.id.in_(IDS)),
    select(Membership.id, null(), null()).where(
        Membership.id.in_(_RESTS_ON),
        or_(Membership.ended_at.is_not(None), Membership.until_on < bindparam("today", type_=Date)),
    ),
    select(LoginSession.id, null(), null()).where(
        LoginSession.id.in_(_RESTS_ON), LoginSession.ended_at.is_not(None)
    ),
)
_ITEMS: BindParameter[Any] = bindparam("items", expanding=True)
_BLOBS = select(SealedItem.id, SealedItem.blob).where(SealedItem.id.in_(_ITEMS))
_ROWS = union_all(
    *(
        select(table.case_id, table.row_version).where(table.case_id.in_(IDS))
        for table in (SealedItem, ItemVersion)
    )
).subquery()
_TOTALS = select(
    _ROWS.c.case_id,
    func.count().label("count"),
    func.sum(_ROWS.c.row_version).label("versions"),
).group_by(_ROWS.c.case_id)
_CATEGORIES = (
    select(SealedItem.case_id, SealedItem.category).where(SealedItem.case_id.in_(IDS)).distinct()
)
_STORED = Gathered(_CASES, _TOTALS, _BLOBS)


def read_cases(connection: Connection, case_ids: Collection[bytes]) -> dict[bytes, CaseRow]:
    """Read version, manifest and leaves of cases as one snapshot."""
    rows = connection.execute(_CASES, {IDS.key: list(case_ids)})
    return {row.id: _case_row(row) for row in rows}


def _case_row(row: Any) -> CaseRow:  # noqa: ANN401 - a row of the statement, however it was read
    """Give the row of a case; one that was never written has no leaves."""
    leaves, skeleton = row.leaves or b"", row.skeleton or b""
    return CaseRow(row.id, row.municipality, row.version, row.manifest, leaves, skeleton)


def read_standing(
    connection: Connection, case_ids: Collection[bytes], rests_on: Collection[bytes], today: date
) -> Standing:
    """Read the epochs of cases, and which of these memberships and sessions have ended by now."""
    asked = {IDS.key: list(case_ids), _RESTS_ON.key: list(rests_on), "today": today}
    rows = connection.execute(_STANDING, asked).all()
    return Standing(
        epochs={row[0]: (row[1], row[2]) for row in rows if row[1] is not None},
        ended={row[0] for row in rows if row[1] is None},
    )


def read_stored(
    connection: Connection, case_ids: Collection[bytes], item_ids: Collection[bytes]
) -> Stored:
    """Read cases, how many rows they have and the sealed contents of items, as one snapshot."""
    asked = {IDS.key: list(case_ids), _ITEMS.key: list(item_ids)}
    cases, totals, blobs = _STORED.read(connection, asked)
    return Stored(
        cases={row.id: _case_row(row) for row in cases},
        totals={row[0]: Totals(row[1], int(row[2])) for row in totals},
        blobs={row[0]: row[1] for row in blobs},
    )


def read_categories(
    connection: Connection, case_ids: Collection[bytes]
) -> dict[bytes, frozenset[str]]:
    """Tell in which categories each of these cases has items; a case without any is left out."""
    rows = connection.execute(_CATEGORIES, {IDS.key: list(case_ids)})
    found: defaultdict[bytes, set[str]] = defaultdict(set)
    for case_id, category in rows:
        found[case_id].add(category)
    return {case_id: frozenset(codes) for case_id, codes in found.items()}


def read_items(connection: Connection, item_ids: Collection[bytes]) -> dict[bytes, SealedItem]:
    """Read whole items as they are committed now, apart from any session."""
    with Session(connection) as session:
        items = session.scalars(
            select(SealedItem).where(SealedItem.id.in_(item_ids)).options(undefer(SealedItem.blob))
        ).all()
        session.expunge_all()
    return {item.id: item for item in items}


def read_earlier(connection: Connection, item_ids: Collection[bytes]) -> list[ItemVersion]:
    """Read the earlier versions of items, apart from any session."""
    with Session(connection) as session:
        versions = session.scalars(
            select(ItemVersion).where(ItemVersion.item_id.in_(item_ids))
        ).all()
        session.expunge_all()
    return list(versions)


def read_rows(
    connection: Connection, case_ids: Collection[bytes]
) -> tuple[list[SealedItem], list[ItemVersion]]:
    """Read every sealed row of these cases, apart from any session; for a check of the whole."""
    with Session(connection) as session:
        items = session.scalars(
            select(SealedItem)
            .where(SealedItem.case_id.in_(case_ids))
            .options(undefer(SealedItem.blob))
        ).all()
        versions = session.scalars(
            select(ItemVersion).where(ItemVersion.case_id.in_(case_ids))
        ).all()
        session.expunge_all()
    return list(items), list(versions)
