"""A scene on each database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.factories.scene import Scene


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    """A municipality with a signed youth agreement, on SQLite."""
    with app.app_context():
        made = Scene()
        made.sign()
        yield made


@pytest.fixture
def scene_on(app_on: Callable[[str], Flask], database: str) -> Iterator[Scene]:
    """A municipality with a signed youth agreement, once on each database."""
    with app_on(database).app_context():
        made = Scene()
        made.sign()
        yield made
