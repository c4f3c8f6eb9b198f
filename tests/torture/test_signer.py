"""The signer is killed at any moment, and two sign at once: the log never has two histories."""

import os
import random
import signal
import time
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from audit.auditctl.checkpoints import open_checkpoint
from audit.gate import Gate
from audit.models import audit_checkpoint
from audit.proofs import root_at
from audit.signing import Signer
from config import clock
from config.keys import LocalKek
from tests.audit.child import SIGNER, sign, signed_notes
from tests.audit.crash import LONG, assert_kept, forked_to, injected, read_until
from tests.conftest import LayStores
from tests.torture.conftest import KEY
from tests.torture.test_log import CALLS

Said = Sequence[tuple[int, bytes]]


def killed_signers(gate: Gate, after: float, signers: int) -> Said:
    """Let signers sign a log that grows, kill -9 them all; give what they said to have signed."""
    children = [forked_to(lambda out: sign(gate, out, LONG)) for _ in range(signers)]
    text = read_until(children[0][1], lambda seen: b"\n" in seen)
    time.sleep(after)
    for child, _ in children:
        os.kill(child, signal.SIGKILL)
    said = signed_notes((text + read_until(children[0][1], lambda _: False)).decode("ascii"))
    for _, reading in children[1:]:
        said += signed_notes(read_until(reading, lambda _: False).decode("ascii"))
    for child, reading in children:
        os.close(reading)
        os.waitpid(child, 0)
    return said


def assert_one_history(gate: Gate, said: Said) -> None:
    """Check every checkpoint: signed, once for its size, and the beginning of the log as it is."""
    with gate.engine.connect() as connection:
        rows = connection.execute(select(audit_checkpoint).order_by(audit_checkpoint.c.size)).all()
    kept = {row.size: bytes(row.note) for row in rows}
    for size, note in said:
        assert kept[size] == note, size
    for row in rows:
        checkpoint, _ = open_checkpoint(bytes(row.note), [SIGNER.verifier])
        assert (checkpoint.size, checkpoint.root) == (row.size, bytes(row.root))
        assert root_at(row.size, gate.reader) == checkpoint.root, row.size


@pytest.mark.rounds(short=3, long=500)
@pytest.mark.parametrize("signers", [1, 2])
def test_a_signer_killed_at_any_moment_leaves_one_history(
    gate: Gate, rounds: int, dice: random.Random, signers: int
) -> None:
    said: list[tuple[int, bytes]] = []
    for _ in range(rounds):
        said += killed_signers(gate, dice.uniform(0, 0.05), signers)
        gate.record_many([])
    assert len(said) >= rounds
    assert_one_history(gate, said)
    assert_kept(gate, {})
    Signer(gate.engine, [SIGNER]).sign(clock.now())  # the next one goes on where they were
    assert Signer(gate.engine, [SIGNER]).sign(clock.now()) is None


@pytest.mark.rounds(short=1, long=25)
@pytest.mark.parametrize("effect", ["signal=KILL", "error=EIO"])
@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_a_system_call_of_the_signer_that_fails_or_kills_leaves_one_history(
    lay_stores: LayStores, rounds: int, dice: random.Random, call: str, effect: str
) -> None:
    with lay_stores("sqlite").opened() as stores:
        gate = Gate(stores.audit, LocalKek([KEY], "torture"))
        said: list[tuple[int, bytes]] = []
        for _ in range(rounds):
            when = dice.randint(1, CALLS[call])
            text = injected(stores, f"{call}:{effect}:when={when}", entries=20, threads="sign")
            said += signed_notes(text)
            assert_one_history(gate, said)
        assert_kept(gate, {})
        gate.close()
