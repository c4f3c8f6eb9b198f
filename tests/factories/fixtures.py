"""Fixtures of scenes for every test that asks; loaded lazily, for not every test needs a scene."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import pytest

from config.clock import FrozenClock
from config.settings import Argon2Cost
from tests.databases import Addresses, SqliteTemplate

if TYPE_CHECKING:
    from tests.factories.scene import Scene
    from tests.factories.snapshots import Played, Recipe, Snapshots

T = TypeVar("T")


class Play(Protocol):
    """Give a copy of what a recipe played, on the named database."""

    def __call__(self, recipe: "Recipe[T]", database: str = "sqlite") -> "Played[T]": ...


@pytest.fixture(scope="session")
def snapshots(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: SqliteTemplate,
    cheap_argon2: Argon2Cost,
) -> "Snapshots":
    """The scenes this worker has played."""
    room = import_module("tests.factories.snapshots")
    made: Snapshots = room.Snapshots(
        tmp_path_factory.mktemp("scenes"), sqlite_template, cheap_argon2
    )
    return made


@pytest.fixture
def play(
    snapshots: "Snapshots",
    lay_stores: Callable[[str], Addresses],
    tmp_path: Path,
    clock: FrozenClock,
) -> Iterator[Play]:
    """Play recipes, each a copy with an app of its own; the test stands in the newest one."""
    numbers = count(1)
    with ExitStack() as stack:

        def make(recipe: "Recipe[T]", database: str = "sqlite") -> "Played[T]":
            ended = snapshots.of(recipe).clock.now()
            clock.move_to(max(clock.now(), ended))
            elsewhere = None if database == "sqlite" else lay_stores(database)
            folder = tmp_path / f"scene{next(numbers)}"
            played = stack.enter_context(snapshots.copied(recipe, folder, elsewhere))
            stack.enter_context(played.app.app_context())
            return played

        yield make


@pytest.fixture
def scene(play: Play) -> "Scene":
    """A municipality with a signed youth agreement, on SQLite; the test stands in its app."""
    return play(import_module("tests.factories.snapshots").signed).scene


@pytest.fixture
def scene_on(play: Play, database: str) -> "Scene":
    """A municipality with a signed youth agreement, once on each database."""
    return play(import_module("tests.factories.snapshots").signed, database).scene
