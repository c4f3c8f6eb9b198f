"""Writing a case: what is kept, what is refused, and what the log says of it."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import text

from audit.entries import Action
from config.clock import FrozenClock
from config.database import db, fresh_connection, stores
from config.errors import ConflictError, NotFoundError
from config.ids import new_id
from config.keys import kek
from pga.cases.models import Case
from pga.cases.service import touch
from pga.records import queries
from pga.records import service as records
from pga.records.errors import (
    PendingChangesError,
    StaleDecisionError,
    UnknownItemError,
)
from pga.records.identity import Identity, RegionIndex
from pga.records.rules import ItemStatus
from tests.records.world import PERSON, REGION, World, create


def test_what_was_written_is_read_back(world: World) -> None:
    case_id = world.start(create("first"))
    world.write(case_id, create("second", category="D15"), create("third"))

    assert sorted(world.read(case_id)) == ["first", "second", "third"]


def test_a_write_makes_two_entries_and_a_read_one(world: World) -> None:
    case_id = world.start()
    world.read(case_id)
    world.write(case_id, create())

    assert world.logged() == ["CREATE", "applied", "CONSULT", "UPDATE", "applied"]


def test_the_log_knows_the_version_and_manifest_of_the_case(world: World) -> None:
    case_id = world.start()
    written = world.write(case_id, create())

    applied = world.history(case_id).applied
    case = db.session.get_one(Case, case_id)
    assert applied is not None
    assert (applied.old_version, applied.new_version) == (1, 2) == (1, written.version)
    assert (case.version, case.manifest.hex()) == (2, applied.manifest)


def test_no_store_shows_the_content(world: World) -> None:
    case_id = world.start(create("a very secret remark"))
    world.write(
        case_id,
        records.Revise(
            item_id=world.items(case_id)[0].id,
            content={"text": "corrected"},
            author_person_id=PERSON,
        ),
    )

    for engine in (stores().app, stores().keys, stores().audit):
        with engine.connect() as connection:
            for table in ("sealed_item", "item_version", "case_key", "data_key", "audit_payload"):
                if not engine.dialect.has_table(connection, table):
                    continue
                rows = connection.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
                assert b"secret" not in repr(rows).encode()


def test_a_corrected_item_keeps_its_earlier_versions_sealed(world: World) -> None:
    case_id = world.start(create("wrong"))
    [item] = world.items(case_id)
    revise = records.Revise(
        item_id=item.id, content={"text": "right"}, author_person_id=PERSON, expected_version=1
    )
    world.write(case_id, revise)

    assert world.read(case_id) == ["right"]
    [item] = world.items(case_id)
    assert item.row_version == 2
    earlier = records.open_earlier(world.ask(case_id))
    assert earlier == {(item.id, 1): {"text": "wrong"}}


def test_a_correction_of_an_older_version_is_a_conflict(world: World) -> None:
    case_id = world.start()
    [item] = world.items(case_id)
    revise = records.Revise(
        item_id=item.id, content={"text": "a"}, author_person_id=PERSON, expected_version=1
    )
    world.write(case_id, revise)

    with pytest.raises(ConflictError):
        world.write(case_id, revise)
    assert world.read(case_id) == ["a"]


def test_changes_of_one_item_work_in_order_within_one_write(world: World) -> None:
    item = create("first")
    case_id = world.start(
        item,
        records.Revise(item_id=item.id, content={"text": "second"}, author_person_id=PERSON),
        records.SetFacts(item.id, {"due_on": date(2026, 12, 1)}),
    )

    assert world.read(case_id) == ["second"]
    assert world.items(case_id)[0].due_on == date(2026, 12, 1)


def test_every_plain_column_is_kept_as_it_was_given(world: World, clock: FrozenClock) -> None:
    given = create(
        recipients=[PERSON.hex()],
        due_on=date(2026, 12, 1),
        done_at=clock.now(),
        responsible_person_id=PERSON,
    )
    case_id = world.start(given)
    clock.advance(timedelta(microseconds=1234567))
    facts: records.Facts = {"recipients": [], "done_at": None, "responsible_person_id": None}
    world.write(case_id, records.SetFacts(given.id, facts))

    [item] = world.items(case_id)
    assert (item.recipients, item.done_at, item.responsible_person_id) == ([], None, None)
    assert item.due_on == date(2026, 12, 1)
    assert item.updated_at - item.created_at == timedelta(microseconds=1234567)
    assert world.read(case_id) == ["noted"]


@pytest.mark.parametrize(
    ("values", "rises"),
    [
        ({"done_at": None}, 0),
        ({"due_on": date(2026, 12, 1)}, 0),
        ({"recipients": ["ab"]}, 1),
        ({"responsible_person_id": PERSON}, 1),
    ],
)
def test_other_readers_than_before_raise_the_epoch(
    world: World, values: records.Facts, rises: int
) -> None:
    case_id = world.start()
    before = world.epoch(case_id)

    world.write(case_id, records.SetFacts(world.items(case_id)[0].id, values))

    assert world.epoch(case_id) == before + rises


def test_withdrawing_an_item_raises_the_epoch_and_keeps_the_seal(world: World) -> None:
    case_id = world.start()
    before = world.epoch(case_id)

    world.write(case_id, records.SetStatus(world.items(case_id)[0].id, ItemStatus.WITHDRAWN))

    assert world.epoch(case_id) == before + 1
    assert world.items(case_id)[0].status == "withdrawn"
    assert world.read(case_id) == ["noted"]


def test_what_then_changes_commits_with_the_rows(world: World) -> None:
    case_id = world.start()
    case = db.session.get_one(Case, case_id)

    def then() -> None:
        case.state = "triage"
        touch(case)

    world.write(case_id, create(), then=then)

    assert (case.state, case.version, case.epoch) == ("triage", 2, 2)


def test_when_then_fails_nothing_is_written_and_the_case_still_opens(world: World) -> None:
    case_id = world.start(create("kept"))

    def then() -> None:
        raise NotFoundError

    with pytest.raises(NotFoundError):
        world.write(case_id, create("lost"), then=then)

    assert world.read(case_id) == ["kept"]
    world.write(case_id, create("later"))
    assert sorted(world.read(case_id)) == ["kept", "later"]


def test_a_write_without_changes_still_moves_the_version(world: World) -> None:
    case_id = world.start()

    assert world.write(case_id).version == 2
    assert world.read(case_id) == ["noted"]


def test_items_of_another_case_cannot_be_changed(world: World) -> None:
    case_id, other = world.start(create("mine")), world.start(create("theirs"))
    foreign = world.items(other)[0].id

    for change in (
        records.SetStatus(foreign, ItemStatus.WITHDRAWN),
        records.SetFacts(new_id(), {"done_at": None}),
        records.Revise(item_id=foreign, content={}, author_person_id=PERSON),
    ):
        with pytest.raises(UnknownItemError):
            world.write(case_id, change)
    assert world.read(other) == ["theirs"]


def test_a_case_that_never_was_cannot_be_written(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.write(new_id(), create())


def test_changes_made_outside_then_are_refused(world: World) -> None:
    case_id = world.start()
    db.session.get_one(Case, case_id).state = "triage"

    with pytest.raises(PendingChangesError):
        world.write(case_id, create())
    with pytest.raises(PendingChangesError):
        records.start_case(world.entry(Action.CREATE, case_id), world.new_case())
    db.session.rollback()


def test_a_write_tries_once_more_when_another_was_first(world: World) -> None:
    case_id = world.start(create("first"))
    with world.overtaken(case_id, times=1):
        written = world.write(case_id, create("mine"))

    assert written.version == 3
    assert sorted(world.read(case_id)) == ["first", "mine", "overtaken"]
    assert world.logged().count("UPDATE") == 3
    assert world.logged().count("applied") == 3


def test_an_item_changed_by_another_while_it_is_read_is_a_lost_race_not_a_fault(
    world: World,
) -> None:
    case_id = world.start(create("first"))
    [item] = world.items(case_id)
    mine, theirs = (
        records.Revise(item_id=item.id, content={"text": text}, author_person_id=PERSON)
        for text in ("mine", "theirs")
    )
    read, left = queries.read_items, [1]

    def overtaken(*args: object) -> object:
        if left:
            left.pop()
            world.write(case_id, theirs)
        return read(*args)  # type: ignore[arg-type]

    with patch.object(queries, "read_items", overtaken):
        assert world.write(case_id, mine).version == 3
    assert world.read(case_id) == ["mine"]


def test_a_write_that_loses_twice_is_a_conflict(world: World) -> None:
    case_id = world.start(create("first"))
    with world.overtaken(case_id, times=2), pytest.raises(ConflictError):
        world.write(case_id, create("mine"))

    assert sorted(world.read(case_id)) == ["first", "overtaken", "overtaken"]


def test_a_correction_overtaken_by_another_keeps_both_in_order(world: World) -> None:
    case_id = world.start(create("first"))
    [item] = world.items(case_id)
    change = records.Revise(item_id=item.id, content={"text": "mine"}, author_person_id=PERSON)
    with world.overtaken(
        case_id,
        times=1,
        change=records.Revise(item_id=item.id, content={"text": "theirs"}, author_person_id=PERSON),
    ):
        world.write(case_id, change)

    assert world.read(case_id) == ["mine"]
    earlier = records.open_earlier(world.ask(case_id))
    assert [content["text"] for _, content in sorted(earlier.items())] == ["first", "theirs"]


def test_a_write_whose_decision_was_overtaken_is_stale(world: World) -> None:
    case_id = world.start(create("kept"))

    for epochs in ({"case_epoch": 99}, {"agreement_epoch": 99}):
        with pytest.raises(StaleDecisionError):
            records.write(world.entry(Action.UPDATE, case_id, **epochs), case_id, [create()])
    now = world.entry(Action.UPDATE, case_id, case_epoch=1, agreement_epoch=1)
    records.write(now, case_id, [create("second")])

    assert sorted(world.read(case_id)) == ["kept", "second"]


def test_a_new_case_under_an_agreement_that_moved_is_stale(world: World) -> None:
    new = world.new_case()
    entry = world.entry(Action.CREATE, new.id, agreement_epoch=99)

    with pytest.raises(StaleDecisionError):
        records.start_case(entry, new, [create()])
    with fresh_connection() as connection:
        assert connection.execute(text("SELECT count(*) FROM case_file")).scalar_one() == 0


def test_a_youth_is_indexed_before_the_case_is_stored(world: World) -> None:
    who = Identity(bsn="111222333")
    case_id = world.start(index=[who])

    with stores().keys.connect() as connection:
        assert RegionIndex(kek(), REGION).candidates(connection, who) == [case_id]


def test_later_names_of_a_youth_are_indexed_once_even_after_a_lost_race(world: World) -> None:
    case_id = world.start()
    with world.overtaken(case_id, times=1):
        records.write(
            world.entry(Action.UPDATE, case_id), case_id, index=[Identity(bsn="111222333")]
        )

    with stores().keys.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM identity_index")).scalar_one() == 1
