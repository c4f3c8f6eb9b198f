"""Logs of many entries, written once through the gate and kept in a folder that git ignores.

A million entries take some minutes and 2.7 GB; the folder `build/logs` may be removed at any time.
"""

import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, Index, text
from sqlalchemy.schema import CreateIndex

from audit import canonical, derived, leaf, payload
from audit.gate import Gate
from config import clock
from config.clock import FrozenClock
from config.database import audit_metadata, make_engine
from config.keys import KekProvider, LocalKek
from tests.benchmarks import long_log
from tests.benchmarks.long_log import END, EVERY, entry_of

KEPT = Path(__file__).parents[2] / "build" / "logs"
WRITTEN_BY = (long_log, canonical, derived, leaf, payload)
PER_COMMIT = 250


def key() -> KekProvider:
    """Give the key of these logs, which protects nothing."""
    return LocalKek([bytes(range(32))], "bench")


def kept(size: int) -> Path:
    """Give the file of a log of this size; writes it first where it is not there yet.

    What its entries say is part of its name: after a change they are written anew. Its indexes are
    made to be those of today.
    """
    said = b"".join(Path(str(module.__file__)).read_bytes() for module in WRITTEN_BY)
    path = KEPT / f"{size}-{sha256(said).hexdigest()[:12]}.db"
    if not path.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        for old in KEPT.glob(f"{size}-*"):
            old.unlink()
        begun = path.with_suffix(".begun")
        _write(begun, size)
        begun.rename(path)
    engine = make_engine(f"sqlite:///{path}")
    _renew_indexes(engine)
    engine.dispose()
    return path


def _write(path: Path, size: int) -> None:
    """Write a log through the gate; what finds its rows is added at the end."""
    engine = make_engine(f"sqlite:///{path}")
    audit_metadata.create_all(engine)
    indexes = without_indexes(engine)
    time = FrozenClock(END - EVERY * size)
    gate = Gate(engine, key())
    with clock.use(time), closing(gate):
        for first in range(0, size, PER_COMMIT):
            numbers = range(first, min(first + PER_COMMIT, size))
            gate.record_many([entry_of(size, number) for number in numbers])
            time.advance(EVERY * len(numbers))
            say(f"writing a log: {numbers.stop:,} of {size:,}", is_last=numbers.stop == size)
    index_all(engine, indexes)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _renew_indexes(engine: Engine) -> None:
    """Bring the indexes of a kept log up to date with the models."""
    wanted = {
        str(CreateIndex(index).compile(engine)).strip(): index
        for table in audit_metadata.tables.values()
        for index in table.indexes
    }
    with engine.begin() as connection:
        query = "SELECT sql, name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        there = {str(sql): str(name) for sql, name in connection.exec_driver_sql(query)}
        for name in [name for sql, name in there.items() if sql not in wanted]:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        missing = [index for sql, index in wanted.items() if sql not in there]
    index_all(engine, missing)


def without_indexes(engine: Engine) -> list[Index]:
    """Drop what finds rows, so that many are added quickly; give what was dropped."""
    indexes = [index for table in audit_metadata.tables.values() for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    return indexes


def index_all(engine: Engine, indexes: list[Index]) -> None:
    """Add indexes; PostgreSQL also looks at what it holds, as by itself it does in time."""
    with engine.begin() as connection:
        for index in indexes:
            say(f"indexing a log: {index.name}")
            index.create(connection)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def say(line: str, *, is_last: bool = False) -> None:
    """Tell on a terminal how far it is."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}{chr(10) if is_last else ''}")
