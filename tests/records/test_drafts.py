"""Drafts: kept sealed, readable by their author alone, gone in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from config.clock import FrozenClock
from config.database import db, stores
from config.errors import IntegrityFaultError, NotFoundError
from config.ids import new_id
from pga.records import service as records
from pga.records.models import Draft
from tests.records.world import ACTOR, PERSON, World

STRANGER = b"s" * 16
TYPED = {"text": "half a sentence"}


def count_keys() -> int:
    with stores().keys.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM draft_key")).scalar_one())


@pytest.mark.parametrize("case_id", [None, b"c" * 16])
def test_a_draft_gives_its_author_the_text_back(world: World, case_id: bytes | None) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED, case_id=case_id)

    assert records.open_draft(ACTOR, draft_id) == TYPED
    assert world.logged() == ["CONSULT"]


def test_saving_a_draft_makes_no_entry_and_shows_no_text(world: World) -> None:
    records.save_draft(PERSON, "contribution", TYPED)

    assert world.logged() == []
    for engine, table in ((stores().app, "draft"), (stores().keys, "draft_key")):
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
        assert b"sentence" not in repr(rows).encode()


def test_a_draft_opens_for_nobody_else(world: World) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED)
    stranger = replace(ACTOR, person=STRANGER.hex())

    for actor, address in ((stranger, draft_id), (ACTOR, new_id())):
        with pytest.raises(NotFoundError):
            records.open_draft(actor, address)
    assert world.logged() == []


def test_a_draft_is_overwritten_by_nobody_else(world: World) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED)

    with pytest.raises(NotFoundError):
        records.save_draft(STRANGER, "contribution", {"text": "mine now"}, draft_id=draft_id)
    records.delete_draft(STRANGER, draft_id)
    assert records.open_draft(ACTOR, draft_id) == TYPED
    assert world.logged() == ["CONSULT"]


def test_each_save_has_a_fresh_key_and_ends_the_one_before(world: World) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED)
    before = db.session.get_one(Draft, draft_id).kid
    old = db.session.get_one(Draft, draft_id).blob

    assert records.save_draft(PERSON, "contribution", {"text": "more"}, draft_id=draft_id) == (
        draft_id
    )
    assert records.open_draft(ACTOR, draft_id) == {"text": "more"}
    assert db.session.get_one(Draft, draft_id).kid != before
    assert count_keys() == 1

    world.sql("UPDATE draft SET kid = :kid, blob = :blob", kid=before, blob=old)
    db.session.rollback()
    with pytest.raises(IntegrityFaultError):
        records.open_draft(ACTOR, draft_id)
    assert world.logged() == ["CONSULT", "CONSULT", "outcome"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE draft SET person_id = :other",
        "UPDATE draft SET case_id = :other",
        "UPDATE draft SET form = 'signal'",
        "UPDATE draft SET blob = :other",
        "UPDATE draft SET id = :other",
    ],
)
def test_a_changed_or_moved_draft_does_not_open(world: World, change: str) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED, case_id=b"c" * 16)

    world.sql(change, **({"other": STRANGER} if ":other" in change else {}))
    db.session.rollback()

    reader = replace(ACTOR, person=STRANGER.hex()) if "person_id" in change else ACTOR
    with pytest.raises(IntegrityFaultError):
        records.open_draft(reader, STRANGER if "SET id" in change else draft_id)


@pytest.mark.parametrize("column", ["wrapped", "commitment"])
def test_a_doctored_key_of_a_draft_does_not_open(world: World, column: str) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED)

    world.sql_keys(f"UPDATE draft_key SET {column} = :junk", junk=b"j" * 60)  # noqa: S608

    with pytest.raises(IntegrityFaultError):
        records.open_draft(ACTOR, draft_id)


def test_a_person_sees_own_drafts_newest_first(world: World, clock: FrozenClock) -> None:
    first = records.save_draft(PERSON, "contribution", TYPED, case_id=b"c" * 16)
    clock.advance(timedelta(minutes=1))
    second = records.save_draft(PERSON, "signal", TYPED)
    records.save_draft(STRANGER, "signal", TYPED)

    assert [draft.id for draft in records.drafts_of(PERSON)] == [second, first]
    assert [draft.id for draft in records.drafts_of(PERSON, b"c" * 16)] == [first]
    assert world.logged() == []


def test_a_draft_goes_when_its_form_is_submitted(world: World) -> None:
    draft_id = records.save_draft(PERSON, "contribution", TYPED)

    records.delete_draft(PERSON, draft_id)

    assert (records.drafts_of(PERSON), count_keys()) == ([], 0)
    assert world.logged() == []


def test_drafts_go_when_the_role_is_lost(world: World) -> None:
    for case_id in (b"c" * 16, b"d" * 16, None):
        records.save_draft(PERSON, "contribution", TYPED, case_id=case_id)
    kept = records.save_draft(STRANGER, "contribution", TYPED, case_id=b"c" * 16)

    assert records.delete_drafts(PERSON, b"c" * 16) == 1
    assert records.delete_drafts(PERSON) == 2
    assert [draft.id for draft in records.drafts_of(STRANGER)] == [kept]
    assert count_keys() == 1
    assert world.logged() == []


def test_drafts_go_after_fourteen_days(world: World, clock: FrozenClock) -> None:
    records.save_draft(PERSON, "contribution", TYPED)
    clock.advance(timedelta(days=14))
    kept = records.save_draft(PERSON, "contribution", TYPED)
    assert records.purge_drafts() == 0

    clock.advance(timedelta(seconds=1))

    assert records.purge_drafts() == 1
    assert [draft.id for draft in records.drafts_of(PERSON)] == [kept]
    assert world.logged() == []


def test_a_draft_saved_in_another_tab_keeps_its_key(world: World) -> None:
    """Only the key of the replaced save goes, however two saves interleave."""
    draft_id = records.save_draft(PERSON, "contribution", TYPED)

    records.save_draft(PERSON, "contribution", {"text": "tab one"}, draft_id=draft_id)
    records.save_draft(PERSON, "contribution", {"text": "tab two"}, draft_id=draft_id)

    assert records.open_draft(ACTOR, draft_id) == {"text": "tab two"}
    assert count_keys() == 1
    assert world.logged() == ["CONSULT"]
