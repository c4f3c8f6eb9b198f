"""Destruction: by record, by two people, never under legal hold, and for good."""

from contextlib import AbstractContextManager
from dataclasses import replace
from unittest.mock import patch

import pytest
from sqlalchemy import text

from audit import gate
from audit.entries import Actor, Entry
from audit.gate import Receipt
from config.database import db, stores
from config.errors import ConflictError, NotFoundError
from config.ids import new_id
from config.keys import kek
from pga.records import service as records
from pga.records.errors import (
    CaseFaultError,
    ErasedError,
    LegalHoldError,
    StaleDecisionError,
    TwoPeopleError,
)
from pga.records.identity import Identity, RegionIndex
from pga.records.service import shredding
from pga.records.service.checking import check_everything
from pga.records.service.destruction import (
    approve_destruction,
    lift_hold,
    place_hold,
    propose_destruction,
    read_destruction,
    refuse_on_hold,
    withdraw_destruction,
)
from pga.records.service.shredding import shred
from pga.records.service.upkeep import sweep
from tests.records.world import ACTOR, PERSON, REGION, World, create

WHO = Identity(bsn="111222333")
BASIS = "term of the agreement"


def person(letter: str) -> Actor:
    return replace(ACTOR, person=letter.encode().hex() * 16, role="privacy_officer")


def approved(case_id: bytes, category: str | None = None) -> bytes:
    record_id = propose_destruction(person("a"), case_id, BASIS, category)
    approve_destruction(person("b"), record_id)
    approve_destruction(person("c"), record_id)
    return record_id


def left(case_id: bytes) -> dict[str, int]:
    """What is stored of a case: keys, index rows, rows."""
    found = {}
    for engine, tables in (
        (stores().keys, ("case_key", "data_key")),
        (stores().app, ("sealed_item", "item_version")),
    ):
        with engine.connect() as connection:
            for table in tables:
                query = text(f"SELECT count(*) FROM {table} WHERE case_id = :c")  # noqa: S608
                found[table] = int(connection.execute(query, {"c": case_id}).scalar_one())
    with stores().keys.connect() as connection:
        candidates = RegionIndex(kek(), REGION).candidates(connection, WHO)
    found["identity_index"] = candidates.count(case_id)
    return found


def fill(world: World) -> bytes:
    """A case with two categories, an earlier version, index rows and a draft."""
    case_id = world.start(create("identity", category="D01"), create("police"), index=[WHO])
    item = next(item for item in world.items(case_id) if item.category == "D05")
    world.write(
        case_id,
        records.Revise(item_id=item.id, content={"text": "corrected"}, author_person_id=PERSON),
    )
    records.save_draft(PERSON, "contribution", {"text": "draft"}, case_id=case_id)
    return case_id


def test_a_shredded_case_leaves_nothing_to_read(world: World) -> None:
    case_id, other = fill(world), fill(world)
    record_id = approved(case_id)

    assert shred(person("d"), record_id) == 3

    assert set(left(case_id).values()) == {0}
    assert left(other) == {
        "case_key": 1,
        "data_key": 2,
        "sealed_item": 2,
        "item_version": 1,
        "identity_index": 1,
    }
    assert [draft.case_id for draft in records.drafts_of(PERSON)] == [other]
    assert read_destruction(record_id).is_executed
    assert check_everything().problems == []


def test_a_shredded_case_is_gone_not_faulty(world: World) -> None:
    case_id = fill(world)
    asked = world.ask(case_id)
    db.session.expunge_all()
    shred(person("d"), approved(case_id))

    with pytest.raises(StaleDecisionError):
        records.open_items([asked])
    with pytest.raises(ErasedError):
        world.write(case_id, create())
    with pytest.raises(ErasedError):
        place_hold(person("a"), case_id, "objection")
    assert world.items(case_id) == []


