"""The plain rows around the sealed ones: who changes one in SQL opens nothing, and is noticed.

Played through the product, for the rows of releases and participants are made by its services.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Column, select, text
from sqlalchemy.types import TypeDecorator

from audit.entries import Action, Entry
from config.database import db, stores
from config.errors import NotFoundError
from config.ids import new_id
from pga.cases.models import BOUND_BY, Case
from pga.dossier.service import people
from pga.records import rules, skeleton
from pga.records.errors import CaseFaultError, StaleDecisionError
from pga.records.service import open_items, writing
from pga.records.service.checking import check_everything
from pga.records.service.destruction import approve_destruction, propose_destruction
from pga.records.service.shredding import shred
from pga.records.skeleton import MOVES, Seen, _plain, bound_tables, read_digests
from pga.sharing.service import voluntary
from pga.sharing.service.disclose import disclose_one
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene
from tests.factories.snapshots import Played
from tests.records.test_destruction import person
from tests.records.world import World, create

TABLES = {
    "case_file",
    "case_participant",
    "case_replacement",
    "disclosure_decision",
    "guardian_relation",
    "release_answer",
    "secrecy_release",
    "voluntary_consent",
    "weighing_note",
}


def released(scene: Scene) -> bytes:
    """Play a case with a row in every table that decides who reads."""
    case_id = scene.case("GGZ", "POL", "JHA")
    desk = scene.desk("POL", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "POL")
    people.stand_in(desk, mine.id, scene.who("POL", "Colleague").person_id, desk.today)
    lead = scene.desk("GCR", case_id)
    voluntary.record_consent(lead, scene.organisation("JHA"), "JHA", "spoken", lead.today)
    scene.guardian(case_id)
    scene.release(case_id, "GGZ", ["D07"], "JHA", confirmed=False)
    scene.decide(case_id, "POL", ["D14"], "JHA")
    return case_id


def run(statement: str, **values: object) -> None:
    """Change the app store as its owner could; no foreign key stands in the way."""
    with stores().app.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.execute(text(statement), values)
        connection.commit()


def rows(table: str, case_id: bytes) -> list[dict[str, object]]:
    """Copy the rows of a case."""
    query = text(f"SELECT * FROM {table} WHERE case_id = :c")  # noqa: S608
    with stores().app.connect() as connection:
        return [dict(row) for row in connection.execute(query, {"c": case_id}).mappings()]


def insert(table: str, row: dict[str, object]) -> bytes:
    """Insert a row under an id of its own; gives the id."""
    row_id = new_id()
    values = {**row, "id": row_id}
    places = ", ".join(f":{name}" for name in values)
    run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", **values)  # noqa: S608
    return row_id


def joins(case_id: bytes) -> None:
    """Name an accomplice in the case, for everything a real participant was named for."""
    insert("case_participant", {**rows("case_participant", case_id)[0], "person_id": b"x" * 16})


def changes_places(case_id: bytes) -> None:
    """Let an accomplice take the place of a participant."""
    chosen = rows("case_participant", case_id)[0]["id"]
    run("UPDATE case_participant SET person_id = :p WHERE id = :i", p=b"x" * 16, i=chosen)


def stays(case_id: bytes) -> None:
    """Let the tasks of everybody run on."""
    run("UPDATE case_participant SET until_on = '2099-01-01' WHERE case_id = :c", c=case_id)


def leaves(case_id: bytes) -> None:
    """Take a participant away."""
    run("DELETE FROM case_participant WHERE case_id = :c AND partner = 'POL'", c=case_id)


def releases(case_id: bytes) -> None:
    """Copy a release, and confirm it."""
    row = rows("secrecy_release", case_id)[0]
    insert("secrecy_release", {**row, "confirmed_at": row["recorded_at"]})


def answers(case_id: bytes) -> None:
    """Let somebody who must answer agree."""
    _ = case_id
    run("UPDATE release_answer SET guardian_id = :g", g=b"x" * 16)


def decides(case_id: bytes) -> None:
    """Widen a decision of the police."""
    run("""UPDATE disclosure_decision SET categories = '["D05"]' WHERE case_id = :c""", c=case_id)


def under_another_agreement(case_id: bytes) -> None:
    """Bring the case under a version that gives more."""
    with stores().app.connect() as connection:
        (agreement,) = connection.execute(text("SELECT * FROM agreement")).mappings()
    other = insert("agreement", {**agreement, "version": "other", "policy_hash": "other"})
    run("UPDATE case_file SET agreement_id = :a WHERE id = :c", a=other, c=case_id)


def unsealed(case_id: bytes) -> None:
    """Take the seal away, as if the case were older than seals are."""
    joins(case_id)
    run("UPDATE case_manifest SET skeleton = NULL WHERE case_id = :c", c=case_id)


DEEDS = [
    joins,
    changes_places,
    stays,
    leaves,
    releases,
    answers,
    decides,
    under_another_agreement,
    unsealed,
]


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_a_row_that_decides_who_reads_is_not_changed_unnoticed(
    play: Play, deed: Callable[[bytes], None]
) -> None:
    played = play(released)
    assert check_everything().problems == []
    deed(played.made)
    assert check_everything().problems == [f"skeleton: {played.made.hex()}"]
    refuses_to_be_opened(played)
    refuses_to_be_written(played)


def refuses_to_be_opened(played: Played[bytes]) -> None:
    """Nobody is shown anything on a row that no write left so."""
    with pytest.raises(CaseFaultError) as fault:
        disclose_one(played.scene.who("GCR").viewer, played.made)
    assert fault.value.reason == "skeleton"
    assert entries_of(played.app, Action.OUTCOME)[-1].reason == "integrity-fault: skeleton"


def refuses_to_be_written(played: Played[bytes]) -> None:
    """A write never makes a tampered row good."""
    with pytest.raises(CaseFaultError) as fault:
        writing.write(
            Entry(Action.UPDATE, person("a"), played.made.hex(), case_id=played.made.hex()),
            played.made,
        )
    assert fault.value.reason == "skeleton"
    assert entries_of(played.app, Action.OUTCOME)[-1].reason == "integrity-fault: skeleton"


JUNK: Mapping[type, object] = {
    bool: True,
    bytes: b"x" * 16,
    date: "2031-01-01",
    datetime: "2031-01-01 00:00:00.000000",
    int: 7,
    object: '["x"]',
    str: "x",
}


def junk(column: Column[Any]) -> object:
    """Give another value that a column can hold."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return JUNK[kind.python_type]


