"""No receipt, no key; and no key for a decision that was overtaken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from flask import Flask, current_app
from sqlalchemy import event, text

from audit import gate
from audit.gate import ReceiptError
from config.clock import FrozenClock
from config.database import db, stores, transaction
from pga.cases.models import Case
from pga.cases.service import touch
from pga.records import keyring, queries
from pga.records import service as records
from pga.records.errors import StaleDecisionError
from pga.records.rules import ItemStatus
from pga.records.service import opening
from tests.records.world import ACTOR, PERSON, World, create


def test_nothing_to_open_uses_no_receipt(world: World) -> None:
    case_id = world.start()
    asked = world.ask(case_id)

    assert records.open_items([asked._replace(items=[])]).whole() == {}
    assert len(records.open_items([asked]).whole()) == 1


def test_a_receipt_opens_once(world: World) -> None:
    asked = world.ask(world.start())
    records.open_items([asked])

    with pytest.raises(ReceiptError):
        records.open_items([asked])


def test_a_receipt_opens_only_the_items_it_names(world: World) -> None:
    case_id = world.start(create("one"), create("two"))
    one, two = world.items(case_id)

    with pytest.raises(ReceiptError):
        records.open_items([world.ask(case_id, [one])._replace(items=[one, two])])


def test_a_receipt_opens_no_other_case(world: World) -> None:
    case_id, other = world.start(create("mine")), world.start(create("theirs"))
    asked = world.ask(case_id)

    with pytest.raises(ReceiptError):
        records.open_items([asked._replace(case_id=other)])


def test_a_receipt_opens_for_nobody_else(world: World) -> None:
    asked = world.ask(world.start())
    other = replace(asked.entry, actor=replace(ACTOR, person=b"q".hex() * 16))

    with pytest.raises(ReceiptError):
        records.open_items([asked._replace(entry=other)])


def test_an_entry_that_lost_its_payload_opens_nothing(world: World) -> None:
    asked = world.ask(world.start())
    with stores().audit.begin() as connection:
        connection.execute(
            text("DELETE FROM audit_payload WHERE seq = :seq"), {"seq": asked.receipt.seq}
        )

    with pytest.raises(ReceiptError):
        records.open_items([asked])


def test_items_of_many_cases_open_together(world: World) -> None:
    cases = [world.start(create(f"case {n}")) for n in range(3)]
    asked = [world.ask(case_id) for case_id in cases]

    contents = records.open_items(asked).whole()

    assert [contents[one.items[0].id]["text"] for one in asked] == ["case 0", "case 1", "case 2"]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Count the statements sent to the three stores."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    engines = [stores().app, stores().keys, stores().audit]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_opening_takes_the_same_queries_for_one_item_and_for_many_cases(world: World) -> None:
    small = [world.start()]
    large = [
        world.start(*(create(str(n), category=f"D{n % 3 + 10}") for n in range(12)))
        for _ in range(4)
    ]
    counts = []
    for cases in (small, large):
        asked = [world.ask(case_id) for case_id in cases]
        with counted() as seen:
            records.open_items(asked)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 9


@pytest.mark.parametrize("what", ["case", "agreement"])
def test_a_decision_that_was_overtaken_opens_nothing(world: World, what: str) -> None:
    case_id = world.start()
    asked = world.ask(case_id)
    table = {"case": "case_file", "agreement": "agreement"}[what]
    world.sql(f"UPDATE {table} SET epoch = epoch + 1")  # noqa: S608

    with pytest.raises(StaleDecisionError) as stale:
        records.open_items([asked])

    assert stale.value.case_ids == {case_id}
    assert world.logged()[-2:] == ["CONSULT", "outcome"]
    db.session.rollback()
    assert world.read(case_id) == ["noted"]


def test_an_entry_without_epochs_opens_nothing(world: World) -> None:
    case_id = world.start()
    asked = world.ask(case_id)
    entry = replace(asked.entry, event_id="e" * 32, case_epoch=None)
    with pytest.raises(StaleDecisionError):
        records.open_items([asked._replace(entry=entry, receipt=gate.record(entry))])


def test_a_withdrawal_between_decision_and_unwrapping_closes_the_item(
    world: World, record_app: Flask
) -> None:
    """The reader has everything at hand; the withdrawal commits; only then are epochs read."""
    case_id = world.start()
    asked = world.ask(case_id)
    at_the_gate, withdrawn = Barrier(2, timeout=20), Barrier(2, timeout=20)
    read_keys = keyring.read_keys

    def wait(*args: object) -> object:
        found = read_keys(*args)  # type: ignore[arg-type]
        at_the_gate.wait()
        withdrawn.wait()
        return found

    def withdraw() -> None:
        at_the_gate.wait()
        with record_app.app_context(), transaction():
            touch(db.session.get_one(Case, case_id))
        withdrawn.wait()

    other = Thread(target=withdraw)
    other.start()
    with patch.object(opening, "read_keys", wait), pytest.raises(StaleDecisionError):
        records.open_items([asked])
    other.join()

    assert current_app == record_app
    assert world.logged()[-1] == "outcome"


def test_a_write_that_passes_while_versions_are_read_is_waited_for(world: World) -> None:
    case_id = world.start(create("old"))
    item_id = world.ask(case_id).items[0].id

    def revise(text: str) -> None:
        change = records.Revise(item_id=item_id, content={"text": text}, author_person_id=PERSON)
        world.write(case_id, change)

    revise("new")
    db.session.expunge_all()
    asked = world.ask(case_id)
    read, left = queries.read_earlier, [1]

    def overtaken(*args: object) -> object:
        if left.pop() if left else 0:
            revise("newest")
        return read(*args)  # type: ignore[arg-type]

    with patch.object(queries, "read_earlier", overtaken):
        found = records.open_earlier(asked)
    assert [found[item_id, version]["text"] for version in (1, 2)] == ["old", "new"]


def test_an_item_corrected_after_the_decision_is_decided_anew(world: World) -> None:
    case_id = world.start(create("old"))
    asked = world.ask(case_id)
    revise = records.Revise(
        item_id=asked.items[0].id, content={"text": "new"}, author_person_id=PERSON
    )
    db.session.expunge_all()
    world.write(case_id, revise)

    with pytest.raises(StaleDecisionError):
        records.open_items([asked])
    assert world.read(case_id) == ["new"]


def test_an_item_closed_after_the_decision_is_not_opened(world: World) -> None:
    case_id = world.start()
    asked = world.ask(case_id)

    world.write(case_id, records.SetStatus(asked.items[0].id, ItemStatus.WRONG_CASE))

    with pytest.raises(StaleDecisionError):
        records.open_items([asked])


def test_a_case_that_never_stands_still_is_stale_not_faulty(world: World) -> None:
    case_id = world.start()
    asked = world.ask(case_id)
    read = queries.read_stored

    def moving(*args: object) -> object:
        world.sql("UPDATE case_file SET version = version + 1")
        return read(*args)  # type: ignore[arg-type]

    with patch.object(queries, "read_stored", moving), pytest.raises(StaleDecisionError):
        records.open_items([asked])


def test_a_write_that_passes_while_a_case_is_read_is_waited_for(world: World) -> None:
    case_id = world.start()
    asked = world.ask(case_id)
    read, left = queries.read_stored, [1]

    def overtaken(*args: object) -> object:
        found = read(*args)  # type: ignore[arg-type]
        if left.pop() if left else 0:
            world.write(case_id, create("meanwhile"))
        return found

    with patch.object(queries, "read_stored", overtaken):
        contents = records.open_items([asked]).whole()
    assert list(contents.values()) == [{"text": "noted"}]


def test_a_receipt_of_yesterday_opens_nothing(world: World, clock: FrozenClock) -> None:
    asked = world.ask(world.start())
    clock.advance(timedelta(seconds=31))

    with pytest.raises(ReceiptError):
        records.open_items([asked])
