"""What rooms ask of the log: who read an item, how often somebody was refused, what was open."""

from dataclasses import replace
from datetime import timedelta

from flask import Flask

from audit import gate, readers
from audit.entries import CLOSED_ITEMS, Action, Entry, Kind
from audit.models import audit_payload
from config.clock import FrozenClock
from tests.audit.conftest import (
    ALLOWED,
    CASE,
    DENIED,
    ITEM,
    OFFICER_OF_CASES,
    OTHER_CASE,
    OTHER_ITEM,
    POLICE,
    read_of,
)
from tests.audit.tamper import Owner


def test_who_read_an_item_is_told_oldest_first(app: Flask, clock: FrozenClock) -> None:
    with app.app_context():
        gate.record(read_of())
        clock.advance(timedelta(hours=1))
        gate.record(read_of(ALLOWED, DENIED, actor=POLICE))
        gate.record(read_of(case_id=OTHER_CASE))
        found = readers.readers_of(CASE, [ITEM, OTHER_ITEM])
    assert [(one.person, one.item, one.kind) for one in found] == [
        (OFFICER_OF_CASES.person, ITEM, Kind.OPENED),
        (POLICE.person, ITEM, Kind.OPENED),
    ]
    assert found[1].at - found[0].at == timedelta(hours=1)


def test_a_reading_whose_release_failed_is_no_reading(app: Flask) -> None:
    with app.app_context():
        receipt = gate.record(read_of())
        failed = Entry(Action.OUTCOME, OFFICER_OF_CASES, CASE, case_id=CASE, names=receipt.event_id)
        gate.record(failed)
        gate.record(Entry(Action.CONSULT, OFFICER_OF_CASES, CASE, case_id=CASE, lines=(ALLOWED,)))
        assert readers.readers_of(CASE, [ITEM]) == []


def test_an_item_that_stayed_closed_was_not_read_and_the_others_were(app: Flask) -> None:
    with app.app_context():
        receipt = gate.record(read_of(replace(ALLOWED, items=(ITEM, OTHER_ITEM))))
        closed = Entry(
            Action.OUTCOME,
            OFFICER_OF_CASES,
            CASE,
            case_id=CASE,
            names=receipt.event_id,
            facts={CLOSED_ITEMS: ITEM},
        )
        gate.record(closed)
        found = readers.readers_of(CASE, [ITEM, OTHER_ITEM])
    assert [one.item for one in found] == [OTHER_ITEM]


def test_refusals_of_a_person_are_counted_since_an_instant(app: Flask, clock: FrozenClock) -> None:
    with app.app_context():
        gate.record_many([read_of(DENIED), read_of(DENIED, actor=POLICE), read_of()])
        start = clock.now()
        clock.advance(timedelta(minutes=5))
        gate.record(read_of(DENIED))
        assert readers.refusals(OFFICER_OF_CASES.person, start) == 2
        assert readers.refusals(OFFICER_OF_CASES.person, clock.now()) == 1
        assert readers.refusals("00" * 16, start) == 0


def test_when_a_person_last_opened_a_case_is_told(app: Flask, clock: FrozenClock) -> None:
    with app.app_context():
        gate.record(read_of())
        clock.advance(timedelta(minutes=5))
        gate.record(read_of())
        gate.record(read_of(actor=POLICE))
        found = readers.last_opened(OFFICER_OF_CASES.person, [CASE, OTHER_CASE])
    assert found == {CASE: clock.now().strftime(readers.INDEX_TIME)}


def test_entries_of_an_action_are_told_oldest_first_without_those_that_were_changed(
    app: Flask,
) -> None:
    with app.app_context():
        for name in ("one", "two", "three"):
            gate.record(Entry(Action.AGREEMENT_CHANGE, POLICE, name, reason=name))
        gate.record(read_of())
        assert [one.object for one in readers.of_action(Action.AGREEMENT_CHANGE)] == [
            *("one", "two", "three")
        ]
        Owner(gate.gate().reader.engine).change(audit_payload, 1, ct=b"changed")
        found = [one.object for one in readers.of_action(Action.AGREEMENT_CHANGE)]
    assert found == ["one", "three"]
