"""Children that append to a log and are stopped, and what must hold of the log afterwards."""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import select as select_rows

from audit.gate import Gate
from audit.models import audit_entry
from audit.verify import verify
from config.database import Stores
from tests.audit.child import acknowledged, append

ROOT = Path(__file__).parents[2]
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(", re.MULTILINE)
LONG = 10**6
"""More entries than a child lives to append."""


def forked(gate: Gate, entries: int = LONG, threads: int = 4) -> tuple[int, int]:
    """Fork a child that appends; give its process id and where it acknowledges."""
    return forked_to(lambda out: append(gate, out, entries, threads))


def forked_to(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork a child that works and writes what it did; give its process id and where to read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            work(writing)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    return child, reading


def read_until(reading: int, enough: Callable[[bytes], bool]) -> bytes:
    """Read acknowledgements until they are enough, or the child has gone."""
    text = b""
    while not enough(text):
        if not select.select([reading], [], [], 60)[0]:
            message = "the child says nothing any more"
            raise TimeoutError(message)
        piece = os.read(reading, 65_536)
        if not piece:
            break
        text += piece
    return text


def nothing() -> None:
    """Let nothing happen to what the child writes to."""


def killed(gate: Gate, after: float, meanwhile: Callable[[], None] = nothing) -> dict[int, str]:
    """Let a child append for some seconds after its first receipt, kill -9 it; give its receipts.

    `meanwhile` happens first, while it appends. What stands in the pipe was acknowledged, however
    late it is read.
    """
    child, reading = forked(gate)
    text = read_until(reading, lambda seen: b"\n" in seen)
    time.sleep(after)
    meanwhile()
    os.kill(child, signal.SIGKILL)
    text += read_until(reading, lambda _: False)
    os.close(reading)
    os.waitpid(child, 0)
    return acknowledged(text.decode("ascii"))


def finished(child: int, reading: int) -> dict[int, str]:
    """Wait until a child has appended all; give its receipts."""
    text = read_until(reading, lambda _: False)
    os.close(reading)
    assert os.waitpid(child, 0)[1] == 0
    assert text.endswith(b"end\n")
    return acknowledged(text.decode("ascii"))


def injected(stores: Stores, *faults: str, entries: int = 40, threads: int | str = 2) -> str:
    """Run a child under strace, whose system calls on the log's files fail as told.

    Gives what the child said. A `when` counts the calls of each thread.
    """
    tracing = [f"trace={','.join(fault.partition(':')[0] for fault in faults)}"]
    tracing += [f"inject={fault}" for fault in faults]
    return _traced(stores, tracing, os.devnull, entries, threads)


def calls_on_files(stores: Stores, trace: Path) -> set[str]:
    """Name the system calls a child makes on the log's files while it appends and signs."""
    for threads in (2, "sign"):
        _traced(stores, ["trace=all"], str(trace), 40, threads)
    return {found[1] for found in _CALL.finditer(trace.read_text("utf-8"))}


def _traced(
    stores: Stores, tracing: Sequence[str], trace: str, entries: int, threads: int | str
) -> str:
    """Run a child under strace; the trace of the log's files is added to a file."""
    file = str(stores.audit.url.database)
    url = stores.audit.url.render_as_string(hide_password=False)
    command = ["strace", "-f", "-qq", "-A", "-o", trace]
    command += [word for end in ("", "-wal", "-shm") for word in ("-P", file + end)]
    command += [word for option in tracing for word in ("-e", option)]
    key = bytes(range(32)).hex()
    child = [sys.executable, "-m", "tests.audit.child", url, key, str(entries), str(threads)]
    run = subprocess.run([*command, *child], cwd=ROOT, capture_output=True, text=True, check=False)
    return run.stdout


def assert_kept(gate: Gate, receipts: Mapping[int, str]) -> None:
    """Check that every acknowledged entry is in the log under its number, and the log verifies."""
    with gate.engine.connect() as connection:
        rows = connection.execute(select_rows(audit_entry.c.seq, audit_entry.c.event_id))
        stored = {row.seq: row.event_id for row in rows}
    assert receipts.items() <= stored.items()
    verdict = verify(gate.engine, gate._provider)
    assert verdict.is_ok, verdict
    assert verdict.size == len(stored)
