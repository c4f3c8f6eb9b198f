"""A process that appends to a log and prints each acknowledged entry, until something stops it.

    python -m tests.audit.child URL KEY_HEX ENTRIES THREADS

One line per receipt, `ack SEQ EVENT`, and one per refusal, `no`. Ends with `end` when all entries
were tried.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from audit.gate import Gate
from config.database import make_engine
from config.errors import StoreUnavailableError
from config.keys import KekProvider, LocalKek
from tests.audit.conftest import ALLOWED, DENIED, read_of


def say(out: int, line: str) -> None:
    """Write a line in one piece, so that a kill never leaves half an acknowledgement."""
    os.write(out, f"{line}\n".encode("ascii"))


def append(gate: Gate, out: int, entries: int, threads: int) -> None:
    """Append entries from several threads, each acknowledged by a line."""

    def one(number: int) -> None:
        try:
            receipt = gate.record(read_of(*([ALLOWED, DENIED][: 1 + number % 2])))
        except StoreUnavailableError:
            say(out, "no")
        else:
            say(out, f"ack {receipt.seq} {receipt.event_id}")

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(entries)))
    say(out, "end")


def acknowledged(text: str) -> dict[int, str]:
    """Read which numbers were acknowledged, and for which events."""
    whole = text[: text.rfind("\n") + 1].splitlines()
    lines = [line.split() for line in whole if line.startswith("ack ")]
    return {int(seq): event_id for _, seq, event_id in lines}


def main(url: str, key: str, entries: str, threads: str) -> None:
    """Append to the log at an address."""
    kek: KekProvider = LocalKek([bytes.fromhex(key)], "child")
    append(Gate(make_engine(url), kek), sys.stdout.fileno(), int(entries), int(threads))


if __name__ == "__main__":
    main(*sys.argv[1:])
