"""Whoever owns the database changes the log: verification names the first entry that is off."""

from collections.abc import Callable

import pytest
from sqlalchemy import Table, and_, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from audit import tiles
from audit import verify as verify_module
from audit.entries import Action, Entry
from audit.gate import Gate
from audit.models import (
    audit_entry,
    audit_head,
    audit_index,
    audit_kek,
    audit_payload,
    audit_subject,
    audit_tile,
)
from audit.proofs import inclusion_proof
from audit.verify import State, Verdict, verify
from config.database import Stores, audit_metadata
from config.keys import KekProvider, LocalKek
from tests.audit.conftest import ALLOWED, DENIED, OFFICER_OF_CASES, read_of
from tests.audit.tamper import Owner

ENTRIES = 270
"""One full tile and a tail."""
KEK = "standard-2026-11"
"""The key of the month in which the clock of the tests stands."""


@pytest.fixture
def filled(gate: Gate) -> Gate:
    """A log of one full tile and a tail, whose last entry is a refusal."""
    gate.record_many([read_of(ALLOWED, DENIED) for _ in range(ENTRIES - 1)])
    gate.record(read_of(DENIED))
    return gate


@pytest.fixture
def owner(filled: Gate) -> Owner:
    return Owner(filled.engine)


@pytest.fixture
def check(stores: Stores, kek: KekProvider) -> Callable[[], Verdict]:
    return lambda: verify(stores.audit, kek)


def erasure(first: int, last: int) -> Entry:
    facts: dict[str, str | int] = {"first": first, "last": last, "kek": KEK}
    return Entry(Action.RETENTION_ERASE, OFFICER_OF_CASES, "log", facts=facts)


def test_an_untouched_log_is_ok(filled: Gate, check: Callable[[], Verdict]) -> None:
    seen: list[tuple[int, int]] = []
    verdict = verify(filled.engine, filled._provider, lambda done, size: seen.append((done, size)))
    assert verdict == check()
    assert verdict.is_ok
    assert verdict.size == ENTRIES
    assert seen == [(256, ENTRIES), (ENTRIES, ENTRIES)]


def test_an_empty_log_is_ok(gate: Gate, check: Callable[[], Verdict]) -> None:
    assert gate.health().size == 0
    assert check().is_ok


Deed = Callable[[Owner], None]


def named(owner: Owner, check: Callable[[], Verdict], deed: Deed) -> int | None:
    """Do a deed, verify, undo it; tell which entry was named."""
    with owner.undone():
        deed(owner)
        verdict = check()
    assert verdict.state is State.TAMPERED
    assert verdict.why
    return verdict.first_bad


def edited(seq: int, old: bytes, new: bytes, *, rehash: bool = True, cover: bool = False) -> Deed:
    def deed(owner: Owner) -> None:
        owner.edit_leaf(seq, old, new, rehash=rehash)
        if cover:
            owner.cover()

    return deed


def removed(seq: int, *tables: Table) -> Deed:
    return lambda owner: owner.remove(seq, *tables)


def changed(table: Table, seq: int, column: str, value: object) -> Deed:
    return lambda owner: owner.change(table, seq, **{column: value})


def test_an_edited_leaf_is_named_even_when_all_hashes_are_made_to_fit(
    owner: Owner, check: Callable[[], Verdict]
) -> None:
    for seq in (0, 3, 255, 256, ENTRIES - 1):
        old = b'"d":"deny"' if seq == ENTRIES - 1 else b'"d":"mixed"'
        new = b'"d":"permit"'
        assert named(owner, check, edited(seq, old, new, rehash=False)) == seq
        assert named(owner, check, edited(seq, old, new)) == seq
        assert named(owner, check, edited(seq, old, new, cover=True)) == seq
    assert check().is_ok


def test_a_leaf_that_is_no_leaf_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    for old, new in (
        (b'"v":1', b'"v":2'),
        (b'{"a"', b'{"b"'),
        (b'"v":1}', b'"v":1,"w":1}'),
        (b'"t":"20', b'"t":"XX'),
        (b"{", b"["),
    ):
        assert named(owner, check, edited(5, old, new)) == 5


def test_a_removed_entry_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    for seq in (0, 100, 255, 256, ENTRIES - 1):
        assert named(owner, check, removed(seq)) == seq
        assert named(owner, check, removed(seq, audit_entry)) == seq


def test_a_cut_tail_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    assert named(owner, check, lambda o: o.cut(ENTRIES - 3)) == ENTRIES - 3
    assert named(owner, check, lambda o: o.cut(200)) == 200


def test_swapped_entries_are_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    def covered(owner: Owner) -> None:
        owner.swap(20, 30)
        owner.cover()

    assert named(owner, check, lambda o: o.swap(20, 30)) == 20
    assert named(owner, check, lambda o: o.swap(20, 30, audit_payload)) == 20
    assert named(owner, check, lambda o: o.swap(20, 260)) == 20
    assert named(owner, check, covered) == 20


