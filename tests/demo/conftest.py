"""A slice of the region: one town, eight youths over all phases and both tracks, played once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from config import clock
from config.clock import FrozenClock
from config.settings import Argon2Cost
from pga.demo import service
from pga.demo.source import Region, region
from tests.conftest import MONDAY_MORNING, running, settings_in
from tests.databases import SqliteTemplate

SLICE = ("pim", "luuk", "fenna", "isa", "sem", "yara", "dex", "jip")


@dataclass(slots=True)
class Loaded:
    """The slice after it was played, and what its progress said."""

    app: Flask
    region: Region
    clock: FrozenClock
    scenes: int
    told: list[tuple[int, int]] = field(default_factory=list)


@pytest.fixture(scope="session")
def town() -> Region:
    """Alkmaar alone, with eight youths."""
    return region().only(*SLICE)


@pytest.fixture(scope="session")
def played(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: SqliteTemplate,
    cheap_argon2: Argon2Cost,
    town: Region,
) -> Iterator[Loaded]:
    """The slice, played once for all tests of this folder; none of them writes to it."""
    folder = tmp_path_factory.mktemp("demo")
    settings = settings_in(folder, sqlite_template.copy(folder / "stores"), cheap_argon2)
    told: list[tuple[int, int]] = []
    frozen = FrozenClock(MONDAY_MORNING)
    with running(settings) as app:
        with clock.use(frozen), app.app_context():
            scenes = service.load(lambda done, of: told.append((done, of)), town)
        yield Loaded(app, town, frozen, scenes, told)


@pytest.fixture
def loaded(played: Loaded) -> Iterator[Loaded]:
    """The slice, at the moment when its play was over and in its app; for this test alone."""
    with clock.use(played.clock), played.app.app_context():
        yield played