def test_a_shredded_category_leaves_the_rest_of_the_case(world: World) -> None:
    case_id = fill(world)
    shred(person("d"), approved(case_id, "D05"))

    assert world.read(case_id) == ["identity"]
    assert left(case_id) == {
        "case_key": 1,
        "data_key": 1,
        "sealed_item": 1,
        "item_version": 0,
        "identity_index": 1,
    }
    world.write(case_id, create("new police item"))
    assert sorted(world.read(case_id)) == ["identity", "new police item"]
    assert check_everything().problems == []


def test_shredding_the_identity_also_empties_the_index(world: World) -> None:
    case_id = fill(world)

    shred(person("d"), approved(case_id, "D01"))

    assert left(case_id)["identity_index"] == 0
    assert world.read(case_id) == ["corrected"]


def test_an_old_copy_of_the_rows_cannot_be_read_after_shredding(world: World) -> None:
    case_id = fill(world)
    with stores().app.connect() as connection:
        query = text("SELECT blob, kid FROM sealed_item WHERE case_id = :c")
        old = [tuple(row) for row in connection.execute(query, {"c": case_id})]
    shred(person("d"), approved(case_id))

    with stores().keys.connect() as connection:
        kids = set(connection.execute(text("SELECT kid FROM data_key")).scalars())
    assert not kids & {bytes(kid) for _, kid in old}


def test_a_destruction_is_in_the_log_without_names(world: World) -> None:
    case_id = world.start()
    shred(person("d"), approved(case_id))

    assert world.logged() == ["CREATE", "applied", *["DESTROY"] * 4, "applied"]


def test_one_person_is_not_enough(world: World) -> None:
    case_id = world.start()
    record_id = propose_destruction(person("a"), case_id, BASIS)
    with pytest.raises(TwoPeopleError):
        shred(person("d"), record_id)
    approve_destruction(person("b"), record_id)

    with pytest.raises(TwoPeopleError):
        approve_destruction(person("b"), record_id)
    with pytest.raises(TwoPeopleError):
        shred(person("d"), record_id)
    assert world.read(case_id) == ["noted"]


def test_a_third_approval_and_a_second_shredding_are_conflicts(world: World) -> None:
    case_id = world.start()
    record_id = approved(case_id)
    with pytest.raises(ConflictError):
        approve_destruction(person("e"), record_id)
    shred(person("d"), record_id)

    with pytest.raises(ConflictError):
        shred(person("d"), record_id)


def test_two_who_approve_at_the_same_moment_count_once(world: World) -> None:
    record_id = propose_destruction(person("a"), world.start(), BASIS)
    before = read_destruction(record_id)
    approve_destruction(person("b"), record_id)

    with (
        patch("pga.records.service.destruction.read_destruction", lambda _: before),
        pytest.raises(ConflictError),
    ):
        approve_destruction(person("c"), record_id)
    assert read_destruction(record_id).first_approver == b"b" * 16


def test_there_is_no_destruction_without_a_record(world: World) -> None:
    _ = world
    with pytest.raises(NotFoundError):
        shred(person("d"), new_id())


def test_a_case_under_legal_hold_is_not_destroyed(world: World) -> None:
    case_id = fill(world)
    record_id = approved(case_id)
    place_hold(person("a"), case_id, "complaint")
    place_hold(person("a"), case_id, "court case")
    before = left(case_id)

    with pytest.raises(LegalHoldError):
        shred(person("d"), record_id)
    assert left(case_id) == before
    assert len(world.read(case_id)) == 2

    lift_hold(person("a"), case_id, "judgment")
    shred(person("d"), record_id)
    assert set(left(case_id).values()) == {0}


def test_a_hold_placed_while_shredding_begins_still_stops_it(world: World) -> None:
    case_id = fill(world)
    record_id, before = approved(case_id), left(case_id)
    calls: list[bytes] = []

    def late(connection: object, case: bytes) -> None:
        refuse_on_hold(connection, case)  # type: ignore[arg-type]
        if not calls:
            place_hold(person("a"), case_id, "court case")
        calls.append(case)

    with patch.object(shredding, "refuse_on_hold", late), pytest.raises(LegalHoldError):
        shred(person("d"), record_id)

    assert left(case_id) == before
    assert len(world.read(case_id)) == 2


