"""What the privacy officer finds in the log, and how a doctored row shows."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, event, insert, update

from audit import queries
from audit.entries import Action, Entry, Kind, Outcome
from audit.gate import Gate
from audit.models import audit_entry, audit_index, audit_payload, audit_subject
from audit.queries import Access
from config.clock import FrozenClock
from config.errors import NotFoundError
from tests.audit.conftest import (
    ALLOWED,
    CASE,
    DENIED,
    OFFICER_OF_CASES,
    OTHER_CASE,
    POLICE,
    YOUTH,
    read_of,
)
from tests.audit.tamper import Owner

OTHER_YOUTH = "e2" * 16


def numbers(found: list[Access]) -> list[int]:
    return [access.seq for access in found]


@pytest.fixture
def busy(gate: Gate, clock: FrozenClock) -> Gate:
    """Five entries, a minute apart."""
    for entry in (
        read_of(),
        read_of(DENIED, actor=POLICE),
        read_of(ALLOWED, DENIED, subject=OTHER_YOUTH, case_id=OTHER_CASE),
        Entry(Action.LOGIN, POLICE, POLICE.person),
        read_of(actor=POLICE),
    ):
        gate.record(entry)
        clock.advance(timedelta(minutes=1))
    return gate


def test_the_newest_accesses_come_first(busy: Gate) -> None:
    found = queries.accesses(busy.reader)
    assert numbers(found) == [4, 3, 2, 1, 0]
    assert all(access.fault is None for access in found)
    assert found[0].entry is not None
    assert found[0].entry.actor == POLICE


def test_the_officer_sees_who_saw_a_youth_and_what_a_person_saw(busy: Gate) -> None:
    reader = busy.reader
    assert numbers(queries.accesses(reader, subject=YOUTH)) == [4, 1, 0]
    assert numbers(queries.accesses(reader, actor=POLICE.person)) == [4, 3, 1]
    assert numbers(queries.accesses(reader, case_id=OTHER_CASE)) == [2]
    assert numbers(queries.accesses(reader, case_ids=[CASE, OTHER_CASE])) == [4, 2, 1, 0]
    assert numbers(queries.accesses(reader, organisation=POLICE.organisation)) == [4, 3, 1]
    assert numbers(queries.accesses(reader, subject=YOUTH, actor=POLICE.person)) == [4, 1]


def test_the_officer_sees_refusals(busy: Gate) -> None:
    reader = busy.reader
    assert numbers(queries.accesses(reader, decision="denied")) == [2, 1]
    assert numbers(queries.accesses(reader, decision="allowed")) == [4, 2, 0]
    assert numbers(queries.accesses(reader, outcome=Outcome.DENY)) == [1]
    assert numbers(queries.accesses(reader, outcome=Outcome.MIXED, actor=POLICE.person)) == []


def test_accesses_are_narrowed_by_act_kind_and_time(busy: Gate, clock: FrozenClock) -> None:
    reader = busy.reader
    start = clock.now() - timedelta(minutes=5)
    assert numbers(queries.accesses(reader, actions=[Action.LOGIN])) == [3]
    assert numbers(queries.accesses(reader, kinds=[Kind.OPENED])) == [4, 2, 1, 0]
    assert numbers(queries.accesses(reader, since=start + timedelta(minutes=3))) == [4, 3]
    assert numbers(queries.accesses(reader, until=start + timedelta(minutes=1))) == [0]
    assert numbers(queries.accesses(reader, actor=None, kinds=None)) == [4, 3, 2, 1, 0]


def test_accesses_are_paged_by_the_last_number_of_the_page_before(busy: Gate) -> None:
    reader = busy.reader
    assert numbers(queries.accesses(reader, limit=2)) == [4, 3]
    assert numbers(queries.accesses(reader, limit=2, before=3)) == [2, 1]
    assert numbers(queries.accesses(reader, limit=0, before=1)) == [0]


def test_a_page_costs_four_queries_however_many_rows(busy: Gate) -> None:
    asked: list[str] = []
    event.listen(busy.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    queries.accesses(busy.reader, limit=1)
    queries.accesses(busy.reader)
    assert len(asked) == 8


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", POLICE.person), ("decision", "denied"), ("rule_id", "x"), ("ts", "2020")],
)
def test_a_doctored_index_row_shows(busy: Gate, column: str, value: str) -> None:
    Owner(busy.engine).run(
        update(audit_index).where(audit_index.c.seq == 0).values({column: value})
    )
    found = queries.accesses(busy.reader, subject=YOUTH)
    assert [(access.seq, access.fault is None) for access in found] == [
        (4, True),
        (1, True),
        (0, False),
    ]
    assert found[-1].entry is not None
    assert found[-1].entry.actor == OFFICER_OF_CASES


def test_an_access_put_in_the_name_of_another_youth_shows(busy: Gate) -> None:
    Owner(busy.engine).run(insert(audit_subject).values(seq=2, subject_hmac=YOUTH))
    assert [
        access.seq for access in queries.accesses(busy.reader, subject=YOUTH) if access.fault
    ] == [2]


def test_a_doctored_payload_shows(busy: Gate) -> None:
    owner = Owner(busy.engine)
    owner.change(audit_payload, 0, nonce=bytes(12))
    owner.remove(1, audit_payload)
    owner.remove(4, audit_entry)
    faults = {a.seq: (a.fault, a.entry) for a in queries.accesses(busy.reader, subject=YOUTH)}
    assert all(fault is not None for fault, _ in faults.values())
    assert all(entry is None for _, entry in faults.values())
    assert "not in the log" in str(faults[4][0])


def test_one_entry_is_read_by_its_number_and_believed_by_its_leaf(busy: Gate) -> None:
    access = queries.payload(1, busy.reader)
    assert access.opened is not None
    assert access.opened.entry.lines == (DENIED,)
    assert access.opened.leaf.rules == (DENIED.rule,)
    with pytest.raises(NotFoundError):
        queries.payload(99, busy.reader)
    Owner(busy.engine).run(delete(audit_index))
    assert queries.payload(1, busy.reader).fault is not None
