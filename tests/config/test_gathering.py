"""Several selects read as one give what each gives by itself."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BindParameter,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    event,
    insert,
    select,
)

from config.database import IdColumn, Stores, UtcDateTime
from config.gathering import Gathered
from config.ids import new_id

METADATA = MetaData()
CASES = Table(
    "gathered_case",
    METADATA,
    Column("id", IdColumn, primary_key=True),
    Column("name", String(12)),
    Column("opened_at", UtcDateTime),
    Column("born_on", Date),
    Column("version", Integer),
)
NOTES = Table(
    "gathered_note",
    METADATA,
    Column("id", IdColumn, primary_key=True),
    Column("case_id", IdColumn),
    Column("blob", LargeBinary),
    Column("recipients", JSON),
    Column("is_secret", Boolean),
    Column("at", UtcDateTime),
    Column("until_on", Date),
    Column("text", String(200)),
)
ONE, OTHER = new_id(), new_id()
AT = datetime(2026, 11, 2, 9, 30, 1, 250_000, tzinfo=UTC)
OF_CASES = {"ids": [ONE, OTHER]}
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
PARTS = (select(CASES).where(CASES.c.id.in_(IDS)), select(NOTES).where(NOTES.c.case_id.in_(IDS)))


@pytest.fixture
def filled(stores: Stores) -> Stores:
    METADATA.create_all(stores.app)
    note = {"case_id": ONE, "blob": bytes(7), "recipients": ["a", "b"], "is_secret": True, "at": AT}
    rest = {"until_on": date(2027, 1, 31), "text": "é"}
    nothing = dict.fromkeys((*note, *rest))
    with stores.app.begin() as connection:
        for case_id, born_on in ((ONE, date(2011, 5, 1)), (OTHER, None), (new_id(), None)):
            values = {"id": case_id, "name": "x", "opened_at": AT, "version": 3}
            connection.execute(insert(CASES), {**values, "born_on": born_on})
        connection.execute(insert(NOTES), {"id": new_id(), **note, **rest})
        empty = nothing | {"id": new_id(), "case_id": OTHER, "is_secret": False, "recipients": []}
        connection.execute(insert(NOTES), empty)
    return stores


def test_each_select_gets_its_own_rows_with_their_names_and_types(filled: Stores) -> None:
    with filled.app.connect() as connection:
        cases, notes = Gathered(*PARTS).read(connection, OF_CASES)
        alone = [connection.execute(part, OF_CASES).all() for part in PARTS]
    assert [sorted(map(tuple, rows)) for rows in (cases, notes)] == [
        sorted(map(tuple, rows)) for rows in alone
    ]
    full = next(note for note in notes if note.case_id == ONE)
    assert (full.recipients, full.is_secret, full.at) == (["a", "b"], True, AT)
    assert type(full.blob) is bytes


def test_a_select_without_rows_gives_an_empty_list(filled: Stores) -> None:
    with filled.app.connect() as connection:
        assert Gathered(*PARTS).read(connection, {"ids": [new_id()]}) == [[], []]
        assert Gathered(*PARTS).read(connection, {"ids": []}) == [[], []]


def test_it_is_one_statement(filled: Stores) -> None:
    seen: list[str] = []
    event.listen(filled.app, "before_cursor_execute", lambda *given: seen.append(given[2]))
    with filled.app.connect() as connection:
        Gathered(*PARTS, *PARTS).read(connection, OF_CASES)
    assert len(seen) == 1
