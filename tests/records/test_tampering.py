"""What the owner of the databases can change in SQL, and which check notices it."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from sqlalchemy import text

from audit import gate
from config.database import stores
from config.errors import NotFoundError
from pga.records import queries
from pga.records import service as records
from pga.records.errors import CaseFaultError, ItemFaultError, StaleDecisionError
from pga.records.models import SealedItem
from pga.records.rules import ItemStatus
from tests.records.faults import closes, refuses
from tests.records.world import PERSON, World, create

Tamper = Callable[[World, bytes], None]
COLUMNS = [column.key for column in SealedItem.__table__.columns]


def snapshot(table: str, where: str, **values: object) -> list[dict[str, object]]:
    """Copy rows as the owner of the app store could."""
    with stores().app.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {table} WHERE {where}"), values)  # noqa: S608
        return [dict(row) for row in rows.mappings()]


def put_back(world: World, table: str, rows: list[dict[str, object]], key: str = "id") -> None:
    """Write copied rows over the present ones."""
    for row in rows:
        values = {name: json_of(value) for name, value in row.items()}
        names = ", ".join(f"{name} = :{name}" for name in values)
        world.sql(f"UPDATE {table} SET {names} WHERE {key} = :{key}", **values)  # noqa: S608


def id_of(row: dict[str, object]) -> bytes:
    """Give the id of a copied row."""
    found = row["id"]
    assert isinstance(found, bytes)
    return found


def json_of(value: object) -> object:
    """PostgreSQL gives JSON back as a list, and takes it as text."""
    return "[]" if value == [] else value


def test_swapping_the_contents_of_two_rows_is_noticed(world: World) -> None:
    case_id = world.start(create("one"), create("two"))
    one, two = snapshot("sealed_item", "case_id = :c", c=case_id)

    world.sql("UPDATE sealed_item SET blob = :b WHERE id = :id", b=two["blob"], id=one["id"])
    world.sql("UPDATE sealed_item SET blob = :b WHERE id = :id", b=one["blob"], id=two["id"])

    closes(world, case_id, id_of(one), id_of(two))


def test_swapping_the_ids_of_two_rows_is_noticed(world: World) -> None:
    case_id = world.start(create("one"), create("two"))
    one, two = snapshot("sealed_item", "case_id = :c", c=case_id)

    world.sql("UPDATE sealed_item SET id = :new WHERE id = :old", new=b"t" * 16, old=one["id"])
    world.sql("UPDATE sealed_item SET id = :new WHERE id = :old", new=one["id"], old=two["id"])
    world.sql("UPDATE sealed_item SET id = :new WHERE id = :old", new=two["id"], old=b"t" * 16)

    closes(world, case_id, id_of(one), id_of(two))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("owner_organisation_id", b"x" * 16),
        ("owner_partner", "SCH"),
        ("author_person_id", b"x" * 16),
        ("category", "D15"),
        ("purpose", "ORDER"),
        ("kind", "signal"),
        ("status", "current"),
        ("row_version", 9),
        ("kid", b"x" * 8),
        ("blob", bytes((1, 1)) + bytes(60)),
        ("created_at", "2026-01-01 00:00:00"),
        ("updated_at", "2026-01-01 00:00:00"),
        ("recipients", '["ab"]'),
        ("due_on", "2026-01-01"),
        ("done_at", "2026-01-01 00:00:00"),
        ("responsible_person_id", b"x" * 16),
    ],
)
def test_changing_any_column_of_an_item_is_noticed(
    world: World, column: str, value: object
) -> None:
    case_id = world.start(create("tampered"), create("whole"))
    item_id = world.items(case_id)[0].id
    world.write(case_id, records.SetStatus(item_id, ItemStatus.WRONG_CASE))
    kind = "timestamptz" if column.endswith("_at") else "date" if column == "due_on" else ""
    kind = "json" if column == "recipients" else kind
    is_sqlite = stores().app.dialect.name == "sqlite"
    cast = f"CAST(:value AS {kind})" if kind and not is_sqlite else ":value"

    world.sql(f"UPDATE sealed_item SET {column} = {cast} WHERE id = :id", value=value, id=item_id)  # noqa: S608

    if column == "row_version":
        refuses(world, case_id, "rows")
    else:
        closes(world, case_id, item_id)


def test_every_column_of_an_item_is_tried_above() -> None:
    tried = {
        mark.args[1][i][0]
        for mark in test_changing_any_column_of_an_item_is_noticed.pytestmark  # type: ignore[attr-defined]
        for i in range(len(mark.args[1]))
    }

    assert tried | {"id", "case_id"} == set(COLUMNS)


def test_an_item_moved_to_another_case_is_noticed_in_both(world: World) -> None:
    case_id, other = world.start(create("one"), create("two")), world.start()
    moved = world.items(case_id)[0].id

    world.sql("UPDATE sealed_item SET case_id = :other WHERE id = :id", other=other, id=moved)

    refuses(world, case_id, "rows")
    refuses(world, other, "rows")


def test_an_item_and_its_key_moved_to_another_case_are_noticed(world: World) -> None:
    case_id, other = world.start(create("one")), world.start(create("two"))
    world.sql("UPDATE sealed_item SET case_id = :o WHERE case_id = :c", o=other, c=case_id)
    world.sql_keys("UPDATE data_key SET generation = 2 WHERE case_id = :o", o=other)
    world.sql_keys("UPDATE data_key SET case_id = :o WHERE case_id = :c", o=other, c=case_id)

    refuses(world, other, "rows")


def test_a_removed_row_is_noticed_though_nobody_asks_for_it(world: World) -> None:
    case_id = world.start(create("one"), create("two"))
    removed = world.items(case_id)[0].id

    world.sql("DELETE FROM sealed_item WHERE id = :id", id=removed)

    refuses(world, case_id, "rows")


def test_a_removed_earlier_version_is_noticed(world: World) -> None:
    case_id = world.start()
    [item] = world.items(case_id)
    world.write(
        case_id,
        records.Revise(item_id=item.id, content={"text": "new"}, author_person_id=PERSON),
    )

    world.sql("DELETE FROM item_version")

    refuses(world, case_id, "rows")


def test_an_old_row_put_back_with_its_version_is_noticed(world: World) -> None:
    case_id = world.start(create("old"))
    rows = snapshot("sealed_item", "case_id = :c", c=case_id)
    world.write(
        case_id,
        records.Revise(
            item_id=world.items(case_id)[0].id, content={"text": "new"}, author_person_id=PERSON
        ),
    )

    put_back(world, "sealed_item", rows)

    refuses(world, case_id, "rows")


def test_an_old_row_with_old_leaves_put_back_is_noticed(world: World) -> None:
    case_id = world.start(create("old"))
    rows = snapshot("sealed_item", "case_id = :c", c=case_id)
    leaves = snapshot("case_manifest", "case_id = :c", c=case_id)
    world.write(case_id, records.SetStatus(world.items(case_id)[0].id, ItemStatus.WRONG_CASE))

    put_back(world, "sealed_item", rows)
    put_back(world, "case_manifest", leaves, "case_id")

    refuses(world, case_id, "manifest")


def test_a_whole_old_case_put_back_is_noticed_by_the_log(world: World) -> None:
    case_id = world.start(create("old"))
    rows = snapshot("sealed_item", "case_id = :c", c=case_id)
    leaves = snapshot("case_manifest", "case_id = :c", c=case_id)
    case = snapshot("case_file", "id = :c", c=case_id)
    world.write(case_id, records.SetStatus(world.items(case_id)[0].id, ItemStatus.WRONG_CASE))

    put_back(world, "sealed_item", rows)
    put_back(world, "case_manifest", leaves, "case_id")
    put_back(world, "case_file", case)

    refuses(world, case_id, "log")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("version = version + 1", "log"),
        ("version = 0", "log"),
        ("manifest = :junk", "log"),
        ("municipality = 'GM0392'", "seal"),
    ],
)
def test_changing_what_a_case_says_of_itself_is_noticed(
    world: World, change: str, reason: str
) -> None:
    case_id = world.start()
    bound = {"junk": b"j" * 32} if "junk" in change else {}

    world.sql(f"UPDATE case_file SET {change}", **bound)  # noqa: S608

    refuses(world, case_id, reason)


def test_changed_leaves_are_noticed(world: World) -> None:
    case_id = world.start()

    world.sql("UPDATE case_manifest SET leaves = :leaves", leaves=bytes(72))

    refuses(world, case_id, "manifest")


def test_removed_leaves_are_noticed(world: World) -> None:
    case_id = world.start()

    world.sql("DELETE FROM case_manifest")

    refuses(world, case_id, "manifest")


def test_a_case_that_was_removed_but_is_in_the_log_is_a_fault(world: World) -> None:
    case_id = world.start()
    for table, column in (
        ("sealed_item", "case_id"),
        ("case_manifest", "case_id"),
        ("case_file", "id"),
    ):
        world.sql(f"DELETE FROM {table} WHERE {column} = :c", c=case_id)  # noqa: S608

    with pytest.raises(CaseFaultError):
        world.write(case_id, create())


def test_a_row_put_in_the_place_of_another_closes_the_case(world: World) -> None:
    case_id = world.start(create("one"), create("two"))
    one, _two = world.items(case_id)

    world.sql("UPDATE sealed_item SET id = :new WHERE id = :old", new=b"n" * 16, old=one.id)

    refuses(world, case_id, "rows")


def test_a_case_that_moves_while_a_changed_item_is_looked_at_is_decided_anew(world: World) -> None:
    case_id = world.start(create("tampered"), create("whole"))
    world.sql("UPDATE sealed_item SET purpose = 'ORDER' WHERE case_id = :c", c=case_id)
    asked, read = world.ask(case_id), queries.read_rows

    def overtaken(*rows: object) -> object:
        world.write(case_id)
        return read(*rows)  # type: ignore[arg-type]

    with patch.object(queries, "read_rows", overtaken), pytest.raises(StaleDecisionError):
        records.open_items([asked])


def test_an_earlier_version_that_was_changed_is_not_given(world: World) -> None:
    case_id = world.start(create("old"))
    [item] = world.items(case_id)
    world.write(
        case_id,
        records.Revise(item_id=item.id, content={"text": "new"}, author_person_id=PERSON),
    )
    world.sql("UPDATE item_version SET author_person_id = :who", who=b"x" * 16)

    with pytest.raises(ItemFaultError):
        records.open_earlier(world.ask(case_id))
    world.sql("DELETE FROM item_version")
    with pytest.raises(CaseFaultError):
        records.open_earlier(world.ask(case_id))


def test_a_tampered_row_is_not_made_good_by_a_write(world: World) -> None:
    case_id = world.start(create("one"), create("two"))
    tampered, whole = world.items(case_id)
    world.sql("UPDATE sealed_item SET status = 'withdrawn' WHERE id = :id", id=tampered.id)

    world.write(case_id, create("three"))
    closes(world, case_id, tampered.id)
    with pytest.raises(ItemFaultError):
        world.write(case_id, records.SetStatus(tampered.id, ItemStatus.CURRENT))
    world.write(case_id, records.SetStatus(whole.id, ItemStatus.WITHDRAWN))
    closes(world, case_id, tampered.id)


def test_a_write_on_a_faulty_case_is_refused_and_entered(world: World) -> None:
    case_id = world.start()
    world.sql("UPDATE case_manifest SET leaves = :leaves", leaves=bytes(72))

    with pytest.raises(CaseFaultError):
        world.write(case_id, create())
    assert world.logged()[-2:] == ["UPDATE", "outcome"]


@pytest.mark.parametrize(
    ("table", "change"),
    [("case_file", "version = 99 WHERE id"), ("case_manifest", "leaves = :junk WHERE case_id")],
)
def test_a_faulty_case_of_a_list_closes_itself_and_the_others_open(
    world: World, table: str, change: str
) -> None:
    case_id, faulty = world.start(create("whole")), world.start(create("broken"))
    bound = {"junk": bytes(72)} if "junk" in change else {}
    world.sql(f"UPDATE {table} SET {change} = :c", c=faulty, **bound)  # noqa: S608
    asked = [world.ask(case_id), world.ask(faulty)]

    opened = records.open_items(asked)

    assert [one["text"] for one in opened.contents.values()] == ["whole"]
    assert opened.failed.keys() == {faulty}
    assert world.logged()[-3:] == ["CONSULT", "CONSULT", "outcome"]
    assert world.newest().names == asked[1].receipt.event_id


def test_nothing_of_a_case_that_never_was_is_opened(world: World) -> None:
    case_id = world.start()
    asked = world.ask(case_id)
    unknown = world.new_case().id
    entry = world.entry(asked.entry.action, unknown, lines=asked.entry.lines)

    with pytest.raises(NotFoundError):
        records.open_items([records.Opening(gate.record(entry), entry, unknown, asked.items)])
