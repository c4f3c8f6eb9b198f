"""A real Chromium, a live server, and people to look at it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from config.settings import Argon2Cost, Settings
from tests.browser.walk import ARGUMENTS, Look, Person, serving
from tests.conftest import settings_in
from tests.databases import SqliteTemplate

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, so that `-m 'not browser'` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium; Playwright brings none."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture(params=list(Look))
def look(request: pytest.FixtureRequest) -> Look:
    """Walk the story wide and narrow, without JavaScript, and in English."""
    return Look(request.param)


@pytest.fixture(scope="module")
def settings_of_walk(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: SqliteTemplate,
    cheap_argon2: Argon2Cost,
) -> Settings:
    """Settings on empty SQLite stores that all walks of a file share."""
    folder = tmp_path_factory.mktemp("stage")
    return settings_in(folder, sqlite_template.copy(folder / "stores"), cheap_argon2)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the product is served."""
    with serving(app) as served:
        yield served


@pytest.fixture
def sit_down(browser: Browser, address: str) -> Iterator[Callable[[Look], Person]]:
    """Let somebody sit down at a browser of their own; each call is another person."""
    people: list[Person] = []

    def person(look: Look = Look.WIDE) -> Person:
        people.append(Person(browser, address, look))
        return people[-1]

    yield person
    for somebody in people:
        somebody.leave()
