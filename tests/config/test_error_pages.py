"""Every error has its answer, and no answer repeats what went wrong inside."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from auth.guards import everyone
from config.database import db
from config.errors import (
    ApplicationError,
    ConflictError,
    ForbiddenError,
    IntegrityFaultError,
    InvalidInputError,
    NotFoundError,
    StoreUnavailableError,
    TooManyRefusalsError,
)
from config.worker import WorkerLease
from tests.conftest import MONDAY_MORNING

INSIDE = "what went wrong inside"


@pytest.fixture
def broken(app: Flask) -> Callable[[Callable[[], str]], FlaskClient]:
    """Give the app a page /broken that does what it is told."""

    def make(view: Callable[[], str]) -> FlaskClient:
        app.add_url_rule("/broken", "broken", view)
        app.extensions["guards"]["broken"] = everyone
        return app.test_client()

    return make


Broken = Callable[[Callable[[], str]], FlaskClient]


def raising(error: Exception) -> Callable[[], str]:
    def view() -> str:
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError(), 404),
        (ForbiddenError(), 403),
        (ConflictError(), 409),
        (InvalidInputError({"name": ["Fill in a name."]}), 422),
        (TooManyRefusalsError(), 429),
        (StoreUnavailableError(), 503),
        (IntegrityFaultError(), 503),
        (ApplicationError(), 500),
    ],
    ids=lambda case: type(case).__name__ if isinstance(case, Exception) else str(case),
)
def test_a_named_error_has_its_own_page(
    broken: Broken, error: ApplicationError, status: int
) -> None:
    answer = broken(raising(error)).get("/broken")
    assert answer.status_code == status
    assert answer.text.count("<h1") == 1


def test_an_error_without_a_page_of_its_own_is_still_answered(broken: Broken) -> None:
    teapot = type("TeapotError", (ApplicationError,), {"status": 418})
    answer = broken(raising(teapot())).get("/broken")
    assert answer.status_code == 418
    assert "<h1" in answer.text


@pytest.mark.parametrize("error", [RuntimeError(INSIDE), KeyError(INSIDE)], ids=repr)
def test_an_unexpected_error_says_nothing_of_what_went_wrong(
    broken: Broken, error: Exception
) -> None:
    answer = broken(raising(error)).get("/broken")
    assert answer.status_code == 500
    assert INSIDE not in answer.text


def test_a_store_that_fails_shows_nothing(broken: Broken) -> None:
    def view() -> str:
        return str(db.session.scalar(text("SELECT 1 FROM not_there")))

    answer = broken(view).get("/broken")
    assert answer.status_code == 503
    assert "not_there" not in answer.text


def test_what_was_not_committed_is_gone_before_the_error_page_is_drawn(
    app: Flask, broken: Broken
) -> None:
    def view() -> str:
        db.session.add(WorkerLease(name="lost", holder=bytes(16), until=MONDAY_MORNING))
        db.session.flush()
        raise ConflictError

    assert broken(view).get("/broken").status_code == 409
    with app.app_context():
        assert db.session.scalar(select(WorkerLease.name)) is None


def test_an_address_that_is_not_there_is_404(client: FlaskClient) -> None:
    assert client.get("/not-there").status_code == 404


def test_a_method_that_is_not_allowed_names_those_that_are(client: FlaskClient) -> None:
    answer = client.put("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
