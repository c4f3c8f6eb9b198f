"""A kill between any two commits of a write: every case opens, nothing acknowledged is lost."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import event, text

from audit import gate
from audit.entries import Action, Entry
from config.clock import FrozenClock
from config.database import db, stores
from config.settings import Settings
from pga.records import keyring
from pga.records import service as records
from pga.records.service.upkeep import sweep
from tests.conftest import LayStores
from tests.databases import Addresses
from tests.records.world import PERSON, World, create, running

KILLED = 42
Write = Callable[[World], object]
POINTS = ("keys", "intent", "rows", "app", "applied")
"""After the commit of the keys, the intent, inside the transaction, after it, after `applied`."""


@pytest.fixture
def settings(
    database: str,
    lay_stores: LayStores,
    settings_for: Callable[[Addresses], Settings],
    clock: FrozenClock,
) -> Settings:
    _ = clock
    return settings_for(lay_stores(database))


def die() -> None:
    os._exit(KILLED)


def die_after(function: Callable[..., object], when: Callable[..., bool]) -> Callable[..., object]:
    def dying(*args: object) -> object:
        result = function(*args)
        if when(*args):
            die()
        return result

    return dying


def is_applied(entry: Entry) -> bool:
    return entry.action is Action.APPLIED


@contextmanager
def killed_at(point: str) -> Iterator[None]:
    """Let the process die at a point of its next write."""
    match point:
        case "keys":
            committed = die_after(keyring._commit_keys, lambda *_: True)
            with patch.object(keyring, "_commit_keys", committed):
                yield
        case "intent":
            with patch.object(gate, "record", die_after(gate.record, lambda e: not is_applied(e))):
                yield
        case "applied":
            with patch.object(gate, "record", die_after(gate.record, is_applied)):
                yield
        case _:
            moment = {"rows": "before_commit", "app": "after_commit"}[point]
            event.listen(db.session, moment, lambda _: die())
            yield


def write_and_die(settings: Settings, agreement_id: bytes, point: str, write: Write) -> None:
    """Write in a process of its own that dies at the point."""
    child = os.fork()
    if child == 0:
        try:
            with running(settings):
                world = World(agreement_id, is_there=True)
                with killed_at(point):
                    write(world)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == KILLED


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", ["create", "revise"])
def test_a_killed_write_leaves_the_case_old_or_new_and_open(
    settings: Settings, point: str, kind: str
) -> None:
    with running(settings):
        world = World()
        case_id = world.start(create("old"))
        item_id = world.items(case_id)[0].id
    change = (
        create("new", category="D15")
        if kind == "create"
        else records.Revise(item_id=item_id, content={"text": "new"}, author_person_id=PERSON)
    )

    write_and_die(settings, world.agreement_id, point, lambda child: child.write(case_id, change))

    is_written = point in {"app", "applied"}
    with running(settings):
        expected = {"create": ["new", "old"], "revise": ["new"]}[kind] if is_written else ["old"]
        assert sorted(world.read(case_id)) == expected
        applied = world.history(case_id).applied
        assert applied is not None
        assert applied.new_version == 1 + is_written
        assert world.logged().count("applied") == 1 + is_written
        world.write(case_id, create("later"))
        assert sorted(world.read(case_id)) == sorted([*expected, "later"])


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_start_leaves_a_case_that_opens_or_keys_that_are_swept(
    settings: Settings, clock: FrozenClock, point: str
) -> None:
    with running(settings):
        world = World()
        new = world.new_case()
    who = [records.Identity(bsn="111222333")]

    def start(child: World) -> None:
        entry = child.entry(Action.CREATE, new.id)
        records.start_case(entry, new, [create("first")], index=who)

    write_and_die(settings, world.agreement_id, point, start)

    is_written = point in {"app", "applied"}
    with running(settings):
        if is_written:
            assert world.read(new.id) == ["first"]
        assert (sweep().cases, sweep().index_rows) == (0, 0)
        clock.advance(timedelta(days=2))
        swept = sweep()
        assert (swept.cases, swept.index_rows) == ((0, 0) if is_written else (1, 1))
        with stores().keys.connect() as connection:
            for table in ("case_key", "data_key", "identity_index"):
                left = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
                assert left == int(is_written)
