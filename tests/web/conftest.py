"""The foot of the pages alone: an app with a frame and nothing behind it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Mode
from pga.web import catalogues
from tests.web.frames import frame_app

MakeApp = Callable[..., Flask]


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    catalogues.compile_all()


@pytest.fixture
def make_app(tmp_path: Path) -> MakeApp:
    """Make an app that has only the frame; `mode` decides whether it is a demo."""

    def make(mode: Mode = Mode.TEST) -> Flask:
        app = frame_app(tmp_path, mode)
        app.testing = True
        app.config["WTF_CSRF_ENABLED"] = False
        return app

    return make


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def in_dutch(app: Flask) -> Iterator[Flask]:
    """Stand inside a request of somebody who reads Dutch."""
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        yield app
