"""Scenes played once and copied: to play one through the real services takes seconds.

A recipe is a function that plays a scene and gives what tests need to know, ids mostly. It runs
once per worker; every test gets its own copy of the stores it left, and of the scene.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast

from flask import Flask
from sqlalchemy import Engine, MetaData, delete, insert, select

from config import clock
from config.clock import FrozenClock
from config.database import Base, Stores, audit_metadata, db, keys_metadata
from config.settings import Argon2Cost
from tests.conftest import MONDAY_MORNING, running, settings_in
from tests.databases import Addresses, SqliteTemplate
from tests.factories.browserless import Visitor
from tests.factories.scene import Scene
from tests.measuring import measured

T = TypeVar("T")
Recipe = Callable[[Scene], T]


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T]):
    """What a recipe left: SQLite stores and a key file in a folder, the scene, and the time."""

    folder: Path
    scene: Scene
    made: T
    clock: FrozenClock


@dataclass(frozen=True, slots=True)
class Played(Generic[T]):
    """A copy of a scene for one test: its app, its people, and what the recipe made."""

    app: Flask
    scene: Scene
    made: T

    def visitor(self, partner: str, name: str = "") -> Visitor:
        """Open a browser in which somebody of the scene is signed in."""
        with self.app.app_context():
            return Visitor.signed_in(self.app, self.scene.who(partner, name).person_id)


def signed(scene: Scene) -> None:
    """Sign the youth agreement, and nothing more."""
    scene.sign()


class Snapshots:
    """The snapshots of one worker, each made when first asked for."""

    def __init__(self, folder: Path, template: SqliteTemplate, argon2: Argon2Cost) -> None:
        self._folder = folder
        self._template = template
        self._argon2 = argon2
        self._made: dict[str, Snapshot[object]] = {}

    def of(self, recipe: Recipe[T]) -> Snapshot[T]:
        """Give the snapshot of a recipe; all others go on from the signed agreement."""
        name = f"{recipe.__module__}.{recipe.__qualname__}"
        if name not in self._made:
            before = None if recipe is signed else self.of(signed)
            self._made[name] = self._play(self._folder / name, recipe, before)
        return cast("Snapshot[T]", self._made[name])

    def _play(self, folder: Path, recipe: Recipe[T], before: Snapshot[None] | None) -> Snapshot[T]:
        if before is None:
            self._template.copy(folder)
        else:
            shutil.copytree(before.folder, folder)
        scene = deepcopy(before.scene) if before else Scene()
        frozen = FrozenClock(before.clock.now() if before else MONDAY_MORNING)
        settings = settings_in(folder, SqliteTemplate.addresses(folder), self._argon2)
        with measured(), clock.use(frozen), running(settings) as app, app.app_context():
            made = recipe(scene)
            db.session.remove()
        return Snapshot(folder, scene, made, frozen)

    @contextmanager
    def copied(
        self, recipe: Recipe[T], folder: Path, elsewhere: Addresses | None = None
    ) -> Iterator[Played[T]]:
        """Run an app on a copy in a folder of its own, or on stores elsewhere.

        The caller's clock must have come to the time at which the recipe ended.
        """
        snapshot = self.of(recipe)
        shutil.copytree(snapshot.folder, folder)
        here = SqliteTemplate.addresses(folder)
        if elsewhere is not None:
            with here.opened() as source, elsewhere.opened() as target:
                transfer(source, target)
        settings = settings_in(folder, elsewhere or here, self._argon2)
        with running(settings) as app:
            yield Played(app, deepcopy(snapshot.scene), deepcopy(snapshot.made))


def transfer(source: Stores, target: Stores) -> None:
    """Copy every row to stores on another database, whose tables are laid."""
    _transfer(source.app, target.app, Base.metadata)
    _transfer(source.keys, target.keys, keys_metadata)
    _transfer(source.audit, target.audit, audit_metadata)


def _transfer(source: Engine, target: Engine, tables: MetaData) -> None:
    with source.connect() as reading, target.begin() as writing:
        for table in reversed(tables.sorted_tables):
            if reading.execute(select(table)).first() is not None:
                writing.execute(delete(table))
        for table in tables.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows:
                writing.execute(insert(table), rows)
