"""Haste: while the demo region is loaded, commits of SQLite do not wait for the disk.

Thousands of small commits would each wait for it. Until the region is whole it is of no worth to
anybody: after a power failure it is loaded anew. Nothing else may ever hurry like this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from config.database import db, stores


@contextmanager
def not_waiting_for_the_disk() -> Iterator[None]:
    """Let commits not wait for the disk; at the end everything is on it, and they wait again."""
    db.session.remove()
    engines = [one for one in (stores().app, stores().keys, stores().audit) if _is_file(one)]
    for engine in engines:
        event.listen(engine, "connect", _hurry)
        engine.dispose()
    try:
        yield
    finally:
        db.session.remove()
        for engine in engines:
            event.remove(engine, "connect", _hurry)
            engine.dispose()
            _settle(engine)


def _is_file(engine: Engine) -> bool:
    """Tell whether a store is an SQLite file."""
    return engine.dialect.name == "sqlite"


def _hurry(connection: Any, record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    """Make one connection hurry; its durability was set and asserted just before."""
    _ = record
    connection.execute("PRAGMA synchronous=OFF")


def _settle(engine: Engine) -> None:
    """Write all commits from the journal to the file, and wait until both are on the disk."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