def test_an_inserted_entry_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    def covered(owner: Owner) -> None:
        owner.push_in(40)
        owner.cover()

    assert named(owner, check, lambda o: o.push_in(40)) == 40
    assert named(owner, check, covered) == 40


def test_a_changed_payload_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    for column, value in (
        ("salts", bytes(96)),
        ("salts", bytes(7)),
        ("nonce", bytes(12)),
        ("ct", bytes(40)),
        ("ct", b""),
        ("dek_wrapped", bytes(60)),
        ("dek_wrapped", bytes(61)),
        ("kek_id", "other"),
    ):
        assert named(owner, check, changed(audit_payload, 9, column, value)) == 9


def test_a_payload_that_is_gone_is_named_unless_a_later_entry_says_it_was_erased(
    owner: Owner, filled: Gate, check: Callable[[], Verdict]
) -> None:
    def erased(owner: Owner) -> None:
        owner.remove(7, audit_payload, audit_index, audit_subject)

    assert named(owner, check, erased) == 7
    erased(owner)
    filled.record(erasure(8, 9))
    assert check().first_bad == 7
    filled.record(erasure(6, 7))
    verdict = check()
    assert verdict.is_ok
    assert verdict.erased == 1


def test_an_erasure_announces_nothing_for_what_came_after_it(
    owner: Owner, filled: Gate, check: Callable[[], Verdict]
) -> None:
    filled.record(erasure(0, 10**6))
    later = filled.record(read_of()).seq
    owner.remove(later, audit_payload, audit_index, audit_subject)
    assert check().first_bad == later


def test_an_erasure_that_cannot_be_believed_announces_nothing(
    owner: Owner, filled: Gate, check: Callable[[], Verdict]
) -> None:
    filled.record(Entry(Action.RETENTION_ERASE, OFFICER_OF_CASES, "log", facts={"first": "x"}))
    at = filled.record(erasure(7, 7)).seq
    owner.remove(7, audit_payload, audit_index, audit_subject)
    owner.change(audit_payload, at, nonce=bytes(12))
    assert check().first_bad == 7


def test_an_erased_entry_must_leave_no_index_and_a_canonical_leaf(
    owner: Owner, filled: Gate, check: Callable[[], Verdict]
) -> None:
    filled.record(erasure(7, 7))
    assert named(owner, check, lambda o: o.remove(7, audit_payload)) == 7

    def spaced(owner: Owner) -> None:
        owner.remove(7, audit_payload, audit_index, audit_subject)
        owner.edit_leaf(7, b'"v":1', b'"v": 1')
        owner.cover()

    assert named(owner, check, spaced) == 7


def test_an_edit_of_an_erased_entry_shows_in_its_tile_or_in_the_head(
    owner: Owner, filled: Gate, check: Callable[[], Verdict]
) -> None:
    filled.record(erasure(0, ENTRIES))

    def erased_and_edited(owner: Owner, seq: int) -> None:
        owner.remove(seq, audit_payload, audit_index, audit_subject)
        owner.edit_leaf(seq, b'"d":"mixed"', b'"d":"permit"')

    assert named(owner, check, lambda o: erased_and_edited(o, 7)) == 7
    assert named(owner, check, lambda o: erased_and_edited(o, 257)) == 256  # of 256 to 263


def test_a_doctored_index_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    for column in ("actor", "case_id", "action", "decision", "rule_id", "ts", "explained_by"):
        assert named(owner, check, changed(audit_index, 11, column, "doctored")) == 11
    assert named(owner, check, removed(11, audit_index)) == 11
    assert named(owner, check, removed(11, audit_subject)) == 11
    assert named(owner, check, lambda o: o.swap(11, ENTRIES - 1, audit_index)) == 11
    assert named(owner, check, changed(audit_subject, 11, "subject_hmac", "x")) == 11


def test_rows_that_belong_to_no_entry_are_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    row = {"seq": ENTRIES + 5, "subject_hmac": "x"}
    assert named(owner, check, lambda o: o.run(insert(audit_subject).values(row))) == ENTRIES + 5
    tile = {"level": 0, "n": 1, "data": bytes(8192)}
    assert named(owner, check, lambda o: o.run(insert(audit_tile).values(tile))) == ENTRIES


def test_a_missing_or_other_tile_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    assert named(owner, check, lambda o: o.run(delete(audit_tile))) == 0
    other = update(audit_tile).values(data=bytes(8192))
    assert named(owner, check, lambda o: o.run(other)) == 0