def test_every_column_of_every_row_that_decides_counts(play: Play) -> None:
    played = play(released)
    tried = set()
    for made_once in (skeleton._gathered, skeleton._columns, skeleton._values, skeleton._parent):
        made_once.cache_clear()
    with stores().app.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        before = read_digests(connection, [played.made])
        for table in bound_tables():
            for column in table.c:
                if column.name in MOVES or column.name == table.info[BOUND_BY]:
                    continue
                change = text(f"UPDATE {table.name} SET {column.name} = :v")  # noqa: S608
                if column.primary_key:
                    change = text(f"UPDATE {table.name} SET {column.name} = :v WHERE rowid = 1")  # noqa: S608
                connection.execute(change, {"v": junk(column)})
                assert read_digests(connection, [played.made]) != before, (table.name, column.name)
                connection.rollback()
                tried.add(table.name)
    assert tried == TABLES


def test_rows_are_the_same_in_whatever_order_they_are_read(play: Play) -> None:
    played = play(released)
    with stores().app.connect() as connection:
        both = read_digests(connection, [played.made, b"n" * 16])
    assert both[b"n" * 16] == rules.digest_rows([])
    assert rules.digest_rows(["a", "b"]) == rules.digest_rows(["b", "a"]) != rules.digest_rows("a")


