"""Three stores whose commits last, and columns that refuse what they cannot keep."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from config import database
from config.database import IdColumn, Stores, UtcDateTime, db, make_engine, transaction
from config.errors import SettingsError
from config.worker import WorkerLease
from tests.conftest import MONDAY_MORNING
from tests.databases import STORES

SAMPLE = Table(
    "sample", MetaData(), Column("id", IdColumn, primary_key=True), Column("at", UtcDateTime)
)


@pytest.fixture
def sample(stores: Stores) -> Stores:
    SAMPLE.create(stores.app)
    return stores


@pytest.fixture
def context(bare_app: Flask) -> Iterator[Flask]:
    with bare_app.app_context():
        yield bare_app


@pytest.mark.parametrize(
    "at", [MONDAY_MORNING, MONDAY_MORNING.astimezone(timezone(timedelta(hours=9))), None]
)
def test_an_instant_comes_back_in_utc(sample: Stores, at: datetime | None) -> None:
    with sample.app.begin() as connection:
        connection.execute(insert(SAMPLE).values(id=bytes(16), at=at))
        found = connection.scalar(select(SAMPLE.c.at))
    assert found == at
    assert found is None or found.tzinfo is UTC


def test_an_instant_without_a_time_zone_is_refused(sample: Stores) -> None:
    naive = MONDAY_MORNING.replace(tzinfo=None)
    with sample.app.connect() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(SAMPLE).values(id=bytes(16), at=naive))


def test_an_identifier_comes_back_as_bytes(sample: Stores) -> None:
    with sample.app.begin() as connection:
        connection.execute(insert(SAMPLE).values(id=bytes(range(16))))
        assert connection.scalar(select(SAMPLE.c.id)) == bytes(range(16))


@pytest.mark.parametrize("size", [0, 15, 17])
def test_an_identifier_of_another_length_is_refused(sample: Stores, size: int) -> None:
    with sample.app.connect() as connection, pytest.raises(StatementError, match="16 bytes"):
        connection.execute(select(SAMPLE).where(SAMPLE.c.id == bytes(size)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_connection_of_every_store_keeps_its_commits(bare_app: Flask) -> None:
    for store in STORES:
        engine = getattr(bare_app.extensions["stores"], store)
        for _ in range(2):
            with engine.connect() as connection:
                assert connection.scalar(text("PRAGMA synchronous")) == 2
                assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
                assert connection.scalar(text("PRAGMA foreign_keys")) == 1
            engine.dispose()


def test_a_database_that_cannot_keep_its_commits_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(SettingsError, match="does not keep its commits"):
        database._prepare_sqlite(connection, None)
    connection.close()


def test_a_database_on_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = Path("/proc/mounts").read_text("utf-8").splitlines()
    every_kind = {line.split()[2] for line in mounts} | {""}
    monkeypatch.setattr(database, "NETWORK_FILE_SYSTEMS", every_kind)
    with pytest.raises(SettingsError, match="SQLite needs a local disk"):
        make_engine(f"sqlite:///{tmp_path / 'app.db'}")


def lease(name: str) -> WorkerLease:
    return WorkerLease(name=name, holder=bytes(16), until=MONDAY_MORNING)


def names(app: Flask) -> set[str]:
    with app.extensions["stores"].app.connect() as connection:
        return set(connection.scalars(select(WorkerLease.name)))


def test_a_transaction_commits_at_its_end(context: Flask) -> None:
    with transaction():
        db.session.add(lease("one"))
    assert names(context) == {"one"}


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_is_left_by_an_exception_changes_nothing(
    context: Flask, fault: type[BaseException]
) -> None:
    def write_and_break_off() -> None:
        db.session.add(lease("one"))
        db.session.flush()
        raise fault

    with pytest.raises(fault), transaction():
        write_and_break_off()
    assert names(context) == set()


def test_a_commit_that_fails_changes_nothing(context: Flask) -> None:
    with transaction():
        db.session.add(lease("one"))
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(insert(WorkerLease).values(name="two", holder=bytes(16), until=None))
    assert names(context) == {"one"}


def test_a_fresh_connection_sees_what_was_committed_meanwhile(context: Flask) -> None:
    assert db.session.scalar(select(WorkerLease.name)) is None
    with context.extensions["stores"].app.begin() as other:
        values = {"name": "one", "holder": bytes(16), "until": MONDAY_MORNING}
        other.execute(insert(WorkerLease).values(**values))
    with database.fresh_connection() as connection:
        assert connection.scalar(select(WorkerLease.name)) == "one"


def test_every_statement_of_a_read_sees_what_was_committed_before_it(sample: Stores) -> None:
    with database.reading(sample.app) as connection:
        assert connection.scalar(select(SAMPLE.c.id)) is None
        with sample.app.begin() as other:
            other.execute(insert(SAMPLE).values(id=bytes(16)))
        assert connection.scalar(select(SAMPLE.c.id)) == bytes(16)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_that_the_server_ended_while_it_was_idle_is_replaced(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = text("SELECT pg_backend_pid()")
    end = text("SELECT pg_terminate_backend(:pid, 5000)")
    with stores.app.connect() as connection:
        ended = connection.scalar(own)
    with stores.audit.connect() as other:
        other.execute(end, {"pid": ended})
    monkeypatch.setattr(database, "ASK_AFTER", 0)
    with stores.app.connect() as connection:
        assert connection.scalar(own) != ended


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_connection_in_use_is_not_asked_whether_it_is_there(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(_connection: object) -> None:
        pytest.fail("asked")

    with stores.app.connect():
        pass
    monkeypatch.setattr(stores.app.dialect, "do_ping", ask)
    with stores.app.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1


def test_the_app_knows_its_settings_and_stores(context: Flask) -> None:
    assert database.settings() is context.extensions["settings"]
    assert database.stores().app is db.engine
