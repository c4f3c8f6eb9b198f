"""A server as an installation runs it, on stores of a benchmark, and the load put on it.

The server is gunicorn with the settings of the product (two workers, sixteen threads); each client
is a thread with one connection of its own, that asks for the next page once it has the last.
"""

import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

READY = 30  # seconds


@dataclass(frozen=True, slots=True)
class Load:
    """What a load showed: pages a second over all clients, and the median wait in milliseconds."""

    per_second: float
    median_ms: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server on a free port of this machine."""

    port: int

    def load(self, path: str, cookie: str, clients: int, seconds: float) -> Load:
        """Let so many clients ask for one page for a while; every answer must be the page."""
        waits: list[float] = []
        end = time.perf_counter() + seconds

        def ask_on() -> None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            while (start := time.perf_counter()) < end:
                connection.request("GET", path, headers={"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, (path, answer.status)
                waits.append(time.perf_counter() - start)
            connection.close()

        threads = [threading.Thread(target=ask_on) for _ in range(clients)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - start
        return Load(len(waits) / took, statistics.median(waits) * 1000)


@contextmanager
def served(factory: str, told: Mapping[str, str]) -> Iterator[Server]:
    """Serve what a factory makes, like `wsgi:create_app()`, in an environment of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", factory]
    bind = {"PGA_BIND": f"127.0.0.1:{port}", "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(command, env={**os.environ, **told, **bind}) as process:
        try:
            _wait_for(port, process)
            yield Server(port)
        finally:
            process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the server answers; raises RuntimeError when it does not."""
    end = time.monotonic() + READY
    while time.monotonic() < end and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=READY)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "the server does not answer"
    raise RuntimeError(message)
