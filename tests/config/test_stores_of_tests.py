"""The databases that tests get are their own, laid alike and durable where that is asserted."""

from sqlalchemy import inspect, text

from config.clock import FrozenClock, now
from config.database import Stores, audit_metadata, keys_metadata
from config.settings import Settings
from config.worker import WorkerLease
from tests.conftest import MONDAY_MORNING, LayStores


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
