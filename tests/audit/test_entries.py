"""What an entry may say, and the bytes it is written in, which must never change."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from audit import canonical, leaf, payload
from audit.auditctl import tree
from audit.derived import DerivedRows
from audit.entries import (
    Action,
    Entry,
    EntryError,
    Outcome,
    Retention,
    WriteState,
    new_event_id,
)
from audit.gate import Gate
from audit.leaf import Commitments, LeafError
from audit.models import (
    audit_entry,
    audit_head,
    audit_index,
    audit_kek,
    audit_payload,
    audit_subject,
)
from audit.payload import PayloadError
from audit.reading import Reader
from audit.sealing import Keyring
from audit.verify import verify
from config.database import Stores
from config.keys import KekProvider
from tests.audit.conftest import (
    ALLOWED,
    CASE,
    DENIED,
    OFFICER_OF_CASES,
    applied,
    read_of,
    write_of,
)

GOLDEN = json.loads((Path(__file__).parent / "data" / "golden.json").read_text("utf-8"))
MADE = Commitments("1" * 64, "2" * 64, "3" * 64)


def test_the_decision_of_an_entry_follows_from_its_lines() -> None:
    assert read_of(ALLOWED).decided is Outcome.PERMIT
    assert read_of(ALLOWED, DENIED).decided is Outcome.MIXED
    assert read_of(DENIED).decided is Outcome.DENY
    assert replace(read_of(DENIED), lines=()).decided is Outcome.NA
    assert replace(read_of(DENIED), lines=(), outcome=Outcome.DENY).decided is Outcome.DENY
    assert replace(read_of(DENIED), outcome=Outcome.NA).decided is Outcome.NA


def test_where_no_agreement_decided_the_leaf_says_so() -> None:
    sign_in = Entry(Action.LOGIN, OFFICER_OF_CASES, "x", outcome=Outcome.PERMIT)
    assert sign_in.decided is Outcome.NA
    assert applied(write_of(1, 2)).decided is Outcome.NA


def test_the_rules_of_a_leaf_are_sorted_and_named_once() -> None:
    lines = [replace(ALLOWED, rule=rule) for rule in ("b", "a", "b", "")]
    assert read_of(*lines).rules == ["a", "b"]
    assert replace(read_of(*lines), outcome=Outcome.NA).rules == []


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": Outcome.DENY},
        {"names": "00" * 16},
        {"action": Action.APPLIED},
        {"action": Action.APPLIED, "names": "00" * 16},
        {"action": Action.OUTCOME},
        {"action": Action.RESTORED},
        {"action": Action.RESTORED, "write": WriteState(1, 2, "x"), "case_id": None},
        {"event_id": "short"},
        {"event_id": "A" * 32},
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(EntryError):
        replace(read_of(), **change)


def test_event_ids_are_random() -> None:
    assert len({new_event_id() for _ in range(100)}) == 100
    assert {event_id[12] for event_id in (new_event_id(), new_event_id())} == {"4"}


def test_a_leaf_is_written_as_the_format_says() -> None:
    entry = replace(applied(write_of(1, 2)), event_id="0a" * 16, names="0b" * 16)
    second = leaf.second_of(datetime(2026, 11, 24, 6, 40, 0, 999, tzinfo=UTC))
    assert leaf.finish(leaf.begin(entry, MADE, "standard-2026-11"), second) == (
        b'{"a":"applied","c":{"actor":"'
        + b"1" * 64
        + b'","object":"'
        + b"2" * 64
        + b'","payload":"'
        + b"3" * 64
        + b'"},"d":"na","e":"'
        + b"0a" * 16
        + b'","k":"standard-2026-11","o":"'
        + b"0b" * 16
        + b'","p":"","r":[],"t":"2026-11-24T06:40:00Z","v":1}'
    )


def test_a_leaf_reads_back() -> None:
    entry = read_of(ALLOWED, DENIED)
    written = leaf.finish(leaf.begin(entry, MADE, "k"), "2026-11-24T06:40:00Z")
    assert canonical.decode(written)
    found = leaf.read(written)
    assert found.commitments == MADE
    assert (found.action, found.outcome, found.names) == ("CONSULT", "mixed", None)
    assert found.rules == (DENIED.rule, ALLOWED.rule)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"a":"CONSULT","c":1}', b"\xff"])
def test_bytes_that_are_no_leaf_are_refused(data: bytes) -> None:
    with pytest.raises(LeafError):
        leaf.read(data)


def test_commitments_hide_equal_things_behind_their_salts() -> None:
    one = leaf.commitments(bytes(96), b"a", b"a", b"a")
    other = leaf.commitments(bytes(95) + b"\x01", b"a", b"a", b"a")
    assert one.actor == other.actor
    assert one.payload != other.payload


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"v":2}', b'{"v":1}', b"\xff"])
def test_bytes_that_are_no_payload_are_refused(data: bytes) -> None:
    with pytest.raises(PayloadError):
        payload.decode(data)


def test_a_payload_keeps_every_fact() -> None:
    entry = replace(
        write_of(7, 8),
        outcome=Outcome.PERMIT,
        recipients=("b2" * 16,),
        facts={"hits": 3, "why": "é"},
        retention=Retention.POLICE,
        reason="Because",
    )
    at = datetime(2026, 11, 24, 6, 40, 0, 123_456, tzinfo=UTC)
    recorded, _ = payload.decode(payload.encode(entry, at, "broker").payload)
    assert recorded.entry == entry
    assert recorded.at == payload.milliseconds_of(at)
    assert recorded.at.microsecond == 123_000
    assert recorded.broker == "broker"


@pytest.mark.parametrize("place", range(len(GOLDEN["plain"])))
def test_the_golden_entries_are_still_written_in_the_same_bytes(place: int) -> None:
    plain, row = GOLDEN["plain"][place], GOLDEN["audit_entry"][place]
    recorded, parts = payload.decode(plain["payload"].encode())
    written = payload.encode(recorded.entry, recorded.at, recorded.broker)
    assert written.payload.decode() == plain["payload"]
    salts = bytes.fromhex(GOLDEN["audit_payload"][place]["salts"])
    made = leaf.commitments(salts, parts.actor, parts.object, parts.payload)
    kek_id = GOLDEN["audit_payload"][place]["kek_id"]
    found = leaf.finish(leaf.begin(recorded.entry, made, kek_id), leaf.second_of(recorded.at))
    assert found.decode() == plain["leaf"] == bytes.fromhex(row["leaf"]).decode()
    assert tree.leaf_hash(found).hex() == row["leaf_hash"]


def test_the_golden_log_still_opens_and_verifies(stores: Stores, kek: KekProvider) -> None:
    binary = {"leaf", "leaf_hash", "salts", "nonce", "ct", "dek_wrapped", "wrapped"}

    def raw(row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: bytes.fromhex(value) if name in binary else value for name, value in row.items()
        }

    with stores.audit.begin() as connection:
        for table in (audit_kek, audit_entry, audit_payload):
            connection.execute(insert(table), [raw(row) for row in GOLDEN[table.name]])
    opened = Reader(stores.audit, Keyring(stores.audit, kek)).read(range(5))
    hashes = [bytes.fromhex(row["leaf_hash"]) for row in GOLDEN["audit_entry"]]
    frontier = tree.append([], 0, hashes)
    with stores.audit.begin() as connection:
        for seq, one in opened.items():
            derived = DerivedRows(one.entry)
            names = [column.name for column in audit_index.columns]
            rows = derived.index(seq, one.leaf.second)
            connection.execute(
                insert(audit_index), [dict(zip(names, row, strict=True)) for row in rows]
            )
            for _, subject in derived.subjects(seq):
                connection.execute(insert(audit_subject).values(seq=seq, subject_hmac=subject))
        connection.execute(
            insert(audit_head).values(
                id=1,
                size=len(hashes),
                frontier=b"".join(frontier),
                root=tree.root(frontier),
                ts=opened[4].leaf.second,
            )
        )
    verdict = verify(stores.audit, kek)
    assert verdict.is_ok, verdict
    assert verdict.root == GOLDEN["root"]


def test_a_new_log_gets_the_root_of_its_leaves(open_gate: Callable[[], Gate]) -> None:
    gate = open_gate()
    gate.record_many([read_of() for _ in range(5)])
    with gate.engine.connect() as connection:
        leaves = connection.scalars(select(audit_entry.c.leaf).order_by(audit_entry.c.seq)).all()
        root = connection.scalar(select(audit_head.c.root))
    hashes = [tree.leaf_hash(bytes(one)) for one in leaves]
    assert tree.root(tree.append([], 0, hashes)) == root
    assert CASE not in b"".join(leaves).decode()
