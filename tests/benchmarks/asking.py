"""Asking a page of an app in this process, with nothing of a client in between."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import create_environ

from auth.current import PLAIN_COOKIE, PLAIN_FORM_COOKIE
from auth.models import LoginSession
from auth.rules import AuthLevel
from auth.service.sessions import prepare
from config.database import Stores, db, transaction

TOKEN = re.compile(rb'(?<=name="csrf_token" value=")[^"]+')


def without_tokens(page: bytes) -> bytes:
    """Leave out what differs between two answers that are otherwise the same."""
    return TOKEN.sub(b"", page)


def sign_in(app: Flask, person_id: bytes) -> str:
    """Give a person a login session; gives the cookies of a browser that has seen a page."""
    with app.app_context():
        opened = prepare(person_id, AuthLevel.PASSWORD)
        login: LoginSession = opened.login
        with transaction():
            db.session.add(login)
    client = app.test_client()
    client.set_cookie(PLAIN_COOKIE, opened.token)
    assert client.get("/account").status_code == 200
    kept = [client.get_cookie(name) for name in (PLAIN_COOKIE, PLAIN_FORM_COOKIE)]
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in kept if cookie)


@dataclass(frozen=True, slots=True)
class Ask:
    """One page as one person opens it; call it for its bytes."""

    app: Flask
    path: str
    cookie: str

    def __call__(self) -> bytes:
        """Open the page, which must be there."""
        told: list[str] = []

        def start(status: str, *_: object) -> Any:  # noqa: ANN401 - what WSGI calls write()
            told.append(status)

        environ = create_environ(self.path, headers={"Cookie": self.cookie})
        environ["wsgi.input"] = io.BytesIO()
        answer = self.app(environ, start)
        try:
            page = b"".join(answer)
        finally:
            getattr(answer, "close", bool)()
        assert told == ["200 OK"], (self.path, told)
        return page


@contextmanager
def counted(stores: Stores) -> Iterator[list[str]]:
    """Count the statements sent to the three stores."""
    engines = (stores.app, stores.keys, stores.audit)
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
