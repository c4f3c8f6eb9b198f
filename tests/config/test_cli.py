"""The commands of the stores say where each database is and bring it further."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from config import migrate
from config.cli import db
from tests.config.conftest import History

Run = Callable[..., Result]


@pytest.fixture
def run(bare_app: Flask, history: History, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a history of its own, which begins where the tables of the tests end."""
    monkeypatch.setattr(migrate, "FOLDER", history.folder)
    for store in migrate.METADATA:
        with getattr(bare_app.extensions["stores"], store).begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    return lambda *arguments: bare_app.test_cli_runner().invoke(db, arguments)


@pytest.fixture
def steps(history: History) -> None:
    """One revision."""
    history.add("app", 'op.create_table("extra", sa.Column("id", sa.Integer()))')


def test_an_upgrade_tells_where_the_databases_are(run: Run, steps: None) -> None:
    assert run("upgrade").output == "The databases are at revision 0001.\n"


def test_status_fails_until_every_database_is_up_to_date(run: Run, steps: None) -> None:
    before = run("status")
    assert before.exit_code == 1
    assert "app: empty, newest is 0001" in before.output
    run("upgrade")
    after = run("status")
    assert after.exit_code == 0
    assert "app: 0001, newest is 0001" in after.output


def test_a_newer_database_is_named(run: Run, steps: None, bare_app: Flask) -> None:
    run("upgrade")
    with bare_app.extensions["stores"].app.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    refused = run("upgrade")
    assert refused.exit_code == 1
    assert "The store app is at revision 0099, which this program lacks." in refused.output


def test_a_revision_is_written_where_the_history_is(
    run: Run, history: History, tmp_path: Path
) -> None:
    done = run("revision", "--store", "keys", "--message", "lay the vault")
    assert done.exit_code == 0, done.output
    assert (history.folder / "versions" / "0001_lay_the_vault.py").exists()
