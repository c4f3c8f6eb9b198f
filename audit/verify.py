"""Recompute the whole log and tell whether anything in it was changed since it was written.

Checked, entry by entry and in constant memory:
  the numbers are contiguous from 0, and the times never fall;
  each leaf has its hash, each full tile holds these hashes, and the head has their frontier and
  root (RFC 6962, 2.1), so that nothing was edited, swapped, inserted or cut out;
  each payload opens at its place and is what its leaf commits to;
  the index and subject rows are what the payload says, and there are no others;
  a payload that is gone is named by a later `retention.erase`.

What cannot show here is a tail cut off together with a head set back to match. Against that stand
checkpoints held elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from audit import canonical
from audit.auditctl import tree
from audit.canonical import CanonicalError
from audit.derived import DerivedRows, IndexRow, SubjectRow
from audit.leaf import PREFIX_OF_ERASURE, Leaf
from audit.models import (
    audit_entry,
    audit_head,
    audit_index,
    audit_payload,
    audit_subject,
    audit_tile,
)
from audit.queries import derived_rows
from audit.reading import TamperedError, open_leaf, open_row, rows_query
from audit.sealing import Keyring, MissingKekError, is_same_or_later
from audit.tiles import LEVELS_PER_TILE, WIDTH, completed, hashes_in
from config.keys import KekProvider, KeyUnavailableError

Progress = Callable[[int, int], None]
"""Told now and then how many entries are done, and of how many."""


class State(IntEnum):
    """What a verification found; the number is the exit code of the command."""

    OK = 0
    TAMPERED = 1
    INCOMPLETE = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    `size` and `root` are those of the tree that was recomputed up to where it stopped, `erased`
    counts payloads that were erased as announced. `first_bad` is the number of the first entry
    that is not as it was written; `why` says how it shows.
    """

    state: State
    size: int
    root: str
    erased: int = 0
    first_bad: int | None = None
    why: str = ""

    @property
    def is_ok(self) -> bool:
        """Tell whether the whole log is as it was written."""
        return self.state is State.OK


class IncompleteError(Exception):
    """The log cannot be read whole, so nothing can be said about the rest of it."""


def quiet(done: int, size: int) -> None:
    """Tell nobody how far a verification is."""
    _ = done, size


def verify(engine: Engine, kek_provider: KekProvider, progress: Progress = quiet) -> Verdict:
    """Recompute the log as it stands when this is called; writing may go on meanwhile."""
    run = _Run(Keyring(engine, kek_provider), progress)
    try:
        with _snapshot(engine) as connection:
            run.check(connection)
    except TamperedError as error:
        return run.verdict(State.TAMPERED, error.seq, error.why)
    except IncompleteError as error:
        return run.verdict(State.INCOMPLETE, None, str(error))
    except SQLAlchemyError as error:
        why = f"the log cannot be read: {type(error).__name__}"
        return run.verdict(State.INCOMPLETE, None, why)
    return run.verdict(State.OK, None, "")


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Read everything as it stands at one moment, whatever is appended or erased meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection


