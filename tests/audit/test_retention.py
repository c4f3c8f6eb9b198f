"""The end of retention: what entries say goes and stays gone, and the log verifies all along."""

from datetime import date, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from audit import retention
from audit.entries import Action, Actor, Entry, Retention
from audit.gate import Gate
from audit.history import case_states
from audit.models import (
    audit_entry,
    audit_index,
    audit_kek,
    audit_payload,
    audit_subject,
)
from audit.retention import Erasure, Keep, due, erase
from audit.sealing import is_same_or_later, kek_id_of, rewrap
from audit.verify import State, verify
from config.clock import FrozenClock
from config.errors import StoreUnavailableError
from config.keys import KekProvider
from tests.audit.conftest import CASE, OTHER_CASE, applied, read_of, write_of
from tests.audit.tamper import Owner

SYSTEM = Actor(person="", organisation="", partner="", role="system", session="", auth_level="")
NOBODY = Keep((), ())
YEARS = timedelta(days=6 * 366)


def settle(gate: Gate, old: int, new: int, case_id: str = CASE) -> None:
    intent = write_of(old, new, "ab", case_id)
    gate.record(intent)
    gate.record(applied(intent))


def key_of(clock: FrozenClock) -> str:
    return kek_id_of(Retention.STANDARD, clock.now())


def count(gate: Gate) -> tuple[int, ...]:
    tables = (audit_entry, audit_payload, audit_index, audit_subject, audit_kek)
    with gate.engine.connect() as connection:
        return tuple(
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        )


def state(gate: Gate, kek: KekProvider) -> tuple[State, int]:
    found = verify(gate.engine, kek)
    return found.state, found.erased


def test_a_month_is_due_only_after_its_last_day(gate: Gate, clock: FrozenClock) -> None:
    gate.record(read_of())
    made = clock.now()
    last = date(made.year + 5, made.month + 1, 1) - timedelta(days=1)
    assert due(gate, last) == []
    assert due(gate, last + timedelta(days=1)) == [key_of(clock)]


def test_what_is_past_its_term_goes_and_the_log_verifies(
    gate: Gate, clock: FrozenClock, kek: KekProvider
) -> None:
    gate.record_many([read_of() for _ in range(300)])
    old = key_of(clock)
    clock.advance(YEARS)
    gate.record(read_of())
    (gone,) = due(gate, clock.now().date())
    assert erase(gate, gone, NOBODY, SYSTEM) == Erasure(old, 300, 0)
    entries, payloads, _lines, subjects, _keys = count(gate)
    assert (entries, payloads, subjects) == (302, 2, 1)
    assert state(gate, kek) == (State.OK, 300)


def next_month(kek_id: str) -> str:
    year, month = int(kek_id[-7:-3]), int(kek_id[-2:])
    return f"{year + month // 12}-{month % 12 + 1:02}"


def test_the_erasure_says_what_went_on_what_basis(gate: Gate, clock: FrozenClock) -> None:
    gate.record_many([read_of() for _ in range(3)])
    old = key_of(clock)
    clock.advance(YEARS)
    erase(gate, old, NOBODY, SYSTEM)
    opened = gate.reader.read([3])[3]
    assert opened.entry.action is Action.RETENTION_ERASE
    assert dict(opened.entry.facts) == {"first": 0, "last": 2, "count": 3, "kek": old}
    assert opened.entry.reason == retention.BASIS


def test_what_a_living_case_is_opened_against_stays(
    gate: Gate, clock: FrozenClock, kek: KekProvider
) -> None:
    settle(gate, 0, 1)
    settle(gate, 1, 2)
    settle(gate, 0, 1, OTHER_CASE)
    before = case_states(CASE, gate.reader)
    old = key_of(clock)
    clock.advance(YEARS)
    assert erase(gate, old, Keep([CASE], ()), SYSTEM) == Erasure(old, 5, 1)
    assert case_states(CASE, gate.reader) == before
    assert case_states(OTHER_CASE, gate.reader).applied is None
    assert state(gate, kek) == (State.OK, 5)


