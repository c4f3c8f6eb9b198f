"""For tests of the foot of the house: an app with its stores and nothing else."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import database as stores_of
from config import migrate
from config.settings import Settings
from tests.conftest import LayStores
from tests.databases import Addresses

REVISION = '''"""{message}."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04d}"
down_revision = {before}
store = "{store}"


def upgrade() -> None:
    {body}
'''


class History:
    """A history of its own, beside that of the product."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "migrations"
        shutil.copytree(
            migrate.FOLDER, self.folder, ignore=shutil.ignore_patterns("0*.py", "__pycache__")
        )
        self._number = 0

    def add(self, store: str, body: str) -> None:
        """Add a revision of a store."""
        before = f'"{self._number:04d}"' if self._number else None
        self._number += 1
        text = REVISION.format(
            message="A step", number=self._number, before=before, store=store, body=body
        )
        (self.folder / "versions" / f"{self._number:04d}_step.py").write_text(text)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


@pytest.fixture
def bare_app(
    database: str, lay_stores: LayStores, settings_for: Callable[[Addresses], Settings]
) -> Iterator[Flask]:
    """An app that has nothing but the three stores, once on each database."""
    app = Flask("bare")
    stores_of.init_app(app, settings_for(lay_stores(database)))
    yield app
    app.extensions["stores"].dispose()
