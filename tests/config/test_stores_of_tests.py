"""The databases that tests get are their own, laid alike and durable where that is asserted."""

from sqlalchemy import create_engine, insert, inspect, text

from config.clock import FrozenClock, now
from config.database import Stores, audit_metadata, keys_metadata
from config.settings import Settings
from config.worker import WorkerLease
from tests.conftest import MONDAY_MORNING, LayStores
from tests.databases import PostgresqlTemplate


def test_each_store_has_its_tables(stores: Stores) -> None:
    assert WorkerLease.__tablename__ in inspect(stores.app).get_table_names()
    assert set(keys_metadata.tables) <= set(inspect(stores.keys).get_table_names())
    assert set(audit_metadata.tables) <= set(inspect(stores.audit).get_table_names())


def test_two_sets_of_stores_share_nothing(database: str, lay_stores: LayStores) -> None:
    with lay_stores(database).opened() as one, lay_stores(database).opened() as other:
        with one.app.begin() as connection:
            connection.execute(text("CREATE TABLE mine (id INTEGER)"))
        assert "mine" not in inspect(other.app).get_table_names()


def test_the_clock_stands_at_monday_morning(clock: FrozenClock) -> None:
    assert clock.now() == now() == MONDAY_MORNING


def test_settings_name_three_stores(settings: Settings) -> None:
    assert len({settings.app_url, settings.keys_url, settings.audit_url}) == 3


def test_a_store_that_is_used_again_is_as_it_was_laid(
    postgresql_template: PostgresqlTemplate,
) -> None:
    names = set()
    for _ in range(2):
        with postgresql_template.copied() as addresses, addresses.opened() as opened:
            names.add(addresses.app)
            with opened.app.begin() as connection:
                assert connection.scalar(text("SELECT count(*) FROM worker_lease")) == 0
                lease = {"name": "worker", "holder": bytes(16), "until": MONDAY_MORNING}
                connection.execute(insert(WorkerLease).values(**lease))
    assert len(names) == 1


def test_a_store_whose_tables_were_changed_is_not_used_again(
    postgresql_template: PostgresqlTemplate,
) -> None:
    for _ in range(2):
        with (
            postgresql_template.copied() as addresses,
            addresses.opened() as opened,
            opened.app.begin() as connection,
        ):
            connection.execute(text("ALTER TABLE worker_lease DROP COLUMN until"))


def test_a_session_left_open_harms_no_later_test(postgresql_template: PostgresqlTemplate) -> None:
    with postgresql_template.copied() as addresses:
        left_open = create_engine(addresses.app).connect()
        left_open.execute(text("LOCK TABLE worker_lease"))
    with (
        postgresql_template.copied() as addresses,
        addresses.opened() as opened,
        opened.app.connect() as connection,
    ):
        assert connection.scalar(text("SELECT count(*) FROM worker_lease")) == 0
    left_open.invalidate()
    left_open.close()