def test_an_old_seal_put_back_with_its_rows_is_noticed(play: Play) -> None:
    played = play(released)
    case_id = played.made
    seal, people = rows("case_manifest", case_id)[0]["skeleton"], rows("case_participant", case_id)
    played.scene.join(case_id, "SCH")
    assert check_everything().problems == []
    joined = {row["id"] for row in rows("case_participant", case_id)} - {r["id"] for r in people}
    run("DELETE FROM case_participant WHERE id = :i", i=joined.pop())
    run("UPDATE case_manifest SET skeleton = :s WHERE case_id = :c", s=seal, c=case_id)
    assert check_everything().problems == [f"skeleton: {case_id.hex()}"]


def test_a_case_of_before_the_seal_is_whole_and_its_next_write_seals_it(world: World) -> None:
    plainly = partial(rules.manifest_message, has_skeleton=False)
    with (
        patch.object(writing, "manifest_message", plainly),
        patch.object(writing, "seal", lambda *_: None),
    ):
        case_id = world.start()
    assert world.read(case_id) == ["noted"]
    assert check_everything().problems == []
    world.write(case_id, create("sealed now"))
    assert check_everything().problems == []
    world.sql("UPDATE case_manifest SET skeleton = NULL")
    assert check_everything().problems == [f"skeleton: {case_id.hex()}"]


def test_who_was_put_in_by_the_database_owner_reads_nothing(play: Play) -> None:
    played = play(released)
    accomplice = played.scene.who("SCH").viewer
    with pytest.raises(NotFoundError):
        disclose_one(accomplice, played.made)
    row = rows("case_participant", played.made)[0]
    place = accomplice.places[0]
    mine = {
        "person_id": accomplice.person_id,
        "organisation_id": place.organisation_id,
        "partner": place.partner,
    }
    insert("case_participant", {**row, **mine})
    with pytest.raises(CaseFaultError):
        disclose_one(accomplice, played.made)


def test_a_write_between_a_decision_and_the_opening_is_no_fault(world: World) -> None:
    case_id = world.start()
    seen = seen_of(case_id)
    world.write(case_id, create("another"))
    assert open_items([world.ask(case_id)._replace(seen=seen)]).whole()
    world.write(case_id, then=lambda: end_signal(case_id))
    with pytest.raises(StaleDecisionError):
        open_items([world.ask(case_id)._replace(seen=seen)])
    assert open_items([world.ask(case_id)._replace(seen=seen_of(case_id))]).whole()


def seen_of(case_id: bytes) -> Seen:
    """See the plain rows of a case as they stand."""
    with stores().app.connect() as connection:
        digest = read_digests(connection, [case_id])[case_id]
        version = connection.scalar(select(Case.version).where(Case.id == case_id))
    assert version is not None
    return Seen(version, digest)


def test_a_category_is_not_shredded_on_rows_that_were_changed(world: World) -> None:
    case_id = world.start(create(), create("identity", category="D01"))
    record_id = propose_destruction(person("a"), case_id, "term", "D05")
    for who in "bc":
        approve_destruction(person(who), record_id)
    world.sql("UPDATE case_file SET purpose = 'ORDER'")
    with pytest.raises(CaseFaultError):
        shred(person("d"), record_id)
    world.sql("UPDATE case_file SET purpose = 'HELP'")
    shred(person("d"), record_id)
    assert check_everything().problems == []
    assert world.read(case_id) == ["identity"]


def test_a_case_that_moves_while_it_is_checked_is_not_faulty(world: World) -> None:
    case_id = world.start()
    read = read_digests

    def overtaken(*asked: object) -> dict[bytes, bytes]:
        found = read(*asked)  # type: ignore[arg-type]
        world.write(case_id, then=lambda: end_signal(case_id))
        return found

    with patch("pga.records.service.checking.read_digests", overtaken):
        assert check_everything().problems == []


def end_signal(case_id: bytes) -> None:
    """Change a plain row, as a write does."""
    db.session.get_one(Case, case_id).state = "triage"


def test_a_value_that_has_no_written_form_is_not_sealed_as_something_else() -> None:
    with pytest.raises(TypeError):
        _plain(object())
