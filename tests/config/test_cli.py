"""The commands of the stores say where each database is and bring it further."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from config import migrate
from config.cli import db, init
from config.settings import Settings
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


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result]:
    """Run `pga init` for an installation in an empty folder."""
    monkeypatch.setenv("PGA_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.delenv("PGA_MODE", raising=False)
    return lambda: CliRunner().invoke(init)


def test_an_installation_gets_secrets_that_its_owner_alone_can_read(
    start: Callable[[], Result], tmp_path: Path
) -> None:
    assert start().exit_code == 0
    folder = tmp_path / "var"
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {"var": 0o700, "secret": 0o400, "kek": 0o400}
    assert Settings.from_environment({"PGA_DATA_DIR": str(folder)}).is_demo


def test_what_an_installation_has_stays(start: Callable[[], Result], tmp_path: Path) -> None:
    start()
    before = {path.name: path.read_text() for path in (tmp_path / "var").iterdir()}
    assert start().exit_code == 0
    assert {path.name: path.read_text() for path in (tmp_path / "var").iterdir()} == before


def test_production_is_given_its_secrets(
    start: Callable[[], Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGA_MODE", "production")
    refused = start()
    assert refused.exit_code == 1
    assert "secrets come from outside" in refused.output
    assert not (tmp_path / "var").exists()