def test_tiles_over_tiles_are_written_and_checked(
    gate: Gate, check: Callable[[], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With tiles of four hashes a short log already has three levels of them."""
    for module in (tiles, verify_module):
        monkeypatch.setattr(module, "WIDTH", 4)
        monkeypatch.setattr(module, "LEVELS_PER_TILE", 2)
    for count in (1, 30, 7, 40, 1):
        gate.record_many([read_of() for _ in range(count)])
    owner = Owner(gate.engine)
    levels = select(audit_tile.c.level).order_by(audit_tile.c.level)
    assert [row[0] for row in owner.read(levels)] == [0] * 19 + [1] * 4 + [2]
    assert check().is_ok
    assert [len(inclusion_proof(seq, gate.reader).hashes) for seq in (0, 63, 78)] == [7, 7, 4]
    one = and_(audit_tile.c.level == 1, audit_tile.c.n == 2)
    data = bytes(owner.read(select(audit_tile.c.data).where(one))[0][0])
    other = update(audit_tile).where(one).values(data=data[:64] + bytes(64))
    assert named(owner, check, lambda o: o.run(other)) == 40
    assert named(owner, check, lambda o: o.run(delete(audit_tile).where(one))) == 32


def test_a_head_that_does_not_fit_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    def set_to(**values: object) -> Deed:
        return lambda owner: owner.run(update(audit_head).values(values))

    assert named(owner, check, lambda o: o.run(delete(audit_head))) == 0
    assert named(owner, check, set_to(size=ENTRIES - 1)) == ENTRIES - 1
    assert named(owner, check, set_to(size=ENTRIES + 1)) == ENTRIES
    assert named(owner, check, set_to(root=bytes(32))) == ENTRIES - 1
    assert named(owner, check, set_to(ts="2099-01-01T00:00:00Z")) == ENTRIES - 1
    assert named(owner, check, set_to(frontier=bytes(32 * 4))) == 0
    assert named(owner, check, set_to(frontier=b"")) == 0
    frontier = bytes(owner.read(select(audit_head.c.frontier))[0][0])
    assert named(owner, check, set_to(frontier=frontier + bytes(32))) == ENTRIES


def test_a_time_that_falls_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    def earlier(owner: Owner) -> None:
        owner.remove(ENTRIES - 1, audit_payload)
        owner.edit_leaf(ENTRIES - 1, b'"t":"2026-11', b'"t":"2026-10')
        owner.cover()

    assert named(owner, check, earlier) == ENTRIES - 1


def test_a_removed_key_of_payloads_is_named(owner: Owner, check: Callable[[], Verdict]) -> None:
    assert named(owner, check, lambda o: o.run(delete(audit_kek))) == 0


def test_without_the_right_key_the_log_is_checked_but_not_whole(filled: Gate) -> None:
    verdict = verify(filled.engine, LocalKek([bytes(32)], "other"))
    assert verdict.state is State.INCOMPLETE
    assert verdict.size == ENTRIES
    assert "from entry 0 on" in verdict.why


def test_a_change_shows_also_without_the_right_key(owner: Owner, filled: Gate) -> None:
    owner.remove(50)
    assert verify(filled.engine, LocalKek([bytes(32)], "other")).first_bad == 50


def test_a_log_that_cannot_be_read_is_incomplete(owner: Owner, filled: Gate) -> None:
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit_subject")
    verdict = verify(filled.engine, filled._provider)
    assert verdict.state is State.INCOMPLETE
    assert not verdict.is_ok


def test_writing_goes_on_while_the_log_is_verified(filled: Gate) -> None:
    def write(done: int, size: int) -> None:
        assert done <= size
        filled.record(read_of())

    verdict = verify(filled.engine, filled._provider, write)
    assert verdict.is_ok
    assert verdict.size == ENTRIES
    assert filled.health().size == ENTRIES + 2


def test_the_seat_belts_hold_against_mistakes(filled: Gate) -> None:
    first = audit_entry.c.seq == 0
    for deed in (
        update(audit_entry).where(first).values(leaf=b"x"),
        delete(audit_entry).where(first),
        delete(audit_entry),
        update(audit_tile).values(data=b"x"),
        delete(audit_tile),
        update(audit_payload).values(ct=b"x"),
    ):
        with pytest.raises(DBAPIError), filled.engine.begin() as connection:
            connection.execute(deed)


def test_the_seat_belts_may_be_fastened_again(filled: Gate) -> None:
    audit_metadata.create_all(filled.engine)
    with pytest.raises(DBAPIError), filled.engine.begin() as connection:
        connection.execute(delete(audit_entry))


def test_replacing_is_not_a_way_around_the_seat_belts(filled: Gate) -> None:
    replacing = {
        "sqlite": [
            "REPLACE INTO audit_entry VALUES (3, 'x', x'00', x'00')",
            "INSERT INTO audit_entry VALUES (999, 'x', x'00', x'00')",
            "REPLACE INTO audit_tile VALUES (0, 0, x'00')",
        ],
        "postgresql": [
            "INSERT INTO audit_tile VALUES (0, 0, '') ON CONFLICT (level, n) DO UPDATE SET n = 9",
            "TRUNCATE audit_entry",
            "TRUNCATE audit_tile",
        ],
    }
    for statement in replacing[filled.engine.dialect.name]:
        with pytest.raises(DBAPIError), filled.engine.begin() as connection:
            connection.exec_driver_sql(statement)
