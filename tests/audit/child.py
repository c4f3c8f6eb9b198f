"""A process that appends to a log and prints each acknowledged entry, until something stops it.

    python -m tests.audit.child URL KEY_HEX ENTRIES THREADS
    python -m tests.audit.child URL KEY_HEX ENTRIES sign

One line per receipt, `ack SEQ EVENT`, and one per refusal, `no`. With `sign` each entry is signed
for, and one line says what was signed, `signed SIZE NOTE_HEX`. Ends with `end` when all entries
were tried.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

from audit.auditctl.notes import SignerKey
from audit.gate import Gate
from audit.signing import Signer
from config import clock
from config.database import make_engine
from config.errors import StoreUnavailableError
from config.keys import KekProvider, LocalKek
from tests.audit.conftest import ALLOWED, DENIED, read_of

SIGNER = SignerKey("log.example/pga", b"k" * 32)


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

    numbers = iter(range(entries))  # each thread takes the next

    def work(_: int) -> None:
        for number in numbers:
            one(number)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    say(out, "end")


def sign(gate: Gate, out: int, entries: int) -> None:
    """Append entries one by one, and sign the log after each, as often as another was not first."""
    signer = Signer(gate.engine, [SIGNER])
    for _ in range(entries):
        gate.record(read_of())
        signed = signer.sign(clock.now())
        if signed is not None:
            say(out, f"signed {signed.size} {signed.note.hex()}")
    say(out, "end")


def signed_notes(text: str) -> list[tuple[int, bytes]]:
    """Read which sizes were said to be signed, and with which note."""
    whole = text[: text.rfind("\n") + 1].splitlines()
    lines = [line.split() for line in whole if line.startswith("signed ")]
    return [(int(size), bytes.fromhex(note)) for _, size, note in lines]


def acknowledged(text: str) -> dict[int, str]:
    """Read which numbers were acknowledged, and for which events."""
    whole = text[: text.rfind("\n") + 1].splitlines()
    lines = [line.split() for line in whole if line.startswith("ack ")]
    return {int(seq): event_id for _, seq, event_id in lines}


def main(url: str, key: str, entries: str, threads: str) -> None:
    """Append to the log at an address."""
    kek: KekProvider = LocalKek([bytes.fromhex(key)], "child")
    gate = Gate(make_engine(url), kek)
    if threads == "sign":
        sign(gate, sys.stdout.fileno(), int(entries))
    else:
        append(gate, sys.stdout.fileno(), int(entries), int(threads))


if __name__ == "__main__":
    main(*sys.argv[1:])
