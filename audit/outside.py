"""Asking others over HTTP: with bounds, and never led on to an address nobody chose."""

from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

PATIENCE = 10
"""Seconds others get for each step of an answer."""
LONGEST_ANSWER = 64 * 1024
LONGEST_REASON = 200

NO_ANSWER = (URLError, HTTPException, OSError, ValueError)
"""How it shows that others did not answer."""


class RefusedError(Exception):
    """Others answered with another status than success; `said` is the beginning of their text."""

    def __init__(self, status: int, said: str) -> None:
        """Keep what they answered."""
        super().__init__(f"{status} {said}".strip())
        self.status = status
        self.said = said


class _Straight(HTTPRedirectHandler):
    """Follow no redirect: whoever we ask could have us ask the machines beside us."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Go nowhere else, so that a redirect is an answer like any other."""


_OPENER = build_opener(_Straight)


def post(url: str, body: bytes, kind: str) -> bytes:
    """Send something of a content type to an address of the settings; give the answer.

    Raises RefusedError for another status than success, and one of NO_ANSWER without an answer.
    """
    asked = Request(url, body, {"Content-Type": kind})  # noqa: S310 - an address of the settings
    try:
        with _OPENER.open(asked, timeout=PATIENCE) as reply:
            return bytes(reply.read(LONGEST_ANSWER))
    except HTTPError as error:
        with error:
            said = error.read(LONGEST_REASON).decode("utf-8", "replace").strip()
        raise RefusedError(error.code, said) from error
