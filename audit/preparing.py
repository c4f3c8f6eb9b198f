"""Preparing an entry: all that can be done before it has its place in the log, outside the lock."""

from datetime import datetime
from typing import NamedTuple

from audit import leaf as leaves
from audit import payload as payloads
from audit.auditctl.tree import leaf_hash
from audit.canonical import CanonicalError
from audit.derived import DerivedRows, IndexRow, SubjectRow
from audit.entries import Entry, EntryError
from audit.sealing import Keyring, draw, seal, wrap


class Rows(NamedTuple):
    """The rows of one entry, each in the order of the columns of its table."""

    entry: tuple[int, str, bytes, bytes]
    payload: tuple[int, bytes, bytes, bytes, bytes, str]
    lines: list[IndexRow]
    subjects: list[SubjectRow]
    second: str


class Prepared:
    """An entry, sealed and committed to, that waits for its number and time."""

    __slots__ = ("_begun", "_ct", "_derived", "_drawn", "_kek", "_kek_id", "_second", "event_id")

    def __init__(self, entry: Entry, at: datetime, broker: str, keyring: Keyring) -> None:
        """Seal an entry made at an instant by a broker.

        Raises EntryError when a fact has no canonical form, KeyUnavailableError without a key.
        """
        try:
            parts = payloads.encode(entry, at, broker)
            self._drawn = draw()
            made = leaves.commitments(self._drawn.salts, parts.actor, parts.object, parts.payload)
            self._kek_id, self._kek = keyring.current(entry.retention, at)
            self._begun = leaves.begin(entry, made, self._kek_id)
        except CanonicalError as error:
            message = f"an entry cannot be written: {error}"
            raise EntryError(message) from error
        self._derived = DerivedRows(entry)
        self._second = leaves.second_of(at)
        self._ct = seal(self._drawn, entry.event_id, parts.payload)
        self.event_id = entry.event_id
        leaves.finish(self._begun, self._second)

    def place(self, seq: int, after: str) -> Rows:
        """Complete the rows at a place in the log.

        `after` is the time of the entry before it: when the clock was set back, the time of the
        leaf stands still, so that it never falls; the payload keeps the clock's own word.
        """
        second = max(self._second, after)
        leaf = leaves.finish(self._begun, second)
        wrapped = wrap(self._kek, self._drawn, self._kek_id, self.event_id, seq)
        drawn = self._drawn
        return Rows(
            (seq, self.event_id, leaf, leaf_hash(leaf)),
            (seq, drawn.salts, drawn.nonce, self._ct, wrapped, self._kek_id),
            self._derived.index(seq, second),
            self._derived.subjects(seq),
            second,
        )