def test_a_case_without_keys_gets_no_hold(world: World) -> None:
    case_id = world.start()
    world.sql_keys("DELETE FROM case_key")

    with pytest.raises(CaseFaultError):
        place_hold(person("a"), case_id, "complaint")


@pytest.mark.parametrize("category", [None, "D05"])
def test_a_shredding_cut_off_before_the_rows_is_finished_by_the_sweep(
    world: World, category: str | None
) -> None:
    case_id = fill(world)
    record_id = approved(case_id, category)
    with (
        patch.object(shredding, "_remove_rows", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        shred(person("d"), record_id)
    assert left(case_id)["sealed_item"] == 2
    with pytest.raises(ErasedError):
        world.read(case_id)
    if category is not None:
        world.write(case_id, create("written after the shredding"))

    assert sweep().destructions == 1

    assert read_destruction(record_id).is_executed
    assert left(case_id)["sealed_item"] == (0 if category is None else 2)
    if category is not None:
        assert sorted(world.read(case_id)) == ["identity", "written after the shredding"]
    assert check_everything().problems == []
    assert sweep().destructions == 0


def overtaking(world: World, case_id: bytes, times: int) -> AbstractContextManager[object]:
    """Let a writer be first just before the rows are removed."""
    remove, remaining = shredding._remove_rows, [times]

    def late(*args: object) -> None:
        if remaining[0] > 0:
            remaining[0] -= 1
            world.write(case_id, create("meanwhile", category="D15"))
        remove(*args)  # type: ignore[arg-type]

    return patch.object(shredding, "_remove_rows", late)


def test_a_shredding_that_is_overtaken_tries_again(world: World) -> None:
    case_id = fill(world)
    with overtaking(world, case_id, 2):
        shred(person("d"), approved(case_id, "D05"))

    assert sorted(world.read(case_id)) == ["identity", "meanwhile", "meanwhile"]


def test_a_shredding_that_is_overtaken_again_and_again_is_a_conflict(world: World) -> None:
    case_id = fill(world)
    record_id = approved(case_id, "D05")
    with overtaking(world, case_id, 9), pytest.raises(ConflictError):
        shred(person("d"), record_id)

    shred(person("d"), record_id)
    assert sorted(world.read(case_id)) == ["identity", *["meanwhile"] * 5]


def test_a_faulty_case_is_not_shredded_by_category(world: World) -> None:
    case_id = fill(world)
    record_id = approved(case_id, "D05")
    world.sql_keys("UPDATE case_key SET wrapped = :junk", junk=b"j" * 60)

    with pytest.raises(CaseFaultError):
        shred(person("d"), record_id)
    world.sql_keys("DELETE FROM case_key")
    with pytest.raises(CaseFaultError):
        shred(person("d"), record_id)


def test_a_removed_category_raises_the_epoch(world: World) -> None:
    case_id = fill(world)
    before = world.epoch(case_id)

    shred(person("d"), approved(case_id, "D05"))

    assert world.epoch(case_id) == before + 1


def test_a_proposal_that_is_approved_while_it_is_withdrawn_stays(world: World) -> None:
    case_id = world.start(create("kept"))
    record_id = propose_destruction(person("a"), case_id, BASIS)
    approve_destruction(person("b"), record_id)
    entered = gate.record

    def approve_meanwhile(entry: Entry) -> Receipt:
        with patch.object(gate, "record", entered):
            approve_destruction(person("c"), record_id)
        return entered(entry)

    with (
        patch.object(gate, "record", approve_meanwhile),
        pytest.raises(ConflictError),
    ):
        withdraw_destruction(person("a"), record_id, "no longer needed")
    assert read_destruction(record_id).second_approver is not None