def test_a_case_on_hold_keeps_every_entry_month_after_month(
    gate: Gate, clock: FrozenClock, kek: KekProvider
) -> None:
    gate.record_many([read_of(case_id=CASE), read_of(case_id=OTHER_CASE), read_of(case_id=CASE)])
    old = key_of(clock)
    clock.advance(YEARS)
    assert erase(gate, old, Keep((), [CASE]), SYSTEM) == Erasure(old, 1, 2)
    later = f"standard-{next_month(old)}"
    assert due(gate, clock.now().date()) == [later]
    assert erase(gate, later, Keep((), [CASE]), SYSTEM) == Erasure(later, 0, 2)
    assert sorted(gate.reader.read([0, 2])) == [0, 2]
    lifted = f"standard-{next_month(later)}"
    assert erase(gate, lifted, NOBODY, SYSTEM) == Erasure(lifted, 2, 0)
    assert state(gate, kek) == (State.OK, 3)


def test_an_erasure_that_was_cut_short_is_finished_with_one_entry(
    gate: Gate, clock: FrozenClock, kek: KekProvider
) -> None:
    gate.record_many([read_of() for _ in range(3)])
    old = key_of(clock)
    clock.advance(YEARS)
    # As if the process had ended right after the entry.
    gate.record(retention._entry(old, 0, 2, 3, SYSTEM))
    assert state(gate, kek) == (State.OK, 0)
    erase(gate, old, NOBODY, SYSTEM)
    assert count(gate)[0] == 4
    assert state(gate, kek) == (State.OK, 3)


def test_a_key_under_which_nothing_is_left_goes_without_an_entry(
    gate: Gate, clock: FrozenClock
) -> None:
    gate.record(read_of())
    old = key_of(clock)
    Owner(gate.engine).remove(0, audit_payload)
    erase(gate, old, NOBODY, SYSTEM)
    assert count(gate)[0] == 1


def test_nothing_is_erased_when_the_log_takes_no_entry(gate: Gate, clock: FrozenClock) -> None:
    gate.record(read_of())
    old = key_of(clock)
    clock.advance(YEARS)
    gate.close()
    with pytest.raises(StoreUnavailableError):
        erase(gate, old, NOBODY, SYSTEM)
    assert count(gate)[1] == 1


def test_an_announced_erasure_covers_no_other_class_of_entries(
    gate: Gate, clock: FrozenClock, kek: KekProvider
) -> None:
    police = Entry(
        Action.LOGIN, SYSTEM, "x", retention=Retention.POLICE, facts={"what": "something"}
    )
    gate.record_many([read_of(), police, read_of()])
    old = key_of(clock)
    clock.advance(YEARS)
    erase(gate, old, NOBODY, SYSTEM)
    assert state(gate, kek) == (State.OK, 2)
    Owner(gate.engine).remove(1, audit_payload, audit_index, audit_subject)
    found = verify(gate.engine, kek)
    assert (found.state, found.first_bad) == (State.TAMPERED, 1)


def test_a_data_key_is_wrapped_anew_only_at_its_place(gate: Gate, clock: FrozenClock) -> None:
    gate.record_many([read_of(), read_of()])
    keyring = gate.reader.keyring
    new = keyring.current(Retention.STANDARD, clock.now() + timedelta(days=40))
    with gate.engine.connect() as connection:
        rows = connection.execute(
            select(audit_entry.c.event_id, audit_payload.c.dek_wrapped, audit_payload.c.kek_id)
            .join(audit_payload, audit_payload.c.seq == audit_entry.c.seq)
            .order_by(audit_entry.c.seq)
        ).all()
    with pytest.raises(InvalidTag):
        rewrap(
            keyring.cipher(rows[0].kek_id),
            bytes(rows[0].dek_wrapped),
            (rows[0].kek_id, rows[1].event_id, 1),
            new,
        )


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ("standard-2026-11", "standard-2026-11", True),
        ("standard-2026-11", "standard-2027-01", True),
        ("standard-2026-11", "standard-2026-10", False),
        ("standard-2026-11", "police-2026-11", False),
    ],
)
def test_a_key_follows_on_another_of_its_class(one: str, other: str, *, holds: bool) -> None:
    assert is_same_or_later(one, other) is holds
