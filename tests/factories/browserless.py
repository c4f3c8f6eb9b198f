"""A browser without a window, in which somebody is signed in."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from auth.current import PLAIN_COOKIE
from auth.models import LoginSession
from auth.rules import AuthLevel
from auth.service.sessions import prepare
from config.database import db, transaction

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HEADERS = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
Posted = Mapping[str, str | Sequence[str]]


@dataclass(slots=True)
class Visitor:
    """Somebody who opens and posts pages, each request in a context of its own.

    A test often stands in the context of an app, and a request would share its session.
    """

    client: FlaskClient
    session_id: bytes = b""
    _token: str = field(default="", init=False)

    @classmethod
    def signed_in(cls, app: Flask, person_id: bytes) -> "Visitor":
        """Give a person a login session and a browser that holds its cookie."""
        opened = prepare(person_id, AuthLevel.PASSWORD)
        session_id = opened.login.id
        with transaction():
            db.session.add(opened.login)
        visitor = cls(app.test_client(), session_id)
        visitor.client.set_cookie(PLAIN_COOKIE, opened.token)
        return visitor

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self._alone(lambda: self.client.get(path, headers=HEADERS))

    def read(self, path: str) -> str:
        """Open a page that must be there; give its text."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.text

    def post(self, path: str, data: Posted | None = None) -> TestResponse:
        """Post a form with the token of this browser."""
        sent = {**(data or {}), "csrf_token": self.token}
        return self._alone(lambda: self.client.post(path, data=sent, headers=HEADERS))

    def do(self, path: str, data: Posted | None = None) -> TestResponse:
        """Post a form that must be taken."""
        response = self.post(path, data)
        assert response.status_code == 303, (path, response.status_code, errors_in(response.text))
        return response

    @property
    def token(self) -> str:
        """Give the token of forms, read from a page once."""
        if not self._token:
            found = TOKEN.search(self.get("/account").text)
            assert found
            self._token = unescape(found.group(1))
        return self._token

    def _alone(self, request: Callable[[], TestResponse]) -> TestResponse:
        """Make a request outside whatever context the test stands in."""
        return Context().run(request)


def errors_in(page: str) -> list[str]:
    """List what a page says is wrong."""
    found = re.findall(r'class="[^"]*field__error[^"]*"[^>]*>(.*?)</div>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", text).strip() for text in found]


def session_of(visitor: Visitor) -> LoginSession:
    """Read the login session of a visitor."""
    return db.session.get_one(LoginSession, visitor.session_id, populate_existing=True)
