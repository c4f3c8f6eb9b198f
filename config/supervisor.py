"""The supervisor of `make run`: web and worker together; the end of one is the end of all.

It needs the standard library alone, starts what serves, waits until it is ready, says where, and
passes on a request to stop.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

PACE = 0.1
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DIES_WITH_PARENT = 1  # prctl(2), PR_SET_PDEATHSIG
OK = 200

_prctl = ctypes.CDLL(None).prctl


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep, with the name a person reads."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds the programs get: to become ready, and to end by themselves."""

    start: float = 60.0
    end: float = 15.0


def supervise(
    programs: Sequence[Program],
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
    patience: Patience | None = None,
) -> int:
    """Keep the programs until one ends or we are told to stop; give the exit code.

    0 when we were told to stop, 1 when a program ended by itself or was not ready in time.
    `announce` is called once, when everything is ready.
    """
    patience = patience or Patience()
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        _ = frame
        told.append(number)

    before = {number: signal.signal(number, stop) for number in ENDING}
    running = {program.name: _start(program) for program in programs}
    try:
        fault = _watch(running, told, is_ready, announce, patience.start)
    finally:
        _end(running.values(), patience.end)
        for number, handler in before.items():
            signal.signal(number, handler)
    if fault:
        _say(fault, "Everything has been stopped.")
    return 1 if fault else 0


def _watch(
    running: Mapping[str, subprocess.Popen[bytes]],
    told: list[int],
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
    seconds: float,
) -> str:
    """Wait for an end; give what went wrong, or nothing when we were told to stop."""
    announced = False
    latest = time.monotonic() + seconds
    while not told:
        for name, process in running.items():
            if process.poll() is not None:
                return f"The {name} ended ({_cause(process.returncode)})."
        if not announced and is_ready():
            announced = True
            announce()
        if not announced and time.monotonic() > latest:
            return f"Nothing was ready after {seconds:.0f} seconds; GET /readyz says why."
        time.sleep(PACE)
    return ""


def _start(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches us first."""
    return subprocess.Popen(  # noqa: S603 - our own programs
        program.command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - there are no threads here
    )


def _end_with_parent() -> None:
    """Ask the kernel to stop this program when the supervisor is killed outright."""
    _prctl(DIES_WITH_PARENT, signal.SIGTERM)


def _end(processes: Collection[subprocess.Popen[bytes]], seconds: float) -> None:
    """Ask every program to end, and after a while make it; its children go with it."""
    for process in processes:
        process.terminate()
    latest = time.monotonic() + seconds
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, latest - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _cause(code: int) -> str:
    """Say in words why a program ended."""
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"


def _say(*lines: str) -> None:
    """Write lines for the person at the terminal."""
    sys.stdout.write("\n".join(("", *lines, "")))
    sys.stdout.flush()


def answers(host: str, port: int) -> bool:
    """Tell whether the product says that it is ready."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def is_taken(host: str, port: int) -> bool:
    """Tell whether another program serves at this address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def main(environ: Mapping[str, str]) -> int:
    """Serve the product at PGA_BIND, 127.0.0.1:8000 without it; give the exit code."""
    bind = environ.get("PGA_BIND", "127.0.0.1:8000")
    host, _, port = bind.rpartition(":")
    if is_taken(host, int(port)):
        _say(
            f"Another program serves at {bind}.",
            "Stop it, or take another address: make run PGA_BIND=127.0.0.1:8001",
        )
        return 1
    commands = Path(sys.executable).parent
    pga = str(commands / "pga")
    web = (str(commands / "gunicorn"), "-c", "python:config.gunicorn", "wsgi:create_app()")

    def announce() -> None:
        if environ.get("PGA_MODE", "demo") == "demo":
            _say()
            subprocess.run([pga, "demo", "accounts"], check=False)  # noqa: S603 - our own command
        _say(f"Open http://{bind} (stop with Ctrl-C)")

    return supervise(
        (
            Program("web server", web),
            Program("worker", (pga, "worker")),
            Program("signer", (pga, "audit", "sign")),
        ),
        lambda: answers(host, int(port)),
        announce,
    )


if __name__ == "__main__":
    sys.exit(main(os.environ))