class _Run:
    """One verification: the tree as recomputed so far, and what is known of erasures."""

    def __init__(self, keyring: Keyring, progress: Progress) -> None:
        """Begin with an empty tree."""
        self._keyring = keyring
        self._progress = progress
        self._size = 0
        self._frontier: list[bytes] = []
        self._second = ""
        self._erasures: list[tuple[range, str]] = []
        self._erased = 0
        self._unopened = ""

    def verdict(self, state: State, first_bad: int | None, why: str) -> Verdict:
        """Say what was found."""
        root = tree.root(self._frontier).hex()
        return Verdict(state, self._size, root, self._erased, first_bad, why)

    def check(self, connection: Connection) -> None:
        """Check everything; raises TamperedError at the first entry that is not as written.

        Raises IncompleteError when all that could be read is right, but not all could be.
        """
        head = connection.execute(select(audit_head)).one_or_none()
        size = head.size if head else 0
        self._erasures = list(self._announced(connection))
        for first in range(0, size, WIDTH):
            self._check_span(connection, first, min(first + WIDTH, size))
            self._progress(self._size, size)
        _check_surplus(connection, size)
        if head:
            self._check_head(head)
        if self._unopened:
            raise IncompleteError(self._unopened)

    def _announced(self, connection: Connection) -> Iterator[tuple[range, str]]:
        """Find which payloads the log itself says were erased: numbers, and the key they had.

        An entry that cannot be believed announces nothing; it is reported at its own place.
        """
        start = func.substr(audit_entry.c.leaf, 1, len(PREFIX_OF_ERASURE))
        for row in connection.execute(rows_query().where(start == PREFIX_OF_ERASURE)):
            with suppress(TamperedError, KeyUnavailableError, LookupError, ValueError):
                facts = open_row(row, open_leaf(row), self._keyring).entry.facts
                numbers = range(int(facts["first"]), min(int(facts["last"]) + 1, row.seq))
                yield numbers, str(facts["kek"])

    def _check_span(self, connection: Connection, first: int, end: int) -> None:
        """Check the entries [first, end), one tile or what there is of it."""
        numbers = range(first, end)
        lines = derived_rows(connection, audit_index, numbers)
        subjects = derived_rows(connection, audit_subject, numbers)
        tile = self._tile(connection, 0, first // WIDTH) if end - first == WIDTH else None
        rows = connection.execute(
            rows_query()
            .where(audit_entry.c.seq >= first, audit_entry.c.seq < end)
            .order_by(audit_entry.c.seq)
        ).all()
        hashes = []
        for seq, row in zip_longest(numbers, rows):
            if row is None or row.seq != seq:
                raise TamperedError(seq, "the entry is gone")
            leaf = open_leaf(row)
            hashes.append(bytes(row.leaf_hash))
            if tile and tile[seq - first] != hashes[-1]:
                raise TamperedError(seq, "it is not the entry that its tile holds")
            if leaf.second < self._second:
                raise TamperedError(seq, "its time lies before that of the entry before it")
            self._check_payload(row, leaf, lines[seq], subjects[seq])
            self._frontier = tree.append(self._frontier, seq, hashes[-1:])
            self._second = leaf.second
            self._size = seq + 1
        self._check_upper_tiles(connection, first, hashes)

    def _check_payload(
        self, row: Row[Any], leaf: Leaf, lines: list[IndexRow], subjects: list[SubjectRow]
    ) -> None:
        """Check what an entry says and what was derived from it, or that it may be gone."""
        if row.salts is None:
            self._check_erased(row, leaf, lines or subjects)
            return
        try:
            opened = open_row(row, leaf, self._keyring)
        except MissingKekError as error:
            raise TamperedError(row.seq, "the key of its payload is gone") from error
        except KeyUnavailableError:
            self._unopened = self._unopened or (
                f"from entry {row.seq} on, payloads under the key {row.kek_id} cannot be opened"
            )
            return
        derived = DerivedRows(opened.entry)
        if lines != derived.index(row.seq, leaf.second):
            raise TamperedError(row.seq, "its rows in the index are not what it says")
        if subjects != derived.subjects(row.seq):
            raise TamperedError(row.seq, "its rows by subject are not what it says")

    def _check_erased(self, row: Row[Any], leaf: Leaf, left: Sequence[object]) -> None:
        """Check that a payload that is gone was erased as announced, with all derived from it.

        It may have been kept on under the key of a later month, never under one of another class.
        """
        if not any(
            row.seq in numbers and is_same_or_later(leaf.kek_id, kek)
            for numbers, kek in self._erasures
        ):
            raise TamperedError(row.seq, "its payload is gone, and no entry says it was erased")
        if left:
            raise TamperedError(row.seq, "its payload was erased, but not its rows in the index")
        try:
            canonical.decode(bytes(row.leaf))
        except CanonicalError as error:
            raise TamperedError(row.seq, "its leaf is not in canonical form") from error
        self._erased += 1

    def _tile(self, connection: Connection, level: int, number: int) -> list[bytes]:
        """Read the hashes of a full tile."""
        tile = audit_tile.c
        query = select(tile.data).where(tile.level == level, tile.n == number)
        data = connection.scalar(query)
        if data is None:
            raise TamperedError(
                number * WIDTH << LEVELS_PER_TILE * level, f"its tile of level {level} is gone"
            )
        return hashes_in(bytes(data))

    def _check_upper_tiles(self, connection: Connection, first: int, hashes: list[bytes]) -> None:
        """Check the tiles of higher levels that a full tile completed."""

        def stored(level: int, number: int) -> bytes:
            return b"".join(self._tile(connection, level, number))

        for level, number, data in completed(first, hashes, lambda *_: [], stored):
            for position, pair in enumerate(
                zip(hashes_in(data), self._tile(connection, level, number), strict=True)
            ):
                if pair[0] != pair[1]:
                    seq = number * WIDTH + position << LEVELS_PER_TILE * level
                    raise TamperedError(seq, f"a tile of level {level} holds another subtree")

    def _check_head(self, head: Row[Any]) -> None:
        """Check that the head is the tree recomputed; names the first entry of a subtree off."""
        stored = hashes_in(bytes(head.frontier))
        for (first, _), ours, theirs in zip_longest(
            tree.frontier_ranges(self._size), self._frontier, stored, fillvalue=(self._size, 0)
        ):
            if ours != theirs:
                raise TamperedError(first, "from here on the head holds another subtree")
        if tree.root(self._frontier) != bytes(head.root) or head.ts != self._second:
            raise TamperedError(self._size - 1, "the head has another root or time")


def _check_surplus(connection: Connection, size: int) -> None:
    """Refuse rows that belong to no entry of the tree."""
    for table in (audit_entry, audit_payload, audit_index, audit_subject):
        stray = select(func.min(table.c.seq)).where(or_(table.c.seq >= size, table.c.seq < 0))
        seq = connection.scalar(stray)
        if seq is not None:
            raise TamperedError(seq, f"{table.name} has a row that the head of the log lacks")
    tile = audit_tile.c
    for level, last in connection.execute(
        select(tile.level, func.max(tile.n)).group_by(tile.level)
    ):
        if (last + 1) * WIDTH << LEVELS_PER_TILE * level > size:
            raise TamperedError(size, "there are tiles beyond the head of the log")
