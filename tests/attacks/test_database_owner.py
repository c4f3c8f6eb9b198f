"""Whoever owns the databases changes rows behind the product: no page shows what was changed.

What each check notices at its own level stands in the tests of records and of the log; here the
whole product runs, from a row in the database to the page and the command of the operator.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from audit.cli import audit_group
from audit.entries import Action
from audit.models import audit_index, audit_payload
from pga.cases import queries as cases
from tests.audit.tamper import Owner
from tests.factories.browserless import Visitor
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene
from tests.factories.snapshots import Played

ONE_NOT_SHOWN = "Eén bijdrage kan niet worden getoond"
NEITHER_SHOWN = "2 bijdragen kunnen niet worden getoond"
FIRST, SECOND, OTHER = "first secret", "second secret", "of another youth"


@dataclass(frozen=True, slots=True)
class Files:
    """Two cases of the same people, the first with two items; `old` is its row before a change."""

    case_id: bytes
    first: bytes
    second: bytes
    other_case: bytes
    other: bytes
    municipality: bytes


def filed(scene: Scene) -> Files:
    """Play the two cases."""
    case_id, other_case = scene.case("SCH"), scene.case("SCH")
    return Files(
        case_id,
        scene.bring("LPR", case_id, "D04", FIRST),
        scene.bring("LPR", case_id, "D04", SECOND),
        other_case,
        scene.bring("LPR", other_case, "D04", OTHER),
        scene.organisation("GPR"),
    )


@dataclass(frozen=True, slots=True)
class Hands:
    """What the owner does to the store with the records."""

    engine: Engine
    files: Files

    def run(self, statement: str, **values: object) -> None:
        """Run a statement and commit it; no foreign key stands in the way."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.execute(text(statement), values)
            connection.commit()

    def read(self, table: str, row_id: bytes, key: str = "id") -> dict[str, object]:
        """Read one row as it stands."""
        query = text(f"SELECT * FROM {table} WHERE {key} = :id")  # noqa: S608
        with self.engine.connect() as connection:
            return dict(connection.execute(query, {"id": row_id}).mappings().one())

    def put_back(self, table: str, row: dict[str, object], key: str = "id") -> None:
        """Write a row as it was."""
        columns = ", ".join(f"{name} = :{name}" for name in row)
        self.run(f"UPDATE {table} SET {columns} WHERE {key} = :{key}", **row)  # noqa: S608


def contents_swapped(owner: Hands) -> None:
    """Give each of two items the other's contents."""
    first = owner.read("sealed_item", owner.files.first)
    second = owner.read("sealed_item", owner.files.second)
    for row, blob in ((first, second["blob"]), (second, first["blob"])):
        owner.run("UPDATE sealed_item SET blob = :blob WHERE id = :id", blob=blob, id=row["id"])


def ids_swapped(owner: Hands) -> None:
    """Let two items change places."""
    statement = "UPDATE sealed_item SET id = :new WHERE id = :old"
    one, other, away = owner.files.first, owner.files.second, bytes(16)
    for old, new in ((one, away), (other, one), (away, other)):
        owner.run(statement, old=old, new=new)


def category_changed(owner: Hands) -> None:
    """Let an item count as a name, which everybody at the table may read."""
    statement = "UPDATE sealed_item SET category = 'D01' WHERE id = :id"
    owner.run(statement, id=owner.files.first)


def owner_changed(owner: Hands) -> None:
    """Let an item count as the reader's own, who could then correct it."""
    statement = (
        "UPDATE sealed_item SET owner_partner = 'GCR', owner_organisation_id = :municipality"
        " WHERE id = :id"
    )
    owner.run(statement, id=owner.files.first, municipality=owner.files.municipality)


def reader_named(owner: Hands) -> None:
    """Name a reader for an item."""
    statement = "UPDATE sealed_item SET recipients = '[\"00\"]' WHERE id = :id"
    owner.run(statement, id=owner.files.first)


def contents_of_another_case(owner: Hands) -> None:
    """Give an item the contents of an item in another case."""
    other = owner.read("sealed_item", owner.files.other)
    statement = "UPDATE sealed_item SET blob = :blob, kid = :kid WHERE id = :id"
    owner.run(statement, blob=other["blob"], kid=other["kid"], id=owner.files.first)


def item_removed(owner: Hands) -> None:
    """Remove an item."""
    owner.run("DELETE FROM sealed_item WHERE id = :id", id=owner.files.second)


