"""For tests of the foot of the house: an app with its stores and nothing else."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from config import database as stores_of
from config.settings import Settings
from tests.conftest import LayStores
from tests.databases import Addresses


@pytest.fixture
def bare_app(
    database: str, lay_stores: LayStores, settings_for: Callable[[Addresses], Settings]
) -> Iterator[Flask]:
    """An app that has nothing but the three stores, once on each database."""
    app = Flask("bare")
    stores_of.init_app(app, settings_for(lay_stores(database)))
    yield app
    app.extensions["stores"].dispose()
