"""The log under kills, failing disks and load: nothing acknowledged is lost, and it verifies."""

import random
from collections.abc import Iterator

import pytest

from audit.gate import Gate
from config.database import Stores
from config.keys import LocalKek
from tests.audit.child import acknowledged
from tests.audit.crash import assert_kept, finished, forked, injected, killed
from tests.conftest import LayStores

pytestmark = pytest.mark.unmeasured

KEY = bytes(range(32))
CALLS = {"openat": 4, "ftruncate": 2, "fdatasync": 12, "pwrite64": 300}
"""System calls on the log's files, and about how many a thread makes for thirty entries."""
EFFECTS = ("error=EIO", "error=ENOSPC", "signal=KILL")


@pytest.fixture
def dice() -> random.Random:
    """When to strike, drawn anew each run; the seed is printed when a test fails."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    return random.Random(seed)  # noqa: S311 - when to strike, not what to keep


@pytest.fixture
def gate(stores: Stores) -> Iterator[Gate]:
    made = Gate(stores.audit, LocalKek([KEY], "torture"))
    yield made
    made.close()


@pytest.mark.rounds(short=3, long=1000)
def test_kills_at_random_moments_lose_no_acknowledged_entry(
    gate: Gate, rounds: int, dice: random.Random
) -> None:
    receipts: dict[int, str] = {}
    for _ in range(rounds):
        receipts |= killed(gate, dice.uniform(0, 0.05))
    assert_kept(gate, receipts)


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
