"""Many threads, one commit: who waits, who leads, and what a failure leaves behind."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import cast

import pytest
from sqlalchemy import update

from audit import appending, writer
from audit.appending import Batch
from audit.entries import EntryError, new_event_id
from audit.gate import Gate, Receipt
from audit.models import audit_head, audit_payload
from audit.verify import verify
from config.database import Stores
from config.errors import StoreUnavailableError
from config.keys import KekProvider
from tests.audit.conftest import ALLOWED, read_of
from tests.audit.tamper import Owner
from tests.conftest import LayStores


@contextmanager
def log_held(gate: Gate) -> Iterator[None]:
    """Hold the lock of the log from another connection, as another process would."""
    with gate.engine.connect() as connection:
        if gate.engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({appending._LOCK})")
        yield
        connection.rollback()


def batches_of(gate: Gate) -> list[int]:
    """Collect how many entries each commit holds from now on."""
    sizes: list[int] = []
    appender = gate.writer._appender
    commit = appender.commit

    def counting(batch: Batch) -> None:
        sizes.append(len(batch.entries))
        commit(batch)

    appender.commit = counting  # type: ignore[method-assign]
    return sizes


def waiting(gate: Gate, jobs: int) -> None:
    """Wait until so many requests wait for the lock, the one that leads among them."""
    while len(gate.writer._queue) < jobs:
        time.sleep(0.001)


def in_thread(deed: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=deed)
    thread.start()
    return thread


def make_impatient(gate: Gate) -> None:
    """Let the log give up after a tenth of a second on a lock."""
    appender = gate.writer._appender
    if isinstance(appender, appending.SqliteAppender):
        appender._opened().execute("PRAGMA busy_timeout = 100")
    if isinstance(appender, appending.PostgresAppender):
        appender._opened().execute("SET lock_timeout = 100")


def test_threads_share_their_commits_and_every_receipt_is_its_own(gate: Gate) -> None:
    gate.record(read_of())
    sizes = batches_of(gate)
    entries = [read_of() for _ in range(200)]
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(gate.record, entries))
    assert sorted(receipt.seq for receipt in receipts) == list(range(1, 201))
    assert [receipt.event_id for receipt in receipts] == [entry.event_id for entry in entries]
    assert sum(sizes) == 200
    assert verify(gate.engine, gate._provider).size == 201


def test_a_commit_takes_whole_requests_up_to_256_entries(gate: Gate) -> None:
    gate.record(read_of())
    sizes = batches_of(gate)
    with log_held(gate):
        threads = [in_thread(lambda: gate.record(read_of()))]
        waiting(gate, 1)
        for position, count in enumerate((200, 55, 1, 300, 2), start=2):
            entries = [read_of() for _ in range(count)]
            threads.append(in_thread(partial(gate.record_many, entries)))
            waiting(gate, position)
    for thread in threads:
        thread.join()
    assert sizes == [256, 1, 300, 2]
    assert verify(gate.engine, gate._provider).is_ok


def test_one_request_has_its_entries_behind_each_other(gate: Gate) -> None:
    with ThreadPoolExecutor(8) as pool:
        lists: list[list[Receipt]] = list(
            pool.map(lambda _: gate.record_many([read_of() for _ in range(7)]), range(20))
        )
    for receipts in lists:
        first = receipts[0].seq
        assert [receipt.seq for receipt in receipts] == list(range(first, first + 7))


def test_codes_of_any_form_are_kept_as_they_are(gate: Gate) -> None:
    gate.record(read_of())
    codes = ['"', "\\", "{}", "{a,b}", "NULL", "", " ", "'", 'a"b\\c', "é🦊", "\n", "%s", "\\x00"]
    entries = [
        replace(read_of(replace(ALLOWED, rule=code, clause=code), subject=code), purpose=code)
        for code in codes
    ]
    for entry in entries:
        gate.record(entry)
    gate.record_many([replace(entry, event_id=new_event_id()) for entry in entries * 9])
    assert verify(gate.engine, gate._provider).is_ok


def test_an_event_that_is_there_already_fails_nobody_else(gate: Gate) -> None:
    known = read_of()
    receipt = gate.record(known)
    again: list[Receipt] = []
    with log_held(gate):
        threads = [in_thread(lambda: gate.record(read_of()))]
        waiting(gate, 1)
        threads += [in_thread(lambda: again.append(gate.record(known)))]
        threads += [in_thread(lambda: gate.record(read_of())) for _ in range(3)]
        waiting(gate, 5)
    for thread in threads:
        thread.join()
    assert again == [receipt]
    assert gate.health().size == 5
    assert verify(gate.engine, gate._provider).is_ok


def test_a_log_held_too_long_by_another_gives_no_receipt(gate: Gate) -> None:
    gate.record(read_of())
    make_impatient(gate)
    with log_held(gate), pytest.raises(StoreUnavailableError):
        gate.record(read_of())
    assert gate.writer.problem is not None
    gate.record(read_of())
    assert gate.health().is_ok
    assert gate.health().size == 2


def test_who_waits_too_long_for_the_leader_leaves_nothing_behind(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.record(read_of())
    monkeypatch.setattr(writer, "PATIENCE", 0.05)
    with log_held(gate):
        leader = in_thread(lambda: gate.record(read_of()))
        waiting(gate, 1)
        with pytest.raises(StoreUnavailableError):
            gate.record(read_of())
    leader.join()
    assert gate.health().size == 2


def test_whom_the_turn_reaches_while_leaving_leads_after_all(gate: Gate) -> None:
    """The lead is handed over in the very moment in which a thread stops waiting."""
    job = writer._Job([])
    job.leads = True
    gate.writer._queue.append(job)
    gate.writer._leave(job)
    assert list(gate.writer._queue) == [job]
    gate.writer._lead()
    assert job.placed == []


def test_what_a_leader_took_is_not_called_back(gate: Gate) -> None:
    job = writer._Job([])
    gate.writer._leave(job)
    assert job.placed is None


def test_an_interrupted_leader_hands_the_lead_over(gate: Gate) -> None:
    gate.record(read_of())
    appender = gate.writer._appender
    begin = appender.begin

    def interrupted() -> appending.Head:
        appender.begin = begin  # type: ignore[method-assign]
        raise KeyboardInterrupt

    appender.begin = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        gate.record(read_of())
    gate.record(read_of())
    assert gate.health().size == 2


def test_of_a_batch_that_was_interrupted_halfway_nothing_is_committed_later(gate: Gate) -> None:
    gate.record(read_of())
    appender = gate.writer._appender
    commit = appender.commit

    def interrupted(batch: Batch) -> None:
        appender.commit = commit  # type: ignore[method-assign]
        statement = appender._sql.insert[audit_payload]
        connection = appender._opened()  # type: ignore[attr-defined]
        connection.cursor().execute(statement, batch.payloads[0])
        raise KeyboardInterrupt

    appender.commit = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        gate.record(read_of())
    gate.record(read_of())
    assert verify(gate.engine, gate._provider).size == 2


def test_a_head_set_back_lets_nothing_be_appended(gate: Gate) -> None:
    gate.record_many([read_of(), read_of()])
    Owner(gate.engine).run(update(audit_head).values(size=1))
    with pytest.raises(StoreUnavailableError):
        gate.record(read_of())
    assert gate.health().size == 1


def test_closing_commits_what_still_waits(gate: Gate) -> None:
    gate.record(read_of())
    with log_held(gate):
        threads = [in_thread(lambda: gate.record(read_of()))]
        waiting(gate, 1)
        threads.append(in_thread(lambda: gate.record(read_of())))
        waiting(gate, 2)
        gate.close()
    for thread in threads:
        thread.join()
    assert verify(gate.engine, gate._provider).size == 3
    gate.close()


def fail_with(gate: Gate, error: Exception) -> None:
    """Let the commit of the next batch fail."""
    appender = gate.writer._appender

    def failing(batch: Batch) -> None:
        assert batch.entries
        raise error

    appender.commit = failing  # type: ignore[method-assign]


def test_after_an_io_error_the_gate_stays_shut_and_the_process_is_told(
    sqlite_stores: Stores, kek: KekProvider
) -> None:
    told: list[str] = []
    broken = Gate(sqlite_stores.audit, kek, on_fault=lambda: told.append("end"))
    receipt = broken.record(read_of())
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    fail_with(broken, error)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            broken.record(read_of())
    assert told == ["end"]
    assert broken.health().problem == "the file of the log failed; this process must end"
    with pytest.raises(StoreUnavailableError):
        broken.redeem(receipt, actor=read_of().actor, case_id="", items=[])
    broken.before_fork()
    broken.after_fork(is_child=True)
    with pytest.raises(StoreUnavailableError):
        broken.record(read_of())
    broken.close()


def test_who_waited_behind_an_io_error_gets_no_receipt_either(
    sqlite_stores: Stores, kek: KekProvider
) -> None:
    gate = Gate(sqlite_stores.audit, kek)
    gate.record(read_of())
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    fail_with(gate, error)
    outcomes: list[str] = []

    def record() -> None:
        try:
            gate.record_many([read_of() for _ in range(200)])
        except StoreUnavailableError:
            outcomes.append("no")

    with log_held(gate):
        threads = [in_thread(record)]
        waiting(gate, 1)
        for position in (2, 3):
            threads.append(in_thread(record))
            waiting(gate, position)
    for thread in threads:
        thread.join()
    assert outcomes == ["no"] * 3


def test_a_lost_connection_is_replaced(gate: Gate) -> None:
    gate.record(read_of())
    appender = gate.writer._appender
    commit, close = appender.commit, appender.close

    def lost() -> None:
        close()
        raise RuntimeError

    appender.close = lost  # type: ignore[method-assign]
    fail_with(gate, RuntimeError("the cable"))
    with pytest.raises(StoreUnavailableError):
        gate.record(read_of())
    appender.commit, appender.close = commit, close  # type: ignore[method-assign]
    gate.record(read_of())
    assert gate.health().size == 2


def test_a_log_without_its_tables_gives_no_receipt(gate: Gate) -> None:
    gate.engine.dispose()
    with gate.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit_kek")
    with pytest.raises(StoreUnavailableError):
        gate.record(read_of())


def test_a_log_that_cannot_be_read_opens_nothing(gate: Gate) -> None:
    entry = read_of()
    receipt = gate.record(entry)
    with gate.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit_payload")
    with pytest.raises(StoreUnavailableError):
        gate.redeem(receipt, actor=entry.actor, case_id=entry.case_id or "", items=[])
    with gate.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit_head")
    assert not gate.health().is_ok


def test_an_impossible_entry_reaches_no_lock(gate: Gate) -> None:
    with pytest.raises(EntryError):
        gate.record_many([read_of(), read_of(subject="\x00")])
    assert gate.health().size == 0


@pytest.mark.postgresql
def test_a_server_that_closed_the_connection_is_called_again(
    lay_stores: LayStores, kek: KekProvider
) -> None:
    with lay_stores("postgresql").opened() as stores:
        gate = Gate(stores.audit, kek)
        gate.record(read_of())
        appender = cast("appending.PostgresAppender", gate.writer._appender)
        backend = appender._opened().info.backend_pid
        with gate.engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({backend})")
        gate.record(read_of())
        assert gate.health().size == 2
        gate.close()


@pytest.mark.postgresql
def test_a_commit_is_on_disk_whatever_the_server_promises_others(
    lay_stores: LayStores, kek: KekProvider
) -> None:
    with lay_stores("postgresql").opened() as stores:
        gate = Gate(stores.audit, kek)
        gate.record(read_of())
        appender = cast("appending.PostgresAppender", gate.writer._appender)
        setting = "SELECT current_setting('synchronous_commit')"
        assert appender._opened().execute(setting).fetchone() == ("on",)
        with gate.engine.connect() as connection:
            assert connection.exec_driver_sql(setting).scalar_one() == "off"
        gate.close()
