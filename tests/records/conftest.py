"""A world for sealed records, once on each database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from config.clock import FrozenClock
from config.settings import Settings
from tests.conftest import LayStores
from tests.databases import Addresses
from tests.records.world import World, running


@pytest.fixture
def record_app(
    database: str,
    lay_stores: LayStores,
    settings_for: Callable[[Addresses], Settings],
    clock: FrozenClock,
) -> Iterator[Flask]:
    """An app with stores, keys and the gate, in its context, on the frozen clock."""
    _ = clock
    with running(settings_for(lay_stores(database))) as app:
        yield app


@pytest.fixture
def world(record_app: Flask) -> World:
    """One agreement in that app."""
    _ = record_app
    return World()
