"""Ten million entries: an export verifies in constant memory, an officer waits no longer.

The first time the log of an officer is written, which takes half an hour and 27 GB; it is kept.
"""

import json
import os
import pty
import subprocess
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from audit.auditctl import tree
from audit.auditctl.checkpoints import Checkpoint
from audit.auditctl.notes import Note
from audit.auditctl.paths import WIDTH, Resource, encode_bundle
from audit.queries import Access
from tests.audit.auditctl.folders import LOG, policy
from tests.benchmarks import bench_officer
from tests.benchmarks.harness import paired
from tests.benchmarks.long_log import SHORT

MOST_MORE = 8 * 1024  # KiB that a long export may take beyond one of a single bundle
GOAL = 2.5  # of a thousand times as many entries: one level more in every index and tile
LEAF = b'{"a":"CONSULT","c":{"actor":"%064x"},"k":"standard-2026-11","t":"2026-11-02T08:00:00Z"}'


def write(folder: Path, size: int) -> Path:
    """Write an export of many entries bundle by bundle, without holding them."""
    frontier: list[bytes] = []
    levels: list[list[bytes]] = [[]]
    for first in range(0, size, WIDTH):
        entries = [LEAF % number for number in range(first, min(first + WIDTH, size))]
        put(folder, Resource(None, first // WIDTH, len(entries)), encode_bundle(entries))
        hashes = [sha256(b"\x00" + entry).digest() for entry in entries]
        frontier = tree.append(frontier, first, hashes)
        add(folder, levels, 0, first // WIDTH, hashes)
    for level, hashes in enumerate(levels[1:], start=1):
        if hashes:
            number = size // WIDTH ** (level + 1)
            put(folder, Resource(level, number, len(hashes)), b"".join(hashes))
    text = Checkpoint(LOG.name, size, tree.root(frontier)).text
    (folder / "checkpoint").write_bytes(str(Note(text, (LOG.sign(text),))).encode())
    (folder / "policy").write_text(policy(), "utf-8")
    return folder


def add(folder: Path, levels: list[list[bytes]], level: int, number: int, new: list[bytes]) -> None:
    """Write a tile; the root of a full one is a hash of the level above."""
    put(folder, Resource(level, number, len(new)), b"".join(new))
    if len(new) < WIDTH:
        return
    if len(levels) == level + 1:
        levels.append([])
    levels[level + 1].append(tree.perfect_root(new))
    if len(levels[level + 1]) == WIDTH:
        full, levels[level + 1] = levels[level + 1], []
        add(folder, levels, level + 1, number // WIDTH, full)


def put(folder: Path, resource: Resource, data: bytes) -> None:
    path = folder / resource.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def verified(folder: Path) -> tuple[dict[str, object], int, str]:
    """Verify an export from a terminal; gives the answer, the memory it took (KiB) and progress."""
    ours, terminal = pty.openpty()
    seen: list[bytes] = []

    def watch() -> None:
        while True:
            try:
                seen.append(os.read(ours, 65_536))
            except OSError:  # the terminal was closed
                return

    watching = Thread(target=watch)
    watching.start()
    command = [sys.executable, "-m", "audit.auditctl", "verify", str(folder), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    os.close(terminal)
    watching.join()
    os.close(ours)
    return json.loads(said), usage.ru_maxrss, b"".join(seen).decode()


@pytest.mark.rounds(short=26_000, long=10_000_000)
def test_a_long_export_verifies_in_constant_memory_and_says_how_far_it_is(
    tmp_path: Path, rounds: int
) -> None:
    """`rounds` is how many entries the export has."""
    _, little, _ = verified(write(tmp_path / "short", WIDTH))
    answer, much, progress = verified(write(tmp_path / "long", rounds))
    assert (answer["verdict"], answer["size"]) == ("ok", rounds)
    assert much - little < MOST_MORE
    assert "25,600 of" in progress
    assert f"{rounds:,} of {rounds:,}" in progress


@pytest.mark.rounds(short=1_000, long=10_000_000)
def test_an_officer_waits_no_longer_in_a_long_log(rounds: int) -> None:
    """`rounds` is how many entries the log has; in a short one only the answers count."""
    sizes = (rounds, min(rounds, SHORT))
    logs = [bench_officer.reader("sqlite", size) for size in sizes]
    for name, question in bench_officer.QUESTIONS.items():
        long, short = map(partial, (question, question), logs, sizes)
        for found in (long(), short()):
            rows = found if isinstance(found, list) else [found]
            assert [row.fault for row in rows if isinstance(row, Access) and row.fault] == [], name
        if rounds > SHORT:
            assert paired(long, short).value <= GOAL, name