def manifest_changed(owner: Hands) -> None:
    """Let the case say that its rows are other ones."""
    owner.run("UPDATE case_file SET manifest = zeroblob(32) WHERE id = :id", id=owner.files.case_id)


ON_ITEMS = [
    contents_swapped,
    ids_swapped,
    category_changed,
    owner_changed,
    reader_named,
    contents_of_another_case,
]


@pytest.mark.parametrize("deed", ON_ITEMS, ids=lambda deed: deed.__name__)
def test_an_item_that_was_changed_closes_itself_and_the_rest_of_its_case_stays_open(
    play: Play, caplog: pytest.LogCaptureFixture, deed: Callable[[Hands], None]
) -> None:
    played = play(filed)
    files, visitor = played.made, played.visitor("GCR")
    assert "worden getoond" not in visitor.read(path(played))
    deed(Hands(engine_of(played.app), files))
    page = visitor.read(path(played))
    assert FIRST not in page
    is_pair = deed in {contents_swapped, ids_swapped}
    assert (NEITHER_SHOWN if is_pair else ONE_NOT_SHOWN) in page
    assert "De privacy officer van de gemeente en de beheerder krijgen vanzelf bericht" in page
    assert (SECOND in page) is not is_pair
    answer = visitor.get(f"{path(played)}/items/{files.first.hex()}")
    assert answer.status_code == 503
    assert "Deze bijdrage klopt niet met het logboek" in answer.text
    assert visitor.get("/").status_code == 200
    assert "integrity-fault" in {record.__dict__.get("event") for record in caplog.records}
    stopped = entries_of(played.app, Action.OUTCOME)[-1]
    assert stopped.reason == "integrity-fault: item"
    assert files.first.hex() in stopped.closed_items


@pytest.mark.parametrize("deed", [item_removed, manifest_changed], ids=lambda deed: deed.__name__)
def test_a_case_that_was_changed_shows_nothing_and_the_others_stay_open(
    play: Play, caplog: pytest.LogCaptureFixture, deed: Callable[[Hands], None]
) -> None:
    played = play(filed)
    visitor = played.visitor("GCR")
    assert FIRST in visitor.read(path(played))
    deed(Hands(engine_of(played.app), played.made))
    shows_nothing(played, visitor, caplog)


