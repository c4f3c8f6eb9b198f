"""The commands of the demo: load once, take away when told to, and never in production."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from auth.models import Domain, Organisation
from auth.service import create_organisation
from config import migrate
from config.clock import FrozenClock
from config.database import db, stores
from config.settings import Mode, Settings
from pga.cases.models import Case
from pga.demo import cli, haste, service, source
from pga.demo.accounts import ACCOUNTS, PASSWORD, accounts
from tests.conftest import MakeApp, running


def nobody_hears(done: int, of: int) -> None:
    _ = done, of


def run(app: Flask, *words: str, answer: str = "") -> Result:
    return app.test_cli_runner().invoke(cli.demo, list(words), input=answer)


@pytest.fixture
def one_youth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region of one town and one youth, so that a command takes seconds."""
    whole = source.region().only("jip")
    monkeypatch.setattr(service, "region", lambda: whole)


@pytest.fixture
def production(settings: Settings, clock: FrozenClock) -> Iterator[Flask]:
    _ = clock
    real = replace(settings, mode=Mode.PRODUCTION, second_factor=True, secure_cookies=True)
    with running(real) as app:
        yield app


@pytest.mark.parametrize("command", [["load"], ["reset", "--yes"], ["accounts"]])
def test_production_refuses_every_command(production: Flask, command: list[str]) -> None:
    result = run(production, *command)
    assert result.exit_code == 1
    assert "The demo region does not exist in production." in result.output
    with production.app_context():
        assert db.session.query(Organisation).count() == 0


def test_production_refuses_the_services_by_a_named_error(production: Flask) -> None:
    with production.app_context():
        with pytest.raises(service.DemoInProductionError) as load_refused:
            service.load(nobody_hears)
        with pytest.raises(service.DemoInProductionError):
            service.erase()
    assert load_refused.value.code == "demo-in-production"


def test_production_and_tests_show_no_accounts(production: Flask, app: Flask) -> None:
    assert "demo_accounts" not in production.extensions
    assert "demo_accounts" not in app.extensions


def test_the_sign_in_page_of_a_demo_has_every_account(settings: Settings) -> None:
    with running(replace(settings, mode=Mode.DEMO)) as app:
        assert app.extensions["demo_accounts"] == tuple(accounts())


def test_the_accounts_are_printed_with_organisation_and_the_password_once(app: Flask) -> None:
    result = run(app, "accounts")
    assert result.exit_code == 0
    assert result.output.count(PASSWORD) == 1
    assert result.output.count("@pga.example") == len(ACCOUNTS)
    assert "casusregisseur@pga.example" in result.output
    assert "Gemeente Alkmaar (fictief)" in result.output


@pytest.mark.usefixtures("one_youth")
def test_a_region_left_halfway_is_loaded_anew_only_when_told_to(app: Flask) -> None:
    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt(done, of)

    with app.app_context(), pytest.raises(KeyboardInterrupt):
        service.load(stop)
    halfway = run(app, "load")
    assert (halfway.exit_code, "was not loaded whole" in halfway.output) == (1, True)
    assert run(app, "reset", answer="n\n").exit_code == 1
    anew = run(app, "reset", "--yes")
    assert anew.exit_code == 0, anew.output
    assert "`pga demo accounts` tells as whom one signs in" in anew.output
    assert PASSWORD not in anew.output
    again = run(app, "load")
    assert (again.exit_code, "there already" in again.output) == (0, True)
    with app.app_context():
        assert db.session.query(Case).count() == 1


def test_the_stores_are_laid_anew_on_both_databases(app_on: MakeApp, database: str) -> None:
    with app_on(database).app_context():
        create_organisation(name="Somebody", partners=["GPR"], domain=Domain.ADMINISTRATION)
        service.erase()
        assert service.loaded() is service.Loaded.NOTHING
        assert migrate.differences(stores()) == []


def waits() -> list[int]:
    """Ask new connections to the three stores how long a commit waits; 2 is until it is on disk."""
    engines = (stores().app, stores().keys, stores().audit)
    found = []
    for engine in engines:
        with engine.connect() as connection:
            found.append(int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one()))
    return found


@pytest.mark.parametrize("ends_well", [True, False])
def test_only_while_the_region_is_loaded_commits_do_not_wait_for_the_disk(
    app: Flask, *, ends_well: bool
) -> None:
    with app.app_context():
        assert waits() == [2, 2, 2]
        with suppress(KeyboardInterrupt), haste.not_waiting_for_the_disk():
            assert waits() == [0, 0, 0]
            create_organisation(name="Somebody", partners=["GPR"], domain=Domain.ADMINISTRATION)
            if not ends_well:
                raise KeyboardInterrupt
        assert waits() == [2, 2, 2]
        for engine in (stores().app, stores().keys, stores().audit):
            journal = Path(f"{engine.url.database}-wal")
            assert not journal.exists() or journal.stat().st_size == 0
        assert db.session.query(Organisation).count() == 1


def test_a_server_of_databases_is_left_as_durable_as_it_is(app_on: MakeApp) -> None:
    with app_on("postgresql").app_context(), haste.not_waiting_for_the_disk():
        create_organisation(name="Somebody", partners=["GPR"], domain=Domain.ADMINISTRATION)
        assert db.session.query(Organisation).count() == 1
