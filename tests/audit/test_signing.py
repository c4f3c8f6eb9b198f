"""The signer signs one growing log, and notices when its owner rewrites what it signed."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from audit.auditctl.checkpoints import open_checkpoint
from audit.auditctl.notes import SignerKey
from audit.gate import Gate
from audit.models import audit_checkpoint, audit_entry, audit_head
from audit.reading import TamperedError
from audit.signing import (
    Signed,
    Signer,
    at_size,
    make_signer_file,
    newest,
    read_signer_file,
)
from config.clock import FrozenClock
from config.errors import SettingsError
from tests.audit.conftest import read_of
from tests.audit.tamper import Owner

KEY = SignerKey("log.example/pga", b"k" * 32)
NEXT_KEY = SignerKey("log.example/pga", b"n" * 32)


@pytest.fixture
def signer(gate: Gate) -> Signer:
    return Signer(gate.engine, [KEY])


def kept(gate: Gate) -> list[int]:
    with gate.engine.connect() as connection:
        query = select(audit_checkpoint.c.size).order_by(audit_checkpoint.c.size)
        return list(connection.scalars(query))


def test_a_signed_checkpoint_is_the_tree_as_it_is(
    gate: Gate, signer: Signer, clock: FrozenClock
) -> None:
    gate.record_many([read_of() for _ in range(300)])
    signed = signer.sign(clock.now())
    assert signed is not None
    checkpoint, _ = open_checkpoint(signed.note, [KEY.verifier])
    with gate.engine.connect() as connection:
        head = connection.execute(select(audit_head)).one()
        assert newest(connection) == at_size(connection, 300) == signed
        assert at_size(connection, 299) is None
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (
        signer.origin,
        300,
        bytes(head.root),
    )


def test_an_empty_log_is_signed_too(gate: Gate, signer: Signer, clock: FrozenClock) -> None:
    assert signer.sign(clock.now()) is not None
    gate.record(read_of())
    assert signer.sign(clock.now()) is not None
    assert kept(gate) == [0, 1]


def test_a_log_that_did_not_grow_is_not_signed_again(
    gate: Gate, signer: Signer, clock: FrozenClock
) -> None:
    gate.record(read_of())
    assert signer.sign(clock.now()) is not None
    clock.advance(timedelta(hours=1))
    assert signer.sign(clock.now()) is None
    assert kept(gate) == [1]


@pytest.mark.parametrize("size", [1, 256, 300])
def test_every_size_grows_into_the_next(
    gate: Gate, signer: Signer, clock: FrozenClock, size: int
) -> None:
    gate.record_many([read_of() for _ in range(size)])
    signer.sign(clock.now())
    gate.record_many([read_of() for _ in range(260)])
    assert signer.sign(clock.now()) is not None
    assert kept(gate) == [size, size + 260]


def test_nothing_is_signed_over_a_log_that_was_rewritten_with_its_tree(
    gate: Gate, signer: Signer, clock: FrozenClock
) -> None:
    gate.record_many([read_of() for _ in range(300)])
    signer.sign(clock.now())
    gate.record(read_of())
    owner = Owner(gate.engine)
    owner.edit_leaf(7, b'"v":1', b'"v":2')
    owner.cover()
    with pytest.raises(TamperedError):
        signer.sign(clock.now())
    assert kept(gate) == [300]


def test_nothing_is_signed_over_a_log_that_was_cut(
    gate: Gate, signer: Signer, clock: FrozenClock
) -> None:
    gate.record_many([read_of() for _ in range(300)])
    signer.sign(clock.now())
    owner = Owner(gate.engine)
    owner.run(delete(audit_entry).where(audit_entry.c.seq >= 290))
    owner.run(update(audit_head).values(size=290))
    with pytest.raises(TamperedError) as error:
        signer.sign(clock.now())
    assert error.value.seq == 290


def test_of_two_signers_one_signs(gate: Gate, signer: Signer, clock: FrozenClock) -> None:
    gate.record(read_of())
    other = Signer(gate.engine, [KEY])
    first = signer._keep(Signed(1, b"r" * 32, b"note", "2026-01-01T00:00:00Z"), None)
    second = other._keep(Signed(1, b"s" * 32, b"note", "2026-01-01T00:00:00Z"), None)
    assert (first, second) == (True, False)


def test_while_a_key_changes_both_keys_sign(
    gate: Gate, clock: FrozenClock, open_gate: Callable[[], Gate]
) -> None:
    gate.record(read_of())
    signed = Signer(gate.engine, [KEY, NEXT_KEY]).sign(clock.now())
    assert signed is not None
    for key in (KEY, NEXT_KEY):
        open_checkpoint(signed.note, [key.verifier])


def test_keys_of_two_logs_do_not_sign_together(gate: Gate) -> None:
    with pytest.raises(SettingsError):
        Signer(gate.engine, [KEY, SignerKey("other.example", b"o" * 32)])
    with pytest.raises(SettingsError):
        Signer(gate.engine, [])


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "signer"
    make_signer_file(path, "log.example/pga")
    (key,) = read_signer_file(path)
    assert key.name == "log.example/pga"
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR
    with pytest.raises(FileExistsError):
        make_signer_file(path, "log.example/pga")
    path.chmod(0o440)
    with pytest.raises(SettingsError):
        read_signer_file(path)


def test_what_is_no_key_file_stops_the_signer(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        read_signer_file(tmp_path / "absent")
    path = tmp_path / "signer"
    path.write_text("no key\n", "utf-8")
    path.chmod(0o400)
    with pytest.raises(SettingsError):
        read_signer_file(path)
