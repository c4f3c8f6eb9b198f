"""Payloads are sealed to their place, under keys that end with their class and month."""

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, select, update

from audit import memory, sealing
from audit.entries import Retention
from audit.memory import Issued
from audit.models import audit_kek
from audit.sealing import Envelope, Keyring, MissingKekError
from config.database import Stores
from config.keys import KekProvider, KeyUnavailableError

NOVEMBER = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
EVENT = "ab" * 16


@pytest.fixture
def keyring(stores: Stores, kek: KekProvider) -> Keyring:
    return Keyring(stores.audit, kek)


def sealed(keyring: Keyring, seq: int = 3) -> tuple[AESGCM, Envelope]:
    kek_id, cipher = keyring.current(Retention.STANDARD, NOVEMBER)
    drawn = sealing.draw()
    wrapped = sealing.wrap(cipher, drawn, kek_id, EVENT, seq)
    ct = sealing.seal(drawn, EVENT, b"facts")
    return cipher, Envelope(drawn.salts, drawn.nonce, ct, wrapped, kek_id)


def test_a_payload_opens_at_its_own_place_only(keyring: Keyring) -> None:
    cipher, envelope = sealed(keyring)
    assert sealing.unseal(cipher, envelope, EVENT, 3) == b"facts"
    for event_id, seq in ((EVENT, 4), ("ac" * 16, 3)):
        with pytest.raises(InvalidTag):
            sealing.unseal(cipher, envelope, event_id, seq)


def test_what_is_drawn_is_never_drawn_again() -> None:
    one, other = sealing.draw(), sealing.draw()
    assert len(one.dek) == len(other.dek) == 32
    assert len(one.salts) == 96
    assert len({one.nonce, one.wrap_nonce, other.nonce, other.wrap_nonce}) == 4


def test_each_class_and_month_has_a_key_that_is_destroyed_after_its_term(
    stores: Stores, keyring: Keyring
) -> None:
    ids = [
        keyring.current(retention, at)[0]
        for retention in Retention
        for at in (NOVEMBER, DECEMBER, NOVEMBER)
    ]
    assert sorted(set(ids)) == [
        "police-2026-11",
        "police-2026-12",
        "standard-2026-11",
        "standard-2026-12",
    ]
    with stores.audit.connect() as connection:
        ends = connection.execute(select(audit_kek.c.kek_id, audit_kek.c.destroy_after)).all()
    assert ("standard-2026-11", "2031-11-30") in [tuple(row) for row in ends]


def test_processes_share_the_key_of_the_one_that_came_first(
    stores: Stores, kek: KekProvider, keyring: Keyring
) -> None:
    _, envelope = sealed(keyring)
    other = Keyring(stores.audit, kek)
    other._make(envelope.kek_id, Retention.STANDARD, NOVEMBER)
    assert sealing.unseal(other.cipher(envelope.kek_id), envelope, EVENT, 3) == b"facts"


def test_a_key_that_was_destroyed_opens_nothing(
    stores: Stores, kek: KekProvider, keyring: Keyring
) -> None:
    _, envelope = sealed(keyring)
    with stores.audit.begin() as connection:
        connection.execute(delete(audit_kek))
    with pytest.raises(MissingKekError):
        Keyring(stores.audit, kek).cipher(envelope.kek_id)


def test_a_key_of_another_class_or_month_does_not_pass_for_it(
    stores: Stores, kek: KekProvider, keyring: Keyring
) -> None:
    keyring.current(Retention.STANDARD, NOVEMBER)
    with stores.audit.begin() as connection:
        connection.execute(update(audit_kek).values({"class": "police"}))
    with pytest.raises(KeyUnavailableError):
        Keyring(stores.audit, kek).cipher("standard-2026-11")


def test_a_flood_of_receipts_refuses_old_ones_and_repeats_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "REMEMBERED", 3)
    issued = Issued()
    issued.issue([1, 2])
    assert issued.claim(1) is None
    issued.issue([3, 4, 5])
    assert [issued.claim(seq) for seq in (1, 2, 3)] == ["unknown", "unknown", None]
    issued.issue([1])
    assert issued.claim(1) == "unknown"
