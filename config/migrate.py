"""The history of the three stores: one line of numbered revisions, each of which names its store.

Every database keeps its own place in the line, and a revision of another store changes nothing
there. There is no way down: going back is restoring a backup, and the log says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

from config.database import Base, Stores, audit_metadata, keys_metadata, make_engine
from config.errors import ApplicationError

FOLDER = Path(__file__).parents[1] / "migrations"
LOCK = 0x504741  # "PGA": the advisory lock of whoever changes tables
METADATA: dict[str, MetaData] = {
    "app": Base.metadata,
    "keys": keys_metadata,
    "audit": audit_metadata,
}


class MigrationError(ApplicationError):
    """The tables cannot be brought to what this program needs; nothing was changed."""

    code = "migration"


def upgrade(stores: Stores, folder: Path = FOLDER) -> None:
    """Bring the three stores to the newest revision; does nothing where they are.

    Each store changes in one transaction, while no other process changes its tables. Raises
    MigrationError when a store is newer than this program, or when rows would lose what they
    refer to.
    """
    for store, engine in _engines(stores).items():
        with _alone(engine) as connection:
            _refuse_newer(store, connection, folder)
            command.upgrade(_config(folder, store, connection), "head")
            _refuse_orphans(store, connection)


def current(stores: Stores) -> dict[str, str | None]:
    """Tell per store at which revision it is; None for an empty database."""
    found = {}
    for store, engine in _engines(stores).items():
        with engine.connect() as connection:
            found[store] = MigrationContext.configure(connection).get_current_revision()
    return found


def head(folder: Path = FOLDER) -> str | None:
    """Tell the newest revision; None while there is no history."""
    return ScriptDirectory.from_config(_config(folder)).get_current_head()


def differences(stores: Stores) -> list[str]:
    """List where the tables differ from the models, as `store: what`; empty when they agree."""
    found = []
    for store, engine in _engines(stores).items():
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            found += [f"{store}: {what}" for what in compare_metadata(context, METADATA[store])]
    return found


def write(store: str, message: str, folder: Path = FOLDER) -> Path:
    """Write the next revision of one store: what its models have and the history lacks.

    It is found on databases of its own, laid from the history; read it before it is committed,
    for triggers and data are not in it. Returns the new file.
    """
    number = sum(1 for _ in ScriptDirectory.from_config(_config(folder)).walk_revisions()) + 1
    with TemporaryDirectory() as scratch, _scratch_stores(Path(scratch)) as stores:
        upgrade(stores, folder)
        with _engines(stores)[store].connect() as connection:
            written = command.revision(
                _config(folder, store, connection),
                message,
                autogenerate=True,
                rev_id=f"{number:04d}",
            )
    if written is None or isinstance(written, list):  # pragma: no cover - one head, one file
        raise MigrationError
    return Path(written.path)


def _engines(stores: Stores) -> dict[str, Engine]:
    """Give the engines by the name of their store."""
    return {item.name: getattr(stores, item.name) for item in fields(stores)}


def _config(folder: Path, store: str | None = None, connection: Connection | None = None) -> Config:
    """Configure Alembic; migrations/env.py reads store and connection from the attributes."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    if store is not None:
        config.attributes.update(
            store=store, connection=connection, target_metadata=METADATA[store]
        )
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open one transaction in which nobody else changes tables; any exception rolls it back.

    SQLite rebuilds a table to change it, so its references are off until the end and checked
    then; its driver would commit at each change of a table if the transaction were not begun here.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection
            connection.commit()
            return
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _refuse_newer(store: str, connection: Connection, folder: Path) -> None:
    """Refuse a store that a newer program has changed."""
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {
        script.revision for script in ScriptDirectory.from_config(_config(folder)).walk_revisions()
    }
    if revision is not None and revision not in known:
        message = "The store %(store)s is at revision %(revision)s, which this program lacks."
        raise MigrationError(message, store=store, revision=revision)


def _refuse_orphans(store: str, connection: Connection) -> None:
    """Refuse a change after which rows refer to rows that are gone; PostgreSQL does so itself."""
    if connection.dialect.name != "sqlite":
        return
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan is not None:
        message = "Rows of %(table)s in the store %(store)s refer to rows that are gone."
        raise MigrationError(message, store=store, table=str(orphan[0]))


@contextmanager
def _scratch_stores(folder: Path) -> Iterator[Stores]:
    """Open three empty stores in a folder, and close them after use."""
    stores = Stores(*(make_engine(f"sqlite:///{folder / name}.db") for name in METADATA))
    try:
        yield stores
    finally:
        stores.dispose()
