"""The end of retention: what an entry says goes, that there was one stays.

Once a month has passed its term, the payloads under its key are deleted with their salts and the
rows derived from them, and the key is destroyed, which reaches the backups too. Leaves and tiles
stay, so that the tree is as verifiable as before. The erasure is itself an entry, written first.

Kept on for another month: what a living case is opened against, and every entry of a case under
legal hold. Their data keys are wrapped anew, under the key of the month that is due next.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update

from audit.entries import ID_HEX, Action, Actor, Entry, Retention
from audit.gate import Gate
from audit.history import settled_at
from audit.models import audit_entry, audit_index, audit_kek, audit_payload, audit_subject
from audit.sealing import MONTH, rewrap

BASIS = "AVG 5(1)(e)"
PER_COMMIT = 500


@dataclass(frozen=True, slots=True)
class Keep:
    """Cases (hex ids) that keep entries beyond their term: living ones, and those on hold."""

    living: Collection[str]
    held: Collection[str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What one run erased: the key of a class and month, how many entries went, how many stayed."""

    kek_id: str
    erased: int
    kept: int


def due(gate: Gate, today: date) -> list[str]:
    """List the keys whose term has passed, the oldest first."""
    term = audit_kek.c.destroy_after
    query = select(audit_kek.c.kek_id).where(term < today.isoformat()).order_by(term)
    with gate.engine.connect() as connection:
        return list(connection.scalars(query))


def erase(gate: Gate, kek_id: str, keep: Keep, actor: Actor) -> Erasure:
    """Erase what one key sealed, and destroy the key.

    Doing it again after it was cut short finishes it: the entry is the same one, what was kept is
    kept. Raises StoreUnavailableError when the log takes no entry; then nothing is erased.
    """
    kept = _keep_on(gate, kek_id, keep)
    with gate.engine.connect() as connection:
        count, first, last = connection.execute(
            select(func.count(), func.min(audit_payload.c.seq), func.max(audit_payload.c.seq))
            .select_from(audit_payload)
            .where(audit_payload.c.kek_id == kek_id)
        ).one()
    if count:
        gate.record(_entry(kek_id, first, last, count, actor))
    sealed = select(audit_payload.c.seq).where(audit_payload.c.kek_id == kek_id)
    with gate.engine.begin() as connection:
        for table in (audit_index, audit_subject, audit_payload):
            connection.execute(_rows_of(table, sealed))
        connection.execute(delete(audit_kek).where(audit_kek.c.kek_id == kek_id))
    gate.reader.keyring.forget(kek_id)
    return Erasure(kek_id, count, kept)


def _rows_of(table: Table, sealed: Any) -> Any:  # noqa: ANN401 - a statement over any of the tables
    """Delete the rows of a table that belong to these entries."""
    return delete(table).where(table.c.seq.in_(sealed))


def _entry(kek_id: str, first: int, last: int, count: int, actor: Actor) -> Entry:
    """Write what is erased, under an event of its own per key: doing it twice is one entry."""
    event = sha256(f"retention.erase {kek_id} {first} {last}".encode()).hexdigest()[:ID_HEX]
    return Entry(
        Action.RETENTION_ERASE,
        actor,
        kek_id,
        reason=BASIS,
        facts={"first": first, "last": last, "count": count, "kek": kek_id},
        event_id=event,
    )


def _keep_on(gate: Gate, kek_id: str, keep: Keep) -> int:
    """Wrap anew what has to stay; give how many entries that were."""
    keyring = gate.reader.keyring
    next_month = keyring.current(*_next_term(kek_id))
    with gate.engine.connect() as connection:
        numbers = _numbers_to_keep(connection, kek_id, keep)
    for start in range(0, len(numbers), PER_COMMIT):
        some = numbers[start : start + PER_COMMIT]
        with gate.engine.begin() as connection:
            for row in connection.execute(_sealed(some)):
                connection.execute(
                    update(audit_payload)
                    .where(audit_payload.c.seq == row.seq)
                    .values(
                        kek_id=next_month[0],
                        dek_wrapped=rewrap(
                            keyring.cipher(kek_id),
                            bytes(row.dek_wrapped),
                            (kek_id, row.event_id, row.seq),
                            next_month,
                        ),
                    )
                )
    return len(numbers)


def _sealed(numbers: Collection[int]) -> Any:  # noqa: ANN401 - a select of three columns
    """Select what wrapping anew needs of these entries."""
    return (
        select(audit_payload.c.seq, audit_payload.c.dek_wrapped, audit_entry.c.event_id)
        .join(audit_entry, audit_entry.c.seq == audit_payload.c.seq)
        .where(audit_payload.c.seq.in_(numbers))
    )


def _numbers_to_keep(connection: Connection, kek_id: str, keep: Keep) -> list[int]:
    """Find the entries under a key that a living or a held case needs."""
    sealed = select(audit_payload.c.seq).where(audit_payload.c.kek_id == kek_id)
    rows = connection.execute(
        select(audit_index.c.seq, audit_index.c.case_id)
        .where(audit_index.c.line == 0, audit_index.c.case_id != "")
        .where(audit_index.c.seq.in_(sealed))
        .order_by(audit_index.c.seq)
    ).all()
    held, living = set(keep.held), set(keep.living)
    needed = settled_at(connection, {row.case_id for row in rows if row.case_id in living})
    return [row.seq for row in rows if row.case_id in held or row.seq in needed]


def _next_term(kek_id: str) -> tuple[Retention, datetime]:
    """Give class and month of the key that is due a month after this one."""
    retention, month = kek_id[: -MONTH - 1], kek_id[-MONTH:]
    first = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    return Retention(retention), first + timedelta(days=32)
