"""The connections the log is written on: lock, read the head, insert, commit; for both databases.

Hot path, so it speaks to the drivers directly, with statements compiled once from the tables.
"""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import psycopg
from psycopg import sql
from sqlalchemy import (
    Engine,
    Executable,
    Insert,
    Table,
    Text,
    Update,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import ClauseElement

from audit.models import (
    audit_entry,
    audit_head,
    audit_index,
    audit_payload,
    audit_subject,
    audit_tile,
)
from audit.tiles import Tile, hashes_in

PATIENCE_MS = 15_000
"""How long an append waits for its turn before it gives up."""

_LOCK = 0x61756469745F6C6F  # "audit_lo": one lock per database for everybody who appends


_SHORT = 64
"""Index rows up to which PostgreSQL takes a batch faster as arrays than by COPY (measured)."""
_NUMBERED = (audit_entry, audit_payload, audit_index, audit_subject)


class Head(NamedTuple):
    """The tree as it stands; `second` is the time of the newest leaf, empty in an empty log."""

    size: int
    frontier: list[bytes]
    second: str


class Batch(NamedTuple):
    """The rows of one commit, each in the order of the columns of its table."""

    entries: Sequence[Sequence[Any]]
    payloads: Sequence[Sequence[Any]]
    lines: Sequence[Sequence[Any]]
    subjects: Sequence[Sequence[Any]]
    tiles: Sequence[Tile]
    size: int
    frontier: bytes
    root: bytes
    second: str

    def numbered(self) -> list[tuple[Table, Sequence[Sequence[Any]]]]:
        """List the tables whose rows bear the number of their entry, and the rows."""
        rows = (self.entries, self.payloads, self.lines, self.subjects)
        return list(zip(_NUMBERED, rows, strict=True))


class _Statements:
    """The statements of the hot path in the words of one driver."""

    def __init__(self, engine: Engine) -> None:
        """Compile them with positional parameters."""
        style = "format" if engine.dialect.name == "postgresql" else "qmark"
        dialect: Any = type(engine.dialect)
        self._dialect = dialect(paramstyle=style)
        leaf_hash, seq = audit_entry.c.leaf_hash, audit_entry.c.seq
        head = audit_head.c
        self.head = self.compile(select(head.size, head.frontier, head.ts))
        self.leaf_hashes = self.compile(
            select(leaf_hash).where(seq >= bindparam("first"), seq < bindparam("end")).order_by(seq)
        )
        self.tile = self.compile(
            select(audit_tile.c.data).where(
                audit_tile.c.level == bindparam("level"), audit_tile.c.n == bindparam("n")
            )
        )
        self.number = self.compile(select(seq).where(audit_entry.c.event_id == bindparam("event")))
        self.insert = {table: self.compile(insert(table)) for table in (*_NUMBERED, audit_tile)}
        self.first_head = self.compile(insert(audit_head))
        self.next_head = self.compile(_moving_head())

    def compile(self, statement: Executable) -> str:
        """Write a statement with its parameters in the order they stand in the text."""
        return str(cast("ClauseElement", statement).compile(dialect=self._dialect))

    def moving(self, batch: Batch) -> tuple[str, tuple[Any, ...]]:
        """Give the statement that moves the head; the first batch creates it."""
        values = (batch.size, batch.frontier, batch.root, batch.second)
        if batch.size == len(batch.entries):
            return self.first_head, (1, *values)
        return self.next_head, values


def _head_of(row: Sequence[Any] | None) -> Head:
    """Read the head row; without one the log is empty."""
    if row is None:
        return Head(0, [], "")
    size, frontier, second = row
    return Head(size, hashes_in(bytes(frontier)), second)


class Appender(ABC):
    """A connection of its own on which one batch after the other is appended."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine and compile the statements; the connection opens at the first batch."""
        self._engine = engine
        self._sql = _Statements(engine)

    @abstractmethod
    def begin(self) -> Head:
        """Open a transaction, take the lock and read the head."""

    @abstractmethod
    def commit(self, batch: Batch) -> None:
        """Insert the rows, move the head and commit; what was acknowledged is durable."""

    @abstractmethod
    def rollback(self) -> None:
        """Give up the transaction."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    @abstractmethod
    def _rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """Read rows inside the transaction."""

    def leaf_hashes(self, first: int, end: int) -> list[bytes]:
        """Read the leaf hashes of the entries [first, end)."""
        return [bytes(row[0]) for row in self._rows(self._sql.leaf_hashes, (first, end))]

    def tile(self, level: int, number: int) -> bytes:
        """Read a full tile."""
        return bytes(self._rows(self._sql.tile, (level, number))[0][0])

    def number(self, event_id: str) -> int | None:
        """Tell under which number an event is in the log already."""
        rows = self._rows(self._sql.number, (event_id,))
        return rows[0][0] if rows else None

    def _connect(self) -> Any:  # noqa: ANN401 - the connection of whichever driver
        """Open a connection that belongs to no pool, prepared as every one of the engine."""
        pooled = self._engine.raw_connection()
        connection = pooled.driver_connection
        pooled.detach()
        return connection


class SqliteAppender(Appender):
    """One SQLite connection; BEGIN IMMEDIATE is the lock, over all processes."""

    _connection: sqlite3.Connection | None = None

    def _opened(self) -> sqlite3.Connection:
        """Give the connection, with transactions begun and ended by us alone."""
        if self._connection is None:
            self._connection = cast("sqlite3.Connection", self._connect())
            self._connection.isolation_level = None
        return self._connection

    def begin(self) -> Head:
        """Open a transaction, take the lock and read the head."""
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        return _head_of(connection.execute(self._sql.head).fetchone())

    def commit(self, batch: Batch) -> None:
        """Insert the rows, move the head and commit; what was acknowledged is durable."""
        connection = self._opened()
        for table, rows in (*batch.numbered(), (audit_tile, batch.tiles)):
            if rows:
                connection.executemany(self._sql.insert[table], rows)
        connection.execute(*self._sql.moving(batch))
        connection.execute("COMMIT")

    def rollback(self) -> None:
        """Give up the transaction."""
        self._opened().execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """Read rows inside the transaction."""
        return self._opened().execute(statement, parameters).fetchall()


class PostgresAppender(Appender):
    """One PostgreSQL connection; an advisory lock is the lock, and a batch costs two round trips.

    The lock is a statement of its own: at READ COMMITTED the head is then read in a snapshot
    taken after the wait, so it is the newest.
    """

    _connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def __init__(self, engine: Engine) -> None:
        """Keep the engine and compile the statements; the connection opens at the first batch."""
        super().__init__(engine)
        self._start = (
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
            f"SELECT pg_advisory_xact_lock({_LOCK});{self._sql.head}"
        )
        arrays = [_insert_arrays(table).cte(f"new_{table.name}") for table in _NUMBERED]
        self._short = self._sql.compile(_moving_head().add_cte(*arrays))

    def _opened(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Give the connection; a commit on it returns only when it is on disk."""
        if self._connection is None:
            connection = cast("psycopg.Connection[tuple[Any, ...]]", self._connect())
            connection.rollback()
            connection.autocommit = True
            for timeout in ("lock", "statement", "idle_in_transaction_session"):
                name = f"{timeout}_timeout"
                connection.execute("SELECT set_config(%s, %s, false)", (name, str(PATIENCE_MS)))
            # The best plan depends on no value, and making it takes longer than running it.
            connection.execute("SET plan_cache_mode = force_generic_plan")
            connection.execute(
                "SELECT set_config('synchronous_commit', 'on', false)"
                " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
            )
            self._connection = connection
        return self._connection

    def begin(self) -> Head:
        """Open a transaction, take the lock and read the head, in one round trip.

        When the server has meanwhile closed the connection, a new one is opened, once.
        """
        try:
            found = self._opened().execute(self._start)
        except psycopg.OperationalError:
            if not self._opened().closed:
                raise
            self._connection = None
            found = self._opened().execute(self._start)
        found.nextset()
        found.nextset()
        return _head_of(found.fetchone())

    def commit(self, batch: Batch) -> None:
        """Insert the rows, move the head and commit.

        A short batch is one statement with an array per column, a long one goes by COPY.
        """
        connection = self._opened()
        moving, values = self._sql.moving(batch)
        with connection.cursor() as cursor:
            if batch.tiles:
                cursor.executemany(self._sql.insert[audit_tile], batch.tiles)
            if moving == self._sql.next_head and len(batch.lines) <= _SHORT:
                moving, values = self._short, (*_arrays(batch), *values)
            else:
                for table, rows in batch.numbered():
                    with cursor.copy(_copy_into(table)) as stream:
                        for row in rows:
                            stream.write_row(row)
            with connection.pipeline():
                cursor.execute(moving, values)
                cursor.execute("COMMIT")

    def rollback(self) -> None:
        """Give up the transaction."""
        self._opened().execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """Read rows inside the transaction."""
        return self._opened().execute(statement, parameters).fetchall()


def _moving_head() -> Update:
    """Write the update of the head."""
    return update(audit_head).values(
        {name: bindparam(name) for name in ("size", "frontier", "root", "ts")}
    )


def _insert_arrays(table: Table) -> Insert:
    """Write the insertion of rows that come as one array per column."""
    names = [column.name for column in table.columns]
    given = [
        sql_cast(bindparam(f"{table.name}_{column.name}", type_=Text()), ARRAY(column.type))
        for column in table.columns
    ]
    rows = func.unnest(*given).table_valued(*names).render_derived()
    return insert(table).from_select(names, select(*[rows.c[name] for name in names]))


def _arrays(batch: Batch) -> list[str]:
    """Write the columns of the numbered tables of a batch as PostgreSQL reads arrays from text."""
    written: list[str] = []
    for table, rows in batch.numbered():
        columns = zip(*rows, strict=True) if rows else [()] * len(table.columns)
        written += ["{" + ",".join(map(_element, column)) + "}" for column in columns]
    return written


def _element(value: bytes | str | int | None) -> str:
    """Write one element of an array."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return "NULL" if value is None else str(value)


def _copy_into(table: Table) -> sql.Composed:
    """Write the COPY of a table, with its columns in their order."""
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)


def appender_for(engine: Engine) -> Appender:
    """Open the appender of a database."""
    return (PostgresAppender if engine.dialect.name == "postgresql" else SqliteAppender)(engine)
