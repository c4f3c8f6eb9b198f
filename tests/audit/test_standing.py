"""How the log stands is told as it is: signed, witnessed, held elsewhere, and its clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from audit.anchors import MAIL, STAMP
from audit.auditctl.policies import Policy, parse_policy
from audit.gate import Gate
from audit.leaf import second_of
from audit.models import audit_cosig
from audit.signing import Signer, newest
from audit.standing import Standing, standing
from config import clock as house_clock
from config.clock import FrozenClock
from tests.audit.conftest import read_of
from tests.audit.test_witnessing import KEYS, LOG, policy

NOBODY = parse_policy(f"log {LOG.verifier}\nquorum none\n".encode())
ASKED = policy(["", "", ""])


@pytest.fixture
def sign(gate: Gate, clock: FrozenClock) -> Callable[[], None]:
    def sign() -> None:
        Signer(gate.engine, [LOG]).sign(clock.now())

    return sign


@pytest.fixture
def told(gate: Gate, clock: FrozenClock) -> Callable[..., Standing]:
    def told(trusted: Policy | None = None) -> Standing:
        return standing(gate, trusted, clock.now())

    return told


def cosign(gate: Gate, clock: FrozenClock, *names: str) -> None:
    """Let witnesses cosign the newest checkpoint."""
    with gate.engine.begin() as connection:
        signed = newest(connection)
        assert signed
        text = signed.note.decode().split("\n\n")[0] + "\n"
        for name, key in zip(("W1", "W2", "W3"), KEYS, strict=True):
            if name in names:
                line = str(key.sign(text, int(clock.now().timestamp())))
                connection.execute(
                    insert(audit_cosig).values(
                        size=signed.size, name=name, line=line, ts=second_of(clock.now())
                    )
                )


def hold(gate: Gate, clock: FrozenClock, name: str) -> None:
    with gate.engine.begin() as connection:
        connection.execute(
            insert(audit_cosig).values(size=1, name=name, line="x", ts=second_of(clock.now()))
        )


def test_an_empty_log_is_signed_by_nobody_and_lags_nothing(told: Callable[..., Standing]) -> None:
    found = told()
    assert (found.signed, found.signed_at, found.lag) == (0, None, 0)
    assert not found.is_unsigned
    assert not found.lacks_quorum
    assert not found.is_held_elsewhere


def test_what_no_checkpoint_covers_is_counted_and_after_a_minute_the_signer_is_missed(
    gate: Gate, clock: FrozenClock, sign: Callable[[], None], told: Callable[..., Standing]
) -> None:
    gate.record_many([read_of() for _ in range(3)])
    sign()
    at = clock.now()
    clock.advance(timedelta(seconds=30))
    gate.record_many([read_of() for _ in range(2)])
    found = told()
    assert (found.health.size, found.signed, found.lag) == (5, 3, 2)
    assert found.signed_at == at
    assert not found.is_unsigned
    clock.advance(timedelta(seconds=61))
    assert told().is_unsigned
    sign()
    assert not told().is_unsigned


def test_a_quorum_counts_for_a_day(
    gate: Gate, clock: FrozenClock, sign: Callable[[], None], told: Callable[..., Standing]
) -> None:
    gate.record(read_of())
    sign()
    found = told(ASKED)
    assert (found.witnesses, found.needed, found.lacks_quorum) == (3, 2, True)
    cosign(gate, clock, "W1")
    assert told(ASKED).lacks_quorum
    cosign(gate, clock, "W3")
    found = told(ASKED)
    assert not found.lacks_quorum
    assert found.quorum_at == clock.now()
    assert found.is_held_elsewhere
    gate.record(read_of())
    assert told(ASKED).witness_lag == 1
    clock.advance(timedelta(hours=25))
    assert told(ASKED).lacks_quorum


def test_without_witnesses_nobody_is_said_to_vouch(
    gate: Gate, sign: Callable[[], None], told: Callable[..., Standing]
) -> None:
    gate.record(read_of())
    sign()
    for trusted in (None, NOBODY):
        found = told(trusted)
        assert (found.witnesses, found.needed, found.quorum_at) == (0, 0, None)
        assert not found.lacks_quorum
        assert not found.is_held_elsewhere


@pytest.mark.parametrize(
    ("quorum", "needed"),
    [
        ("quorum W1", 1),
        ("group g all W1 W2 W3\nquorum g", 3),
        ("group g any W1 W2 W3\nquorum g", 1),
        ("group a any W1 W2\ngroup g 2 a W3\nquorum g", 2),
    ],
)
def test_how_many_witnesses_make_a_quorum_follows_from_the_policy(
    quorum: str, needed: int, told: Callable[..., Standing]
) -> None:
    assert told(policy(["", "", ""], quorum)).needed == needed


def test_a_time_stamp_and_a_mail_hold_the_log_elsewhere(
    gate: Gate, clock: FrozenClock, told: Callable[..., Standing]
) -> None:
    hold(gate, clock, STAMP)
    found = told()
    assert (found.stamped_at, found.mailed_at) == (clock.now(), None)
    assert found.is_held_elsewhere
    clock.advance(timedelta(hours=1))
    hold(gate, clock, MAIL)
    assert told().mailed_at == clock.now()


def test_a_clock_that_was_set_back_is_told_beyond_what_clocks_differ(
    gate: Gate, clock: FrozenClock, told: Callable[..., Standing]
) -> None:
    clock.advance(timedelta(hours=1))
    gate.record(read_of())
    newest_entry = clock.now()
    for back, step in ((timedelta(seconds=1), 0.0), (timedelta(minutes=5), 300.0)):
        with house_clock.use(FrozenClock(newest_entry - back)):
            assert told().clock_step == step
    assert told().clock_step == 0.0
