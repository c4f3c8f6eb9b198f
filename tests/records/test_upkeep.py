"""Rotation, sweep and the check of everything, in code and as commands."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import text

from config import keys
from config.clock import FrozenClock
from config.database import settings, stores
from config.ids import new_id
from config.keys import KekProvider, LocalKek, kek, make_key_file
from pga.records import queries
from pga.records import service as records
from pga.records.cli import keys as keys_group
from pga.records.errors import CaseFaultError
from pga.records.identity import Identity
from pga.records.keyring import NewSeals, writing_keys
from pga.records.rules import ItemStatus
from pga.records.service import upkeep
from pga.records.service.checking import check_everything
from pga.records.service.upkeep import rotate, sweep, tidy
from tests.records.test_destruction import approved, fill
from tests.records.world import ACTOR, PERSON, REGION, World, create

WHO = Identity(bsn="111222333")


def use_kek(provider: KekProvider) -> None:
    current_app.extensions["kek"] = provider


def add_kek_version() -> None:
    """Add a version to the key file and open it, as an operator does before a rotation."""
    make_key_file(Path(settings().kek.removeprefix("file:")))
    keys.init_app(current_app._get_current_object())  # type: ignore[attr-defined]


def run(command: str, *arguments: str) -> tuple[int, str]:
    """Run a command of the group as the product's command line does."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "keys" not in app.cli.commands:
        app.cli.add_command(keys_group)
    result = app.test_cli_runner().invoke(args=["keys", command, *arguments])
    return result.exit_code, result.output


def test_after_a_rotation_nothing_needs_the_old_kek(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    cases = [world.start(create(str(n))) for n in range(3)]
    draft_id = records.save_draft(PERSON, "signal", {"text": "draft"})
    add_kek_version()
    assert kek().version == 2
    heard: list[tuple[int, int]] = []

    rotated = rotate(lambda done, total: heard.append((done, total)))

    assert (rotated.done, rotated.failed) == (4, [])
    assert heard == [(2, 4), (4, 4)]
    for table in ("case_key", "draft_key"):
        with stores().keys.connect() as connection:
            rows = connection.execute(text(f"SELECT kek_version, wrapped FROM {table}")).all()  # noqa: S608
        assert {(row.kek_version, bytes(row.wrapped[:2])) for row in rows} == {(2, b"\0\2")}
    assert [world.read(case_id) for case_id in cases] == [["0"], ["1"], ["2"]]
    assert records.open_draft(ACTOR, draft_id) == {"text": "draft"}
    assert rotate(lambda _done, _total: None).done == 0


def test_new_keys_are_wrapped_under_the_newest_version(world: World) -> None:
    add_kek_version()
    world.start()

    assert rotate(lambda _done, _total: None).done == 0


def test_a_key_that_does_not_open_stays_and_is_reported(world: World) -> None:
    case_id, whole = world.start(), world.start()
    world.sql_keys("UPDATE case_key SET wrapped = :j WHERE case_id = :c", j=b"j" * 60, c=case_id)
    add_kek_version()

    rotated = rotate(lambda _done, _total: None)

    assert (rotated.done, rotated.failed) == (1, [case_id.hex()])
    assert world.read(whole) == ["noted"]


def test_a_case_opens_only_with_its_own_kek(world: World) -> None:
    case_id = world.start()
    mine = kek()
    asked = world.ask(case_id)
    use_kek(LocalKek([os.urandom(32)], "another"))
    with pytest.raises(CaseFaultError):
        records.open_items([asked]).whole()
    use_kek(mine)

    assert world.read(case_id) == ["noted"]


def test_two_writers_who_make_the_same_data_key_use_one(world: World) -> None:
    case_id = world.start(create(category="D15"))
    seals = NewSeals(case_id, REGION, frozenset({"D05"}))
    real = kek()

    class Slow:
        """A provider during whose unwrapping another writer makes the key."""

        def unwrap(self, blob: bytes, aad: bytes) -> bytearray:
            use_kek(real)
            with writing_keys(real, seals):
                pass
            return real.unwrap(blob, aad)

    with writing_keys(Slow(), seals) as opened:  # type: ignore[arg-type]
        assert "D05" in opened.by_category
    with stores().keys.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM data_key")).scalar_one()
    assert count == 2


def test_the_sweep_leaves_living_cases_and_their_unused_keys(
    world: World, clock: FrozenClock
) -> None:
    case_id = world.start(index=[WHO])
    with writing_keys(kek(), NewSeals(case_id, REGION, frozenset({"D15"}))):
        pass
    clock.advance(timedelta(days=30))

    swept = sweep()

    assert (swept.cases, swept.index_rows, swept.drafts, swept.destructions) == (0, 0, 0, 0)
    assert world.read(case_id) == ["noted"]
    world.write(case_id, create("uses the key", category="D15"))
    assert sorted(world.read(case_id)) == ["noted", "uses the key"]


def test_the_sweep_removes_keys_of_a_case_that_never_came_to_be_after_a_day(
    world: World, clock: FrozenClock
) -> None:
    seals = NewSeals(b"n" * 16, REGION, frozenset({"D05"}), is_new_case=True)
    with writing_keys(kek(), seals):
        pass
    assert sweep().cases == 0
    clock.advance(timedelta(days=1, seconds=1))

    assert sweep().cases == 1
    assert sweep().cases == 0
    assert world.logged() == []


def test_the_sweep_keeps_the_keys_of_a_case_that_somebody_removed(
    world: World, clock: FrozenClock
) -> None:
    case_id = world.start(index=[WHO])
    for table, column in (
        ("sealed_item", "case_id"),
        ("case_manifest", "case_id"),
        ("case_file", "id"),
    ):
        world.sql(f"DELETE FROM {table} WHERE {column} = :c", c=case_id)  # noqa: S608
    clock.advance(timedelta(days=2))

    swept = sweep()

    assert (swept.cases, swept.index_rows) == (0, 0)
    assert check_everything().problems == [f"log: {case_id.hex()}"]


def test_the_sweep_removes_draft_keys_nobody_uses(world: World, clock: FrozenClock) -> None:
    kept = records.save_draft(PERSON, "signal", {"text": "kept"})
    records.save_draft(PERSON, "signal", {"text": "lost"})
    world.sql("DELETE FROM draft WHERE id <> :id", id=kept)
    assert sweep().drafts == 0
    clock.advance(timedelta(days=2))

    assert sweep().drafts == 1
    assert records.open_draft(ACTOR, kept) == {"text": "kept"}


def test_the_job_purges_drafts_and_sweeps(world: World, clock: FrozenClock) -> None:
    records.save_draft(PERSON, "signal", {"text": "old"})
    clock.advance(timedelta(days=15))

    tidy()

    assert records.drafts_of(PERSON) == []
    assert world.logged() == []


def test_the_check_counts_cases_and_keys(world: World) -> None:
    world.start(create(), create(category="D15"), index=[WHO])
    records.save_draft(PERSON, "signal", {"text": "draft"})

    checked = check_everything()

    assert (checked.cases, checked.keys, checked.problems) == (1, 4, [])


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE case_key SET wrapped = :junk WHERE case_id = :c", "seal"),
        ("UPDATE data_key SET commitment = :junk WHERE case_id = :c", "seal"),
        ("DELETE FROM case_key WHERE case_id = :c", "keys"),
    ],
)
def test_the_check_names_doctored_keys(world: World, statement: str, problem: str) -> None:
    case_id = world.start()
    world.start()
    bound = {"junk": b"j" * 60} if ":junk" in statement else {}

    world.sql_keys(statement, c=case_id, **bound)

    assert check_everything().problems == [f"{problem}: {case_id.hex()}"]


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE sealed_item SET purpose = 'ORDER' WHERE case_id = :c", "item"),
        ("UPDATE case_manifest SET leaves = :junk WHERE case_id = :c", "manifest"),
        ("UPDATE case_file SET version = 7 WHERE id = :c", "log"),
    ],
)
def test_the_check_names_cases_that_are_not_whole(
    world: World, statement: str, problem: str
) -> None:
    case_id = world.start()
    world.start()
    bound = {"junk": bytes(72)} if ":junk" in statement else {}

    world.sql(statement, c=case_id, **bound)

    assert check_everything().problems == [f"{problem}: {case_id.hex()}"]


