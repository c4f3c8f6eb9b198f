"""The log under kills, failing disks and load: nothing acknowledged is lost, and it verifies."""

import random
from pathlib import Path

import pytest

from audit.gate import Gate
from config.database import audit_metadata, make_engine
from config.keys import LocalKek
from tests.audit.child import acknowledged
from tests.audit.crash import (
    assert_kept,
    calls_on_files,
    finished,
    forked,
    injected,
    killed,
)
from tests.conftest import LayStores
from tests.databases import Cluster
from tests.torture.conftest import KEY

pytestmark = pytest.mark.unmeasured

CALLS = {"openat": 4, "ftruncate": 2, "fdatasync": 12, "pwrite64": 300, "unlink": 2}
"""System calls on the log's files, and about how many a thread makes for thirty entries."""
CHANGING = {
    *("openat", "creat", "write", "writev", "pwrite64", "pwritev", "pwritev2", "truncate"),
    *("ftruncate", "fallocate", "copy_file_range", "sendfile", "rename", "renameat", "renameat2"),
    *("unlink", "unlinkat", "link", "linkat", "fsync", "fdatasync", "sync_file_range", "msync"),
}
"""System calls with which a process changes a file, or has it put on disk."""
EFFECTS = ("error=EIO", "error=ENOSPC", "signal=KILL")


@pytest.mark.rounds(short=3, long=1000)
def test_kills_at_random_moments_lose_no_acknowledged_entry(
    gate: Gate, rounds: int, dice: random.Random
) -> None:
    receipts: dict[int, str] = {}
    for _ in range(rounds):
        receipts |= killed(gate, dice.uniform(0, 0.05))
    assert_kept(gate, receipts)


def test_every_call_that_writes_or_syncs_the_log_is_among_those_that_are_made_to_fail(
    lay_stores: LayStores, tmp_path: Path
) -> None:
    with lay_stores("sqlite").opened() as stores:
        assert calls_on_files(stores, tmp_path / "trace") & CHANGING == set(CALLS)


@pytest.mark.rounds(short=1, long=25)
@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_system_call_that_fails_or_kills_loses_no_acknowledged_entry(
    lay_stores: LayStores, rounds: int, dice: random.Random, call: str, effect: str
) -> None:
    with lay_stores("sqlite").opened() as stores:
        receipts: dict[int, str] = {}
        for _ in range(rounds):
            when = dice.randint(1, CALLS[call])
            said = injected(stores, f"{call}:{effect}:when={when}", entries=30)
            receipts |= acknowledged(said)
            gate = Gate(stores.audit, LocalKek([KEY], "torture"))
            assert_kept(gate, receipts)
            gate.close()


@pytest.mark.rounds(short=1, long=100)
def test_a_database_server_that_crashes_loses_no_acknowledged_entry(
    rounds: int, dice: random.Random
) -> None:
    cluster = Cluster(durable=True)
    cluster.start()
    try:
        engine = make_engine(cluster.url(cluster.create()))
        audit_metadata.create_all(engine)
        gate = Gate(engine, LocalKek([KEY], "torture"))
        receipts: dict[int, str] = {}
        for _ in range(rounds):
            receipts |= killed(gate, dice.uniform(0, 0.05), cluster.crash)
            engine.dispose()
            assert_kept(gate, receipts)
        gate.close()
        engine.dispose()
    finally:
        cluster.stop()


@pytest.mark.rounds(short=200, long=20_000)
def test_processes_and_threads_under_load_leave_a_log_that_verifies(
    gate: Gate, rounds: int
) -> None:
    """`rounds` is how many entries each of three processes appends from sixteen threads."""
    children = [forked(gate, rounds, 16) for _ in range(3)]
    receipts: dict[int, str] = {}
    for child in children:
        mine = finished(*child)
        assert len(mine) == rounds
        receipts |= mine
    assert len(receipts) == 3 * rounds
    assert_kept(gate, receipts)
