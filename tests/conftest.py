"""What every test may ask for: stores, settings, a clock, an app and its client."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import astuple
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from config import clock as house_clock
from config.clock import FrozenClock
from config.database import Stores
from config.keys import make_key_file
from config.settings import Argon2Cost, Mode, Settings
from tests.databases import Addresses, Cluster, PostgresqlTemplate, SqliteTemplate
from tests.factories.kept import (
    forget_macros,
    keep_catalogues,
    keep_routes,
    keep_statements,
    keep_templates,
)
from tests.measuring import measured, put_measured_first, unmeasured

pytest_plugins = ("tests.factories.fixtures",)

LayStores = Callable[[str], Addresses]
SettingsFor = Callable[[Addresses], Settings]
MakeApp = Callable[[str], Flask]
MONDAY_MORNING = datetime(2026, 11, 2, 9, tzinfo=UTC)

# A shared machine is slow at times; how long an example takes says nothing. In CI the examples are
# the same in every run, so that what lands does not hang on chance.
hypothesis_settings.register_profile(
    "house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI"))
)
hypothesis_settings.load_profile("house")
keep_catalogues()
keep_routes()
keep_statements()


@contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    """Make the whole product with these settings, and close what it opened after use."""
    # Loaded here: tests of one room need not wait for all rooms.
    app: Flask = import_module("wsgi").create_app(settings)
    keep_templates(app)
    try:
        yield app
    finally:
        app.extensions["audit"].close()
        app.extensions["stores"].dispose()
        forget_macros()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="run fault and load tests in full")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    put_measured_first(items)


def pytest_collection_finish() -> None:
    """Let the collector pass over what stays to the end, and look less often at the rest."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test marked `unmeasured` without counting lines."""
    with unmeasured() if item.get_closest_marker("unmeasured") else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Count the lines of a set-up that tests share, whichever of them is the first to ask."""
    is_shared = fixturedef.scope != "function"
    is_counted = is_shared and not request.node.get_closest_marker("unmeasured")
    with measured() if is_counted else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skipped test as a failed one: what a test needs is installed, or the run stops."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped; tests never skip"
    return report


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a fault run repeats: 10 in the tests, 200 under --torture, unless marked."""
    marker = request.node.get_closest_marker("rounds")
    marked = {"short": 10, "long": 200} | (marker.kwargs if marker else {})
    return int(marked["long" if request.config.getoption("--torture") else "short"])


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this worker, started by the first test that needs one."""
    server = Cluster()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgresql_template(cluster: Cluster) -> PostgresqlTemplate:
    return PostgresqlTemplate(cluster)


@pytest.fixture
def lay_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LayStores]:
    """Lay empty stores on the named database; a second call lays others."""
    with ExitStack() as stack:

        def lay(database: str) -> Addresses:
            if database == "postgresql":
                template: PostgresqlTemplate = request.getfixturevalue("postgresql_template")
                return stack.enter_context(template.copied())
            files: SqliteTemplate = request.getfixturevalue("sqlite_template")
            return files.copy(tmp_path / f"stores{len(list(tmp_path.glob('stores*')))}")

        yield lay


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database."""
    return str(request.param)


@pytest.fixture
def stores(database: str, lay_stores: LayStores) -> Iterator[Stores]:
    """Three empty stores, once on each database."""
    with lay_stores(database).opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def cheap_argon2() -> Argon2Cost:
    """Password checks that cost next to nothing, for tests alone."""
    return Argon2Cost(time=1, memory_kib=8, parallelism=1)


@pytest.fixture
def settings_for(tmp_path: Path, cheap_argon2: Argon2Cost) -> SettingsFor:
    """Settings of an installation in test mode on the given stores, with a key file of its own."""

    return lambda addresses: settings_in(tmp_path, addresses, cheap_argon2)


def settings_in(folder: Path, addresses: Addresses, argon2: Argon2Cost) -> Settings:
    """Settings of an installation in test mode; its key file lies in a folder."""
    app_url, keys_url, audit_url = astuple(addresses)
    kek = folder / "kek"
    if not kek.exists():
        make_key_file(kek)
    return Settings(
        mode=Mode.TEST,
        data_dir=folder,
        app_url=app_url,
        keys_url=keys_url,
        audit_url=audit_url,
        secret_key="only-for-tests-" * 3,
        kek=f"file:{kek}",
        second_factor=False,
        argon2=argon2,
        secure_cookies=False,
    )


@pytest.fixture
def settings(lay_stores: LayStores, settings_for: SettingsFor) -> Settings:
    """Settings in test mode on three empty SQLite stores."""
    return settings_for(lay_stores("sqlite"))


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """A clock that stands at Monday 2 November 2026, 10 in the morning in Amsterdam."""
    frozen = FrozenClock(MONDAY_MORNING)
    with house_clock.use(frozen):
        yield frozen


@pytest.fixture
def app_on(
    lay_stores: LayStores,
    settings_for: SettingsFor,
    clock: FrozenClock,
) -> Iterator[MakeApp]:
    """Make an app on empty stores of the named database, on the frozen clock."""
    _ = clock
    with ExitStack() as stack:

        def make(database: str) -> Flask:
            return stack.enter_context(running(settings_for(lay_stores(database))))

        yield make


@pytest.fixture
def app(settings: Settings, clock: FrozenClock) -> Iterator[Flask]:
    """The whole product on empty SQLite stores, on the frozen clock."""
    _ = clock
    with running(settings) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a window, for the app on SQLite."""
    return app.test_client()
