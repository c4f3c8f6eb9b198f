"""Decisions to destroy a case or one category of it, and legal holds against that.

Two different people approve; each step is an entry in the log before it is taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from audit import gate
from audit.entries import Action, Actor, Entry
from config import clock
from config.database import stores
from config.errors import ConflictError, NotFoundError
from config.ids import from_hex, new_id, to_hex
from pga.records.errors import LegalHoldError, TwoPeopleError
from pga.records.keyring import missing_keys
from pga.records.models import case_key, destruction_record, legal_hold


@dataclass(frozen=True, slots=True)
class Destruction:
    """A decision to destroy (vernietigingsbesluit): a case, or one category of it; no names."""

    id: bytes
    case_id: bytes
    category: str | None
    basis: str
    proposed_by: bytes
    proposed_at: datetime
    first_approver: bytes | None
    second_approver: bytes | None
    executed_at: datetime | None
    items: int | None

    @property
    def is_executed(self) -> bool:
        """Tell whether it was carried out."""
        return self.executed_at is not None


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on a case (bewaarplicht door geschil of onderzoek): why, by whom, since when."""

    case_id: bytes
    reason: str
    placed_by: bytes
    placed_at: datetime


_DESTRUCTION = select(
    *(
        destruction_record.c[name]
        for name in (
            *("id", "case_id", "category", "basis", "proposed_by", "proposed_at"),
            *("first_approver", "second_approver", "executed_at", "items"),
        )
    )
)


def place_hold(actor: Actor, case_id: bytes, reason: str) -> None:
    """Put a case under legal hold; raises ErasedError or CaseFaultError when its keys are gone."""
    gate.record(_entry(actor, case_id, Action.RETENTION_BLOCK, reason, {"step": "hold placed"}))
    with stores().keys.begin() as connection:
        connection.execute(delete(legal_hold).where(legal_hold.c.case_id == case_id))
        connection.execute(
            insert(legal_hold).values(
                case_id=case_id,
                reason=reason,
                placed_by=from_hex(actor.person),
                placed_at=clock.now(),
            )
        )
        if not lock_root(connection, case_id):
            raise missing_keys(case_id)


def lift_hold(actor: Actor, case_id: bytes, reason: str) -> None:
    """End the legal hold on a case."""
    gate.record(_entry(actor, case_id, Action.RETENTION_BLOCK, reason, {"step": "hold lifted"}))
    with stores().keys.begin() as connection:
        connection.execute(delete(legal_hold).where(legal_hold.c.case_id == case_id))


def read_living() -> list[str]:
    """List the cases (hex ids) that still have their keys: what they opened against is needed."""
    with stores().keys.connect() as connection:
        return [to_hex(case_id) for case_id in connection.scalars(select(case_key.c.case_id))]


def read_held() -> list[str]:
    """List the cases (hex ids) under legal hold."""
    with stores().keys.connect() as connection:
        return [to_hex(case_id) for case_id in connection.scalars(select(legal_hold.c.case_id))]


def propose_destruction(
    actor: Actor, case_id: bytes, basis: str, category: str | None = None
) -> bytes:
    """Propose to destroy a case, or one category of it; gives the id of the record.

    `basis` says which term or decision it rests on, without a name.
    """
    record_id = new_id()
    facts: dict[str, str | int] = {"step": "proposed", "record": to_hex(record_id)}
    gate.record(_entry(actor, case_id, Action.DESTROY, basis, facts))
    with stores().keys.begin() as connection:
        connection.execute(
            insert(destruction_record).values(
                id=record_id,
                case_id=case_id,
                category=category,
                basis=basis,
                proposed_by=from_hex(actor.person),
                proposed_at=clock.now(),
            )
        )
    return record_id


def approve_destruction(actor: Actor, record_id: bytes) -> Destruction:
    """Approve a destruction; the second approval must be of somebody else.

    Raises TwoPeopleError for the same person, ConflictError when two have approved already.
    """
    record, person_id = read_destruction(record_id), from_hex(actor.person)
    if record.first_approver == person_id:
        raise TwoPeopleError
    if record.second_approver is not None:
        raise ConflictError
    nth = "first" if record.first_approver is None else "second"
    gate.record(step_entry(actor, record, f"{nth} approval"))
    approver = destruction_record.c[f"{nth}_approver"]
    with stores().keys.begin() as connection:
        taken = connection.execute(
            update(destruction_record)
            .where(destruction_record.c.id == record_id, approver.is_(None))
            .values({approver: person_id, f"{nth}_approved_at": clock.now()})
        )
        if taken.rowcount != 1:
            raise ConflictError
    return read_destruction(record_id)


def withdraw_destruction(actor: Actor, record_id: bytes, reason: str) -> None:
    """Take back a proposal that one person approved at most; the log keeps that it was there.

    Raises ConflictError once two people approved it.
    """
    record = read_destruction(record_id)
    if record.second_approver is not None:
        raise ConflictError
    gate.record(replace(step_entry(actor, record, "withdrawn"), reason=reason))
    with stores().keys.begin() as connection:
        taken = connection.execute(
            delete(destruction_record).where(
                destruction_record.c.id == record_id,
                destruction_record.c.second_approver.is_(None),
            )
        )
        if taken.rowcount != 1:
            raise ConflictError


def read_destructions() -> list[Destruction]:
    """Read every destruction, proposed and carried out, the newest proposal first."""
    with stores().keys.connect() as connection:
        rows = connection.execute(_DESTRUCTION.order_by(destruction_record.c.proposed_at.desc()))
        return [Destruction(*row) for row in rows]


def read_holds() -> list[Hold]:
    """Read every legal hold, the oldest first."""
    columns = legal_hold.c
    query = select(columns.case_id, columns.reason, columns.placed_by, columns.placed_at)
    with stores().keys.connect() as connection:
        return [Hold(*row) for row in connection.execute(query.order_by(columns.placed_at))]


def read_destruction(record_id: bytes) -> Destruction:
    """Read a destruction record; raises NotFoundError."""
    with stores().keys.connect() as connection:
        row = connection.execute(
            _DESTRUCTION.where(destruction_record.c.id == record_id)
        ).one_or_none()
    if row is None:
        raise NotFoundError
    return Destruction(*row)


def lock_root(connection: Connection, case_id: bytes) -> bool:
    """Lock the root key of a case until the commit; tell whether there is one.

    SQLite has one writer: there the caller has written before, or writes next.
    """
    row = select(case_key.c.case_id).where(case_key.c.case_id == case_id).with_for_update()
    return connection.scalar(row) is not None


def refuse_on_hold(connection: Connection, case_id: bytes) -> None:
    """Refuse to destroy under legal hold; raises LegalHoldError (AVG 17(3)(e))."""
    hold = select(legal_hold.c.case_id).where(legal_hold.c.case_id == case_id)
    if connection.scalar(hold) is not None:
        raise LegalHoldError


def step_entry(actor: Actor, record: Destruction, step: str) -> Entry:
    """Write the entry of a step of one destruction."""
    facts: dict[str, str | int] = {"step": step, "record": to_hex(record.id)}
    return _entry(actor, record.case_id, Action.DESTROY, record.basis, facts)


def _entry(
    actor: Actor, case_id: bytes, action: Action, reason: str, facts: Mapping[str, str | int]
) -> Entry:
    return Entry(
        action=action,
        actor=actor,
        object=to_hex(case_id),
        case_id=to_hex(case_id),
        reason=reason,
        facts=facts,
    )