def test_an_old_row_put_back_shows_nothing(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    played = play(filed)
    owner, before = corrected(played)
    owner.put_back("sealed_item", before["sealed_item"])
    shows_nothing(played, played.visitor("GCR"), caplog)


def test_a_whole_old_case_put_back_shows_nothing(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    played = play(filed)
    owner, before = corrected(played)
    owner.run("DELETE FROM item_version WHERE case_id = :id", id=played.made.case_id)
    owner.put_back("sealed_item", before["sealed_item"])
    owner.put_back("case_manifest", before["case_manifest"], "case_id")
    owner.put_back("case_file", before["case_file"])
    shows_nothing(played, played.visitor("GCR"), caplog)


def corrected(played: Played[Files]) -> tuple[Hands, dict[str, dict[str, object]]]:
    """Keep the rows of a case, and let its item be corrected after that."""
    owner = Hands(engine_of(played.app), played.made)
    before = {
        "sealed_item": owner.read("sealed_item", played.made.first),
        "case_manifest": owner.read("case_manifest", played.made.case_id, "case_id"),
        "case_file": owner.read("case_file", played.made.case_id),
    }
    form = {"title": "corrected", "text": "corrected", "version": "1"}
    played.visitor("LPR").do(f"{path(played)}/items/{played.made.first.hex()}/correct", form)
    return owner, before


def shows_nothing(
    played: Played[Files], visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    """See that no page shows what was changed, others stay open, and the operator hears of it."""
    files = played.made
    for page in ("", f"/items/{files.first.hex()}"):
        answer = visitor.get(path(played) + page)
        assert answer.status_code == 503, page
        assert FIRST not in answer.text
        assert SECOND not in answer.text
    assert OTHER in visitor.read(f"/cases/{files.other_case.hex()}")
    for listed in ("/", "/cases"):
        page = visitor.read(listed)
        assert f"Casus {number_of(files.case_id)} kan niet worden getoond" in page
        assert "De inhoud klopt niet met het logboek" in page
    assert files.other_case.hex() in visitor.read("/cases")
    assert "integrity-fault" in {record.__dict__.get("event") for record in caplog.records}
    stopped = entries_of(played.app, Action.OUTCOME)
    assert any("integrity" in entry.reason for entry in stopped)


def test_an_action_that_was_changed_does_not_just_vanish_from_the_work_list(play: Play) -> None:
    played = play(filed)
    visitor = played.visitor("GCR")
    assert "Call the mentor" in visitor.read("/")
    Hands(engine_of(played.app), played.made).run(
        "UPDATE sealed_item SET due_on = '2031-01-01' WHERE kind = 'action' AND case_id = :case_id",
        case_id=played.made.case_id,
    )
    assert ONE_NOT_SHOWN in visitor.read("/")


def with_secret_help(scene: Scene) -> tuple[bytes, bytes]:
    """Play a case in which mental health care brought what only the guardian institution reads."""
    case_id = scene.case("GGZ", "GI")
    scene.release(case_id, "GGZ", ["D07"], "GI")
    return case_id, scene.bring("GGZ", case_id, "D07", FIRST)


def test_a_changed_item_is_told_only_to_who_could_have_read_it(play: Play) -> None:
    played = play(with_secret_help)
    case_id, item_id = played.made
    with engine_of(played.app).begin() as connection:
        change = text("UPDATE sealed_item SET author_person_id = zeroblob(16) WHERE id = :id")
        connection.execute(change, {"id": item_id})
    for partner, is_told in (
        ("GGZ", True),
        ("GI", True),
        ("GCR", False),
        ("GPR", False),
        ("LPR", False),
    ):
        page = played.visitor(partner).read(f"/cases/{case_id.hex()}")
        assert (ONE_NOT_SHOWN in page) is is_told


def test_a_search_says_that_an_own_case_cannot_be_shown(play: Play) -> None:
    played = play(filed)
    sought = {"first_name": "Sem", "surname": "Bruin", "born_on": "2010-05-01"}
    manifest_changed(Hands(engine_of(played.app), played.made))
    page = played.visitor("LPR").post("/search", sought).text
    assert f"Casus {number_of(played.made.case_id)} kan niet worden getoond" in page
    assert number_of(played.made.other_case) in page
    outsider = played.visitor("WOC").post("/search", sought).text
    assert "worden getoond" not in outsider


def number_of(case_id: bytes) -> str:
    return cases.cases_by_id([case_id])[case_id].number


def path(played: Played[Files]) -> str:
    return f"/cases/{played.made.case_id.hex()}"


def engine_of(app: Flask) -> Engine:
    engine: Engine = app.extensions["stores"].app
    return engine


def entry_edited(log: Owner) -> None:
    """Let an entry say another time, with every hash made to fit."""
    log.edit_leaf(5, b'"t":"2026-11-02T09', b'"t":"2026-11-02T10')
    log.cover()


def entry_removed(log: Owner) -> None:
    """Remove an entry and make the tree fit."""
    log.remove(5)
    log.cover()


def entry_pushed_in(log: Owner) -> None:
    """Insert an entry and make the tree fit."""
    log.push_in(5)
    log.cover()


def entries_swapped(log: Owner) -> None:
    """Let two entries change places."""
    log.swap(5, 7)
    log.cover()


def payload_exchanged(log: Owner) -> None:
    """Give an entry the facts of another one."""
    log.swap(5, 7, audit_payload)


def index_doctored(log: Owner) -> None:
    """Let the index say that somebody else looked."""
    log.change(audit_index, 5, actor="0" * 32)


def index_thinned(log: Owner) -> None:
    """Take an entry out of the index, so that the officer does not see it."""
    log.remove(5, audit_index)


@pytest.mark.parametrize(
    "deed",
    [
        entry_edited,
        entry_removed,
        entry_pushed_in,
        entries_swapped,
        payload_exchanged,
        index_doctored,
        index_thinned,
    ],
    ids=lambda deed: deed.__name__,
)
def test_the_operator_hears_which_entry_of_the_log_is_not_as_it_was_written(
    play: Play, deed: Callable[[Owner], None]
) -> None:
    played = play(filed)
    command = played.app.test_cli_runner()
    assert command.invoke(audit_group, ["verify"]).exit_code == 0
    deed(Owner(played.app.extensions["stores"].audit))
    found = command.invoke(audit_group, ["verify"])
    assert found.exit_code == 1
    assert "first bad sequence number 5" in found.output
