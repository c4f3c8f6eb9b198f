"""Reading an entry back: from its committed rows, believed only when leaf and payload agree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import BindParameter, Connection, Engine, Row, Select, bindparam, select

from audit import leaf as leaves
from audit import payload as payloads
from audit.auditctl.tree import leaf_hash
from audit.entries import Entry, EntryError
from audit.leaf import Leaf, LeafError
from audit.models import audit_entry, audit_payload
from audit.payload import PayloadError
from audit.sealing import Envelope, Keyring, unseal
from config.database import reading
from config.errors import IntegrityFaultError

PER_QUERY = 500
"""Numbers in one IN list; below every limit of both databases."""
_NUMBERS = "numbers"


class TamperedError(IntegrityFaultError):
    """An entry of the log was changed after it was written; `seq` is its number, `why` says how."""

    code = "log-tampered"
    message = "An entry of the log was changed after it was written."

    def __init__(self, seq: int, why: str) -> None:
        """Keep which entry, and how it shows."""
        super().__init__()
        self.seq = seq
        self.why = why

    def __str__(self) -> str:
        """Say which entry, and how it shows."""
        return f"entry {self.seq}: {self.why}"


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry whose leaf, payload and commitments agree."""

    seq: int
    leaf: Leaf
    entry: Entry
    at: datetime
    broker: str


def rows_query() -> Select[Any]:
    """Select the entries with their payloads; the payload's columns are null once it is erased."""
    joined = audit_entry.outerjoin(audit_payload, audit_entry.c.seq == audit_payload.c.seq)
    payload_columns = [c for c in audit_payload.c if c.name != "seq"]
    return select(audit_entry, *payload_columns).select_from(joined)


@cache
def _by_number() -> Select[Any]:
    """Select entries by number; made once, because making it takes longer than running it."""
    numbers: BindParameter[Any] = bindparam(_NUMBERS, expanding=True)
    return rows_query().where(audit_entry.c.seq.in_(numbers)).order_by(audit_entry.c.seq)


def open_leaf(row: Row[Any]) -> Leaf:
    """Read the leaf of a row; raises TamperedError when its hash or its event is another."""
    try:
        data = bytes(row.leaf)
        if leaf_hash(data) != row.leaf_hash:
            raise TamperedError(row.seq, "the leaf does not have its hash")
        leaf = leaves.read(data)
    except (LeafError, TypeError) as error:
        raise TamperedError(row.seq, "the stored bytes are not a leaf of this log") from error
    if leaf.event_id != row.event_id:
        raise TamperedError(row.seq, "the leaf belongs to another event")
    return leaf


def open_row(row: Row[Any], leaf: Leaf, keyring: Keyring) -> Opened:
    """Open the payload of a row and hold it against the leaf.

    The leaf is written anew from the payload and must come out the same to the byte, so that the
    commitments, the decision and the rules are all compared at once. Raises TamperedError when
    they differ and KeyUnavailableError when the key of its month is not there.
    """
    envelope = Envelope(row.salts, row.nonce, row.ct, row.dek_wrapped, row.kek_id)
    try:
        data = unseal(keyring.cipher(envelope.kek_id), envelope, leaf.event_id, row.seq)
        recorded, parts = payloads.decode(data)
        made = leaves.commitments(envelope.salts, parts.actor, parts.object, parts.payload)
        written = leaves.finish(leaves.begin(recorded.entry, made, leaf.kek_id), leaf.second)
    except InvalidTag as error:
        raise TamperedError(row.seq, "the sealed payload was changed or moved") from error
    except (PayloadError, EntryError, ValueError, TypeError) as error:
        raise TamperedError(row.seq, "the payload is not one of this log") from error
    if written != row.leaf:
        raise TamperedError(row.seq, "the payload is not what the leaf commits to")
    return Opened(row.seq, leaf, recorded.entry, recorded.at, recorded.broker)


class Reader:
    """Reads entries by number, each believed only when it agrees with its leaf."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        """Keep where the log is and the keys of its payloads."""
        self.engine = engine
        self.keyring = keyring

    def rows(self, connection: Connection, numbers: Collection[int]) -> list[Row[Any]]:
        """Read the committed rows of entries by number, in order, in as few queries as fit."""
        ordered = sorted(numbers)
        found: list[Row[Any]] = []
        for start in range(0, len(ordered), PER_QUERY):
            some = ordered[start : start + PER_QUERY]
            found += connection.execute(_by_number(), {_NUMBERS: some})
        return found

    def open(self, row: Row[Any]) -> Opened:
        """Open an entry; raises TamperedError when it was changed, or its payload is gone."""
        leaf = open_leaf(row)
        if row.salts is None:
            raise TamperedError(row.seq, "the payload is gone")
        return open_row(row, leaf, self.keyring)

    def read(self, numbers: Sequence[int]) -> dict[int, Opened]:
        """Read entries by number on a connection of its own, which sees what is committed.

        A number that is not in the log is left out. Raises TamperedError at the first that was
        changed.
        """
        with reading(self.engine) as connection:
            return {row.seq: self.open(row) for row in self.rows(connection, numbers)}
