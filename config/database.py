"""The three stores: app (business data, ciphertext), keys and audit, each with its own commits.

`db.session` is the app store only. The log and the keys have engines of their own, because a
rollback in the app store must never take an entry or a key with it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, LargeBinary, MetaData, create_engine
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from config.errors import SettingsError
from config.ids import ID_BYTES
from config.settings import Settings

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "ceph"}
FULL = 2
IDLE_SINCE = "idle since"
ASK_AFTER = 2  # seconds
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

keys_metadata = MetaData(naming_convention=NAMING)
audit_metadata = MetaData(naming_convention=NAMING)


class Base(DeclarativeBase):
    """What every table of the app store inherits."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refused without a time zone, kept and returned in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs its time zone"
            raise ValueError(message)
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return the instant in UTC; in one step, for a page reads hundreds of these."""
        _ = coltype
        if dialect.name == "sqlite":
            return lambda stored: stored and datetime.fromisoformat(stored).replace(tzinfo=UTC)
        return lambda stored: stored and stored.astimezone(UTC)


class IdColumn(TypeDecorator[bytes]):
    """An identifier of exactly 16 bytes."""

    impl = LargeBinary(ID_BYTES)
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Refuse anything but 16 bytes."""
        _ = dialect
        if value is not None and len(value) != ID_BYTES:
            message = "an identifier has 16 bytes"
            raise ValueError(message)
        return value

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        """Leave what both drivers return as it is: plain bytes. A page reads hundreds of these."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The engines of the three stores."""

    app: Engine
    keys: Engine
    audit: Engine

    def dispose(self) -> None:
        """Close every pooled connection."""
        for engine in (self.app, self.keys, self.audit):
            engine.dispose()


def make_engine(url: str) -> Engine:
    """Open an engine whose commits are durable; raises SettingsError for an unsafe place.

    SQLite runs in WAL with synchronous=FULL, set and asserted on every connection: with NORMAL a
    power loss may take a committed entry with it. A network file system breaks its locks.
    """
    engine = create_engine(url, **_options(url))
    _make_durable(engine)
    return engine


def _options(url: str) -> dict[str, Any]:
    """Give the engine options of a database; refuse SQLite on a network file system."""
    options: dict[str, Any] = {"pool_size": 8, "max_overflow": 24}
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        _refuse_network_file_system(Path(parsed.database or ""))
        return {**options, "connect_args": {"timeout": 15, "check_same_thread": False}}
    return options


def _make_durable(engine: Engine) -> None:
    """Prepare every new SQLite connection; PostgreSQL is durable unless its role says otherwise."""
    if engine.dialect.name == "sqlite":
        sqlalchemy_event.listen(engine, "connect", _prepare_sqlite)
    else:
        _ask_after_idleness(engine)


def _ask_after_idleness(engine: Engine) -> None:
    """Ask a connection that was idle for a while whether its server is still there.

    When it is not, the whole pool is opened anew. Asking before every use, as pool_pre_ping does,
    costs a page as many round trips as it takes connections.
    """

    def taken_back(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[IDLE_SINCE] = time.monotonic()

    def taken(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 - a DBAPI connection
        idle_since = record.info.get(IDLE_SINCE)
        if idle_since is None or time.monotonic() - idle_since < ASK_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    sqlalchemy_event.listen(engine, "checkin", taken_back)
    sqlalchemy_event.listen(engine, "checkout", taken)


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Set and assert what durability rests on; a new connection has the defaults again."""
    _ = record
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    cursor.close()
    if level != FULL or journal != "wal":
        message = "SQLite does not keep its commits: synchronous=FULL and WAL are needed"
        raise SettingsError(message)


def _refuse_network_file_system(path: Path) -> None:
    """Refuse a database file on a network file system; raises SettingsError."""
    folder = path.absolute().parent
    best, kind = "", ""
    for line in Path("/proc/mounts").read_text("utf-8").splitlines():
        _, mount, file_system, *_ = line.split()
        inside = folder.is_relative_to(mount)
        if inside and len(mount) >= len(best):
            best, kind = mount, file_system
    if kind in NETWORK_FILE_SYSTEMS:
        message = f"{folder} is on a network file system ({kind}); SQLite needs a local disk"
        raise SettingsError(message)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its three stores."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.app_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(settings.app_url)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    _make_durable(engine)
    app.extensions["settings"] = settings
    app.extensions["stores"] = Stores(
        app=engine, keys=make_engine(settings.keys_url), audit=make_engine(settings.audit_url)
    )


def stores() -> Stores:
    """Give the stores of the current app."""
    found: Stores = current_app.extensions["stores"]
    return found


def settings() -> Settings:
    """Give the settings of the current app."""
    found: Settings = current_app.extensions["settings"]
    return found


@contextmanager
def transaction() -> Iterator[None]:
    """Commit the app store at the end of the block; any exception rolls it back.

    The only commit of the app store.
    """
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@contextmanager
def fresh_connection() -> Iterator[Connection]:
    """Open a connection to the app store of its own, which sees everything committed so far.

    The session may stand in an older snapshot; what decides at the last moment reads here.
    """
    with reading(stores().app) as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection to a store on which every statement sees all that is committed by then.

    It takes no transaction, whose begin and end are two more round trips to a server. The driver
    of SQLite begins none before a read; telling it so would cost more than the read.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")  # noqa: PLW2901
        yield connection
