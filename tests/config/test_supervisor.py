"""Web and worker are one product: ready together, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from config import supervisor
from config.supervisor import Patience, Program, supervise

SLEEPS = "import time; time.sleep(60)"
TELLS = "import os, signal, time; os.kill(os.getppid(), signal.{}); time.sleep(60)"
STUBBORN = """
import pathlib, signal, sys, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""


def python(name: str, code: str, *arguments: str) -> Program:
    return Program(name, (sys.executable, "-c", code, *arguments))


def never() -> bool:
    return False


def ready() -> bool:
    return True


def nothing() -> None:
    """Announce nothing."""


def is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def until(holds: Callable[[], bool]) -> None:
    latest = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < latest
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("ending", "cause"),
    [
        ("raise SystemExit(3)", "with exit code 3"),
        ("raise SystemExit(0)", "with exit code 0"),
        ("import os; os.kill(os.getpid(), 9)", "by SIGKILL"),
    ],
)
def test_the_end_of_one_ends_all_with_a_message(
    ending: str, cause: str, capfd: pytest.CaptureFixture[str]
) -> None:
    programs = (python("web server", SLEEPS), python("worker", ending))
    assert supervise(programs, never, nothing) == 1
    assert f"The worker ended ({cause}).\nEverything has been stopped." in capfd.readouterr().out


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_request_to_stop_stops_all_and_is_no_fault(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before = [signal.getsignal(number) for number in supervisor.ENDING]
    programs = (python("web server", SLEEPS), python("worker", TELLS.format(name)))
    assert supervise(programs, never, nothing) == 0
    assert capfd.readouterr().out == ""
    assert [signal.getsignal(number) for number in supervisor.ENDING] == before


def test_it_announces_once_when_everything_is_ready() -> None:
    announced: list[str] = []
    programs = (python("web server", "import time; time.sleep(0.6)"),)
    assert supervise(programs, ready, lambda: announced.append("now")) == 1
    assert announced == ["now"]


def test_what_is_not_ready_in_time_is_stopped(capfd: pytest.CaptureFixture[str]) -> None:
    assert supervise((python("web server", SLEEPS),), never, nothing, Patience(start=0.2)) == 1
    assert "GET /readyz says why" in capfd.readouterr().out


def test_a_program_that_will_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "child"
    programs = (python("web server", STUBBORN, str(note)),)

    def tell() -> None:
        until(lambda: note.exists() and note.read_text() != "")
        os.kill(os.getpid(), signal.SIGTERM)

    assert supervise(programs, ready, tell, Patience(end=0.2)) == 0
    until(lambda: not is_running(int(note.read_text())))


def test_programs_end_when_the_supervisor_is_killed_outright(tmp_path: Path) -> None:
    note = tmp_path / "child"
    writes = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    code = (
        "import sys\nfrom config.supervisor import Program, supervise\n"
        f"supervise([Program('web', (sys.executable, '-c', {writes!r}))], bool, print)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as started:
        until(lambda: note.exists() and note.read_text() != "")
        started.kill()
    until(lambda: not is_running(int(note.read_text())))


class Answer(BaseHTTPRequestHandler):
    """Answer /readyz with the status the server holds."""

    def do_GET(self) -> None:
        assert self.path == "/readyz"
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Answer) as made:
        thread = Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "is_ready"), [(200, True), (503, False)])
def test_only_a_ready_product_counts_as_ready(
    server: HTTPServer, status: int, *, is_ready: bool
) -> None:
    server.status = status  # type: ignore[attr-defined]
    assert supervisor.answers("127.0.0.1", server.server_port) is is_ready


def test_what_does_not_listen_is_not_ready() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert not supervisor.answers("127.0.0.1", free.getsockname()[1])


def test_a_taken_address_is_named_before_anything_starts(
    server: HTTPServer, capfd: pytest.CaptureFixture[str]
) -> None:
    bind = f"127.0.0.1:{server.server_port}"
    assert supervisor.main({"PGA_BIND": bind}) == 1
    assert f"Another program serves at {bind}." in capfd.readouterr().out
