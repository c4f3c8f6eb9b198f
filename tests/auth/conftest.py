"""An app of auth alone: the foot of the house, the frame, auth, and one desk to sit at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

import auth
from audit import gate
from auth import current, guards
from auth.guards import everyone, has_role, password_proven, signed_in
from auth.rules import Role
from auth.views import BLUEPRINTS
from config import database, error_pages, headers, keys
from config.clock import FrozenClock
from config.errors import InvalidInputError
from config.settings import Settings
from pga import web
from pga.web import i18n
from tests.auth.world import World
from tests.factories.kept import keep_templates


def _desk() -> ResponseReturnValue:
    """Take what is posted, refuse the word 'wrong', show who sits here."""
    if request.form.get("text") == "wrong":
        raise InvalidInputError({"text": ["Fill this in."]})
    return f"taken: {request.form.get('text', '')}"


def _blueprint(name: str) -> Blueprint:
    made = Blueprint(name, __name__)
    made.add_url_rule(f"/{name}", name, _desk, methods=["GET", "POST"])
    made.add_url_rule(f"/{name}/draft", "save_draft", _desk, methods=["POST"])
    return made


@contextmanager
def composed(settings: Settings) -> Iterator[Flask]:
    """Compose the app and close what it opened after use."""
    app = Flask("auth_alone", static_folder=None, template_folder=None)
    keep_templates(app)
    database.init_app(app, settings)
    keys.init_app(app, settings)
    gate.init_app(app)
    headers.init_app(app)
    error_pages.init_app(app)
    web.init_app(app)
    auth.init_app(app)
    i18n.use_preference(app, i18n.Preference(current.language, current.keep_language))
    for blueprint in (*BLUEPRINTS, *map(_blueprint, ("desk", "watch", "attic"))):
        app.register_blueprint(blueprint)
    app.add_url_rule("/alone", "alone", _desk)
    guards.init_app(
        app,
        {
            "web": everyone,
            "sign_in": everyone,
            "sign_in_steps": password_proven,
            "account": signed_in,
            "people": has_role(Role.ORG_ADMIN, Role.PROCESS_LEAD),
            "desk": signed_in,
            "watch": has_role(Role.PRIVACY_OFFICER),
            "alone": everyone,
        },
    )
    try:
        yield app
    finally:
        app.extensions["audit"].close()
        app.extensions["stores"].dispose()


@pytest.fixture
def app(settings: Settings, clock: FrozenClock) -> Iterator[Flask]:
    """An app that asks no second factor, on empty SQLite stores."""
    _ = clock
    with composed(settings) as made:
        yield made


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


@pytest.fixture
def strict(settings: Settings, clock: FrozenClock) -> Iterator[World]:
    """A town whose installation asks everybody for a second factor."""
    _ = clock
    with composed(replace(settings, second_factor=True)) as made:
        yield World(made)


@pytest.fixture
def in_app(app: Flask) -> Iterator[None]:
    """Run a test inside the app, whose keys passwords are mixed with."""
    with app.app_context():
        yield
