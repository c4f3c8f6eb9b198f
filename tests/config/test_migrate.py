"""One history for three stores, on both databases."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text

from config import migrate
from config.database import IdColumn, Stores, UtcDateTime
from config.migrate import MigrationError
from tests.config.conftest import History
from tests.databases import Addresses, Cluster


@pytest.fixture
def empty_stores(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stores]:
    """Three databases without a single table, once on each database."""
    if database == "sqlite":
        addresses = Addresses(*(f"sqlite:///{tmp_path / name}.db" for name in migrate.METADATA))
        with addresses.opened() as opened:
            yield opened
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    names = [cluster.create() for _ in migrate.METADATA]
    with Addresses(*map(cluster.url, names)).opened() as opened:
        yield opened
    for name in names:
        cluster.drop(name)


CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer(), primary_key=True))'


def tables(stores: Stores) -> dict[str, set[str]]:
    return {
        store: set(inspect(getattr(stores, store)).get_table_names()) - {"alembic_version"}
        for store in migrate.METADATA
    }


def test_a_revision_changes_its_own_store_alone(empty_stores: Stores, history: History) -> None:
    for store in ("audit", "app", "keys", "app"):
        history.add(store, CREATE.format(f"{store}_{history._number}"))
    migrate.upgrade(empty_stores, history.folder)
    assert tables(empty_stores) == {
        "app": {"app_1", "app_3"},
        "keys": {"keys_2"},
        "audit": {"audit_0"},
    }


def test_every_store_keeps_its_place_in_the_line(empty_stores: Stores, history: History) -> None:
    assert migrate.current(empty_stores) == {"app": None, "keys": None, "audit": None}
    history.add("app", CREATE.format("first"))
    migrate.upgrade(empty_stores, history.folder)
    history.add("keys", CREATE.format("second"))
    assert set(migrate.current(empty_stores).values()) == {"0001"}
    migrate.upgrade(empty_stores, history.folder)
    migrate.upgrade(empty_stores, history.folder)
    assert set(migrate.current(empty_stores).values()) == {"0002"} == {migrate.head(history.folder)}


def test_an_upgrade_that_breaks_changes_nothing_of_its_store(
    empty_stores: Stores, history: History
) -> None:
    history.add("app", CREATE.format("first"))
    history.add("app", 'op.execute("INSERT INTO absent VALUES (1)")')
    with pytest.raises(Exception, match="absent"):
        migrate.upgrade(empty_stores, history.folder)
    assert tables(empty_stores)["app"] == set()
    assert migrate.current(empty_stores)["app"] is None


def test_a_store_of_a_newer_program_is_refused(empty_stores: Stores, history: History) -> None:
    history.add("app", CREATE.format("first"))
    migrate.upgrade(empty_stores, history.folder)
    with empty_stores.app.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(MigrationError) as refused:
        migrate.upgrade(empty_stores, history.folder)
    assert refused.value.values == {"store": "app", "revision": "0099"}


def test_a_change_that_leaves_rows_without_what_they_refer_to_is_refused(
    empty_stores: Stores, history: History
) -> None:
    history.add("app", CREATE.format("owner"))
    history.add("app", 'op.execute("CREATE TABLE item (owner INTEGER REFERENCES owner (id))")')
    history.add("app", 'op.execute("INSERT INTO owner VALUES (1)")')
    history.add("app", 'op.execute("INSERT INTO item VALUES (1)")')
    migrate.upgrade(empty_stores, history.folder)
    history.add("app", 'op.execute("DELETE FROM owner")')
    with pytest.raises(Exception, match=r"refer to rows that are gone|still referenced"):
        migrate.upgrade(empty_stores, history.folder)
    with empty_stores.app.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM owner")) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_references_are_kept_again_after_an_upgrade(empty_stores: Stores, history: History) -> None:
    history.add("app", CREATE.format("owner"))
    migrate.upgrade(empty_stores, history.folder)
    with empty_stores.app.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


UPGRADE = """
import sys
from pathlib import Path
from config import migrate
from config.database import Stores, make_engine
migrate.upgrade(Stores(*map(make_engine, sys.argv[2:])), Path(sys.argv[1]))
"""


def test_two_processes_that_upgrade_at_once_do_it_once(
    empty_stores: Stores, history: History
) -> None:
    for number in range(5):
        history.add("app", CREATE.format(f"table{number}"))
    urls = [getattr(empty_stores, store).url for store in migrate.METADATA]
    command = [sys.executable, "-c", UPGRADE, str(history.folder)]
    command += [url.render_as_string(hide_password=False) for url in urls]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert len(tables(empty_stores)["app"]) == 5


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> MetaData:
    """Models of the keys store that the history knows nothing of."""
    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s"})
    Table("vault", metadata, Column("id", IdColumn, primary_key=True), Column("at", UtcDateTime))
    monkeypatch.setitem(migrate.METADATA, "keys", metadata)
    for store in ("app", "audit"):
        monkeypatch.setitem(migrate.METADATA, store, MetaData())
    return metadata


def test_a_written_revision_gives_the_models_their_tables(
    empty_stores: Stores, history: History, models: MetaData
) -> None:
    migrate.upgrade(empty_stores, history.folder)
    assert [line.partition(":")[0] for line in migrate.differences(empty_stores)] == ["keys"]
    path = migrate.write("keys", "lay the vault", history.folder)
    assert path.name == "0001_lay_the_vault.py"
    assert "store = 'keys'" in path.read_text()
    assert "config" not in path.read_text()
    migrate.upgrade(empty_stores, history.folder)
    assert migrate.differences(empty_stores) == []


def test_the_next_revision_holds_only_what_is_new(
    empty_stores: Stores, history: History, models: MetaData
) -> None:
    migrate.write("keys", "lay the vault", history.folder)
    models.tables["vault"].append_column(Column("size", Integer))
    text = migrate.write("keys", "measure the vault", history.folder).read_text()
    assert "revision = '0002'" in text
    assert "create_table" not in text
    migrate.upgrade(empty_stores, history.folder)
    assert migrate.differences(empty_stores) == []


def test_the_history_of_the_product_is_one_line_of_numbers() -> None:
    names = sorted(path.name for path in (migrate.FOLDER / "versions").glob("*.py"))
    assert [name[:5] for name in names] == [f"{n:04d}_" for n in range(1, len(names) + 1)]
    assert migrate.head() == (names[-1][:4] if names else None)


def test_the_tables_of_the_history_are_those_of_the_models(stores: Stores) -> None:
    import_module("wsgi")  # which loads every model
    assert migrate.differences(stores) == []
