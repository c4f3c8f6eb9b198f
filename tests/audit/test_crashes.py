"""Processes that append are killed, fork, and fail on disk: nothing acknowledged is lost."""

import os
import random
import threading
from collections.abc import Callable

import pytest

from audit import gate as gate_module
from audit.gate import Gate, ReceiptError
from audit.verify import verify
from config.database import Stores
from config.errors import StoreUnavailableError
from config.keys import KekProvider
from tests.audit.child import acknowledged
from tests.audit.conftest import CASE, ITEM, OFFICER_OF_CASES, read_of
from tests.audit.crash import assert_kept, finished, forked, injected, killed

OpenGate = Callable[[], Gate]


@pytest.mark.unmeasured
def test_a_kill_loses_no_acknowledged_entry(open_gate: OpenGate, rounds: int) -> None:
    gate = open_gate()
    random_pause = random.Random(20261102)  # noqa: S311 - when to kill, not what to keep
    receipts: dict[int, str] = {}
    for _ in range(rounds):
        receipts |= killed(gate, random_pause.uniform(0, 0.05))
    assert len(receipts) >= rounds
    assert_kept(gate, receipts)


@pytest.mark.unmeasured
def test_two_processes_append_to_one_log(open_gate: OpenGate) -> None:
    gate = open_gate()
    gate.record(read_of())
    children = [forked(gate, 150), forked(gate, 150)]
    mine = [gate.record(read_of()) for _ in range(20)]
    receipts = [finished(*child) for child in children]
    assert_kept(gate, receipts[0] | receipts[1])
    assert sorted([*receipts[0], *receipts[1], 0, *(one.seq for one in mine)]) == list(range(321))


def test_a_forked_child_is_another_broker(open_gate: OpenGate) -> None:
    gate = open_gate()
    receipt = gate.record(read_of())
    child = os.fork()
    if child == 0:
        try:
            gate.redeem(receipt, actor=OFFICER_OF_CASES, case_id=CASE, items=[ITEM])
        except ReceiptError as error:
            os._exit(42 if error.reason == "other-broker" else 1)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
    gate.redeem(receipt, actor=OFFICER_OF_CASES, case_id=CASE, items=[ITEM])


def test_the_child_of_a_fork_starts_anew(open_gate: OpenGate) -> None:
    """What the hook does in a child, watched from inside."""
    gate = open_gate()
    before = gate.broker
    receipt = gate.record(read_of())
    gate_module._before_fork()
    gate_module._after_fork_in_child()
    assert gate.broker != before
    assert gate.record(read_of()).seq == 1
    with pytest.raises(ReceiptError):
        gate.redeem(receipt, actor=OFFICER_OF_CASES, case_id=CASE, items=[ITEM])


def test_a_fork_waits_until_nobody_is_writing(open_gate: OpenGate) -> None:
    gate = open_gate()
    gate.record(read_of())
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            gate.record(read_of())

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    receipts = [finished(*forked(gate, 5, 1)) for _ in range(3)]
    stop.set()
    for thread in threads:
        thread.join()
    assert_kept(gate, receipts[0] | receipts[1] | receipts[2])


def test_after_a_failed_fsync_the_process_acknowledges_nothing_more(
    sqlite_stores: Stores, kek: KekProvider
) -> None:
    said = injected(sqlite_stores, "fdatasync:error=EIO:when=12+")
    lines = said.splitlines()
    assert lines[0].startswith("ack")
    # An acknowledgement that was won before the failure may be printed just after a refusal.
    assert not any(line.startswith("ack") for line in lines[lines.index("no") + 2 :])
    gate = Gate(sqlite_stores.audit, kek)
    assert_kept(gate, acknowledged(said))
    gate.record(read_of())
    gate.close()
    assert verify(sqlite_stores.audit, kek).is_ok


def test_a_failed_write_loses_no_acknowledged_entry(
    sqlite_stores: Stores, kek: KekProvider
) -> None:
    said = injected(sqlite_stores, "pwrite64:error=ENOSPC:when=150..400")
    assert "no" in said.splitlines()
    assert_kept(Gate(sqlite_stores.audit, kek), acknowledged(said))


def test_a_full_disk_refuses_and_a_disk_with_room_again_takes_entries(
    sqlite_stores: Stores, kek: KekProvider
) -> None:
    gate = Gate(sqlite_stores.audit, kek)
    gate.record(read_of())
    gate.writer._appender._opened().execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]
    with pytest.raises(StoreUnavailableError):
        gate.record_many([read_of() for _ in range(100)])
    assert gate.health().problem == "the last append failed: OperationalError"
    assert not gate.writer.is_broken
    gate.record(read_of())
    assert gate.health().is_ok
    assert_kept(gate, {})
    gate.close()
