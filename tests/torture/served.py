"""A server in a process of its own, on the stores of a scene, to be killed at any moment."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException

from werkzeug.serving import make_server

from config import clock
from config.settings import Settings
from tests.browser.walk import _Quiet
from wsgi import create_app


class RunningClock:
    """A clock that starts at an instant and then runs as the machine's does."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


@contextmanager
def served(settings: Settings, at: datetime) -> Iterator[tuple[int, int]]:
    """Serve in a forked process; gives its pid and port, and kills it at the end if it lives."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    pid = os.fork()
    if pid == 0:
        try:
            with clock.use(RunningClock(at)):
                server = make_server(
                    "127.0.0.1",
                    port,
                    create_app(settings),
                    threaded=True,
                    request_handler=_Quiet,
                    fd=listening.fileno(),
                )
                server.serve_forever()
        finally:
            os._exit(0)
    listening.close()
    try:
        yield pid, port
    finally:
        kill(pid)


def kill(pid: int) -> None:
    """Kill a process without a chance to tidy up, and wait until it is gone."""
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return


def ask(
    port: int, method: str, path: str, cookie: str, body: str = ""
) -> tuple[int, str, str] | None:
    """Ask a page; gives status, text and cookies set, or None when the server died meanwhile."""
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        set_cookies = "; ".join(
            value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []
        )
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
    return answer.status, text, set_cookies
