"""What `make run` starts: web and worker under one supervisor, on stores that are there."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from config.database import make_engine
from config.settings import Settings
from config.worker import WorkerLease
from tests.house.tree import ROOT


@dataclass(frozen=True)
class Running:
    """The product as it runs, and where."""

    process: subprocess.Popen[str]
    port: int

    def status(self, path: str) -> int:
        """Ask for a page and give the status of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def children(self) -> list[int]:
        """Give the processes that the supervisor started."""
        pid = self.process.pid
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def running(settings: Settings) -> Iterator[Running]:
    """Start the product on empty stores, and wait until it says where it serves."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PGA_MODE": "test",
        "PGA_BIND": f"127.0.0.1:{port}",
        "PGA_DATA_DIR": str(settings.data_dir),
        "PGA_APP_URL": settings.app_url,
        "PGA_KEYS_URL": settings.keys_url,
        "PGA_AUDIT_URL": settings.audit_url,
        "PGA_SECRET_KEY": settings.secret_key,
        "PGA_KEK": settings.kek,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "config.supervisor"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = iter(process.stdout)
        assert any(f"Open http://127.0.0.1:{port}" in line for line in lines)
        yield Running(process, port)
        process.terminate()


@pytest.fixture
def app_store(settings: Settings) -> Iterator[Engine]:
    engine = make_engine(settings.app_url)
    yield engine
    engine.dispose()


def test_it_serves_its_worker_works_and_it_ends_when_told_to(
    running: Running, app_store: Engine
) -> None:
    assert running.status("/healthz") == running.status("/readyz") == 200
    assert running.status("/no-such-page") == 404
    leases = 0
    latest = time.monotonic() + 30
    while not leases and time.monotonic() < latest:
        time.sleep(0.1)
        with app_store.connect() as connection:
            leases = connection.scalar(select(func.count()).select_from(WorkerLease)) or 0
    assert leases == 1
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=30) == 0


@pytest.mark.parametrize("place", [0, 1], ids=["web server", "worker"])
def test_the_death_of_either_ends_it(running: Running, place: int) -> None:
    os.kill(running.children()[place], signal.SIGKILL)
    assert running.process.wait(timeout=30) == 1
    assert running.process.stdout is not None
    name = ("web server", "worker")[place]
    assert f"The {name} ended (by SIGKILL)." in running.process.stdout.read()