def test_the_check_names_doctored_drafts_and_index_rows(world: World) -> None:
    world.start(index=[WHO])
    draft_id = records.save_draft(PERSON, "signal", {"text": "draft"})
    world.sql_keys("UPDATE draft_key SET wrapped = :junk", junk=b"j" * 60)
    world.sql_keys("UPDATE identity_index SET handle = :junk", junk=b"j" * 44)

    problems = check_everything().problems

    assert problems[0] == f"draft key: {draft_id.hex()}"
    assert problems[1].startswith("index: ")


def test_a_write_during_the_check_is_no_problem(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = world.start()
    read, left = queries.read_rows, [1]

    def overtaken(*args: object) -> object:
        if left:
            left.pop()
            world.write(case_id, records.SetStatus(world.items(case_id)[0].id, ItemStatus.CURRENT))
            world.write(case_id, create("meanwhile"))
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(queries, "read_rows", overtaken)

    assert check_everything().problems == []


def test_an_orphan_key_is_no_problem_for_the_check(world: World) -> None:
    with writing_keys(kek(), NewSeals(new_id(), REGION, frozenset({"D05"}), is_new_case=True)):
        pass
    world.start()

    checked = check_everything()
    assert (checked.cases, checked.problems) == (1, [])


def test_keys_verify_says_what_it_checked(world: World) -> None:
    case_id = world.start()
    code, output = run("verify")
    assert (code, "1 cases, 2 keys, 0 problems" in output) == (0, True)

    world.sql("UPDATE sealed_item SET purpose = 'ORDER'")

    code, output = run("verify")
    assert (code, f"item: {case_id.hex()}" in output) == (1, True)


def test_keys_rotate_shows_progress_and_fails_for_a_key_that_does_not_open(world: World) -> None:
    world.start()
    add_kek_version()
    code, output = run("rotate")
    assert (code, "1 of 1 keys" in output) == (0, True)

    case_id = world.start()
    world.sql_keys("UPDATE case_key SET wrapped = :j WHERE case_id = :c", j=b"j" * 60, c=case_id)
    add_kek_version()
    code, output = run("rotate")
    assert (code, f"left as it was: {case_id.hex()}" in output) == (1, True)


def test_keys_shred_needs_an_approved_record(world: World) -> None:
    case_id = fill(world)
    assert run("shred", "nonsense")[0] == 2
    assert run("shred", new_id().hex())[0] == 1

    code, output = run("shred", approved(case_id).hex())

    assert (code, "3 rows removed" in output) == (0, True)
