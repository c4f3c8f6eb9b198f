"""The process of the signer: settings it refuses, what it survives, and how it ends."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from audit import signer
from audit.auditctl.notes import KeyType, SignerKey
from audit.gate import Gate
from audit.models import audit_checkpoint
from audit.signing import Signer
from config.clock import FrozenClock
from config.errors import SettingsError
from config.settings import Mode, Settings
from tests.audit.conftest import read_of

LOG = SignerKey("log.example/pga", b"l" * 32)


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    settings = Settings.from_environment(
        {"PGA_MODE": "test", "PGA_DATA_DIR": str(tmp_path), "PGA_SECRET_KEY": "s" * 32}
    )
    return replace(settings, log_origin=LOG.name, signer_key=tmp_path / "signer")


def test_outside_production_a_missing_key_is_made_and_kept(gate: Gate, chosen: Settings) -> None:
    first = signer.signer_of(gate.engine, chosen)
    assert first.origin == LOG.name
    assert signer.signer_of(gate.engine, chosen).keys == first.keys


def test_production_does_not_make_its_own_key(gate: Gate, chosen: Settings) -> None:
    with pytest.raises(SettingsError):
        signer.signer_of(gate.engine, replace(chosen, mode=Mode.PRODUCTION, secure_cookies=True))


def test_the_key_of_another_log_is_refused(gate: Gate, chosen: Settings) -> None:
    signer.signer_of(gate.engine, chosen)
    with pytest.raises(SettingsError):
        signer.signer_of(gate.engine, replace(chosen, log_origin="other.example"))


def test_a_policy_that_is_missing_or_none_is_refused(
    gate: Gate, chosen: Settings, tmp_path: Path
) -> None:
    signs = Signer(gate.engine, [LOG])
    for content in (None, "nonsense"):
        path = tmp_path / "policy"
        if content:
            path.write_text(content, "utf-8")
        with pytest.raises(SettingsError):
            signer.trust_of(signs, replace(chosen, log_policy=path))


def test_whom_to_ask_stands_in_the_settings(gate: Gate, chosen: Settings, tmp_path: Path) -> None:
    signs = Signer(gate.engine, [LOG])
    nobody = signer.trust_of(signs, chosen)
    assert (nobody.policy.quorum, nobody.stamper, nobody.mailbox) == ("none", None, None)
    somebody = signer.trust_of(
        signs,
        replace(
            chosen,
            tsa_url="https://tsa.example",
            tsa_roots=tmp_path / "roots.pem",
            smtp="localhost:25",
            log_mail="privacy@gemeente.example",
        ),
    )
    assert somebody.stamper is not None
    assert somebody.mailbox is not None


def test_a_place_that_is_away_stops_no_signature(
    gate: Gate, clock: FrozenClock, chosen: Settings
) -> None:
    gate.record(read_of())
    signs = Signer(gate.engine, [LOG])
    away = replace(
        chosen,
        smtp="127.0.0.1:9",
        log_mail="privacy@gemeente.example",
        tsa_url="http://127.0.0.1:9",
        tsa_roots=chosen.signer_file,
    )
    signed = signer.work(gate.engine, signs, signer.trust_of(signs, away))
    assert signed is not None
    assert signed.size == 1


def test_who_answers_a_byte_at_a_time_delays_no_signature(
    gate: Gate,
    clock: FrozenClock,
    chosen: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(signer, "PARTING", 0.01)
    gate.record(read_of())
    signs = Signer(gate.engine, [LOG])
    witness = SignerKey("slow.example", b"w" * 32, KeyType.COSIGNATURE)
    with socket.create_server(("127.0.0.1", 0)) as nobody:  # takes the call, and says nothing
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        path = tmp_path / "policy"
        path.write_text(
            f"log {LOG.verifier}\nwitness W {witness.verifier} {url}\nquorum W\n", "utf-8"
        )
        trust = signer.trust_of(signs, replace(chosen, log_policy=path))

        with watched(gate) as signed:
            signer.run(gate.engine, signs, trust, timedelta(milliseconds=20))
        assert len(signed()) == 2


@contextmanager
def watched(gate: Gate) -> Iterator[Callable[[], list[int]]]:
    """Let the log grow once it was signed, and end the signer when it was signed again."""

    def signed() -> list[int]:
        with gate.engine.connect() as connection:
            return list(connection.scalars(select(audit_checkpoint.c.size)))

    def watch() -> None:
        end = time.monotonic() + 5
        while not signed() and time.monotonic() < end:
            time.sleep(0.01)
        gate.record(read_of())
        while len(signed()) < 2 and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield signed
    finally:
        watching.join()
        for sign, handler in before.items():
            signal.signal(sign, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_signs_until_it_is_told_to_end(
    gate: Gate, clock: FrozenClock, chosen: Settings, number: int
) -> None:
    gate.record(read_of())
    signs = Signer(gate.engine, [LOG])
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), number))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        signer.run(gate.engine, signs, signer.trust_of(signs, chosen), timedelta(milliseconds=20))
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    with gate.engine.connect() as connection:
        assert connection.scalars(select(audit_checkpoint.c.size)).all() == [1]


def test_a_store_that_fails_is_tried_again(
    gate: Gate, clock: FrozenClock, chosen: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    signs = Signer(gate.engine, [LOG])
    trust = signer.trust_of(signs, chosen)
    with gate.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_checkpoint RENAME TO away"))
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        signer.run(gate.engine, signs, trust, timedelta(milliseconds=20))
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
        with gate.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO audit_checkpoint"))
    assert "The log cannot be signed now" in caplog.text
