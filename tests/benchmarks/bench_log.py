"""The log as outsiders read it: how fast it verifies, and how large an entry is."""

import tempfile
from hashlib import sha256
from pathlib import Path

from audit.auditctl.export import Folder
from audit.auditctl.notes import SignerKey
from audit.auditctl.policies import parse_policy
from audit.auditctl.verifying import verify
from audit.gate import Gate
from audit.publishing import export, policy_text
from audit.signing import Signer
from audit.verify import quiet
from config import clock
from config.keys import LocalKek
from tests.audit.conftest import ALLOWED, DENIED, read_of
from tests.benchmarks.bench_receipts import durable_log
from tests.benchmarks.harness import Measured, bench, paired

ENTRIES = 20 * 256
KEY = SignerKey("bench.example", b"b" * 32)


def exported(folder: Path) -> int:
    """Write a log of some thousands of entries and export it; give the bytes of its database."""
    with durable_log("sqlite") as engine:
        gate = Gate(engine, LocalKek([bytes(32)], "bench"))
        for _ in range(ENTRIES // 256):
            gate.record_many([read_of(ALLOWED, DENIED) for _ in range(256)])
        Signer(engine, [KEY]).sign(clock.now())
        export(engine, folder, policy_text([KEY.verifier]), quiet)
        gate.close()
        with engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    return int(pages) * int(size)


@bench(
    unit="x",
    better="higher",
    goal=0.6,
    against="reading and hashing the same entries and nodes, and comparing nothing",
)
def verification_vs_hash_loop() -> Measured:
    """Verify an export against the bare loop over its files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        exported(folder)
        policy = parse_policy((folder / "policy").read_bytes())
        bundles = sorted((folder / "tile" / "entries").iterdir())

        def bare() -> None:
            for path in bundles:
                data, place, hashes = path.read_bytes(), 0, []
                while place < len(data):
                    end = place + 2 + int.from_bytes(data[place : place + 2], "big")
                    hashes.append(sha256(b"\x00" + data[place + 2 : end]).digest())
                    place = end
                while len(hashes) > 1:
                    hashes = [
                        sha256(b"\x01" + hashes[i] + hashes[i + 1]).digest()
                        for i in range(0, len(hashes), 2)
                    ]

        found = paired(bare, lambda: verify(Folder(folder), policy, quiet))
        return Measured(found.value, {**found.raw, "entries": ENTRIES})


@bench(unit="bytes", better="lower", goal=None, against="nothing: what one entry takes on disk")
def bytes_per_entry() -> Measured:
    """Weigh an entry with two lines, all rows, indexes and its part of the tree included."""
    with tempfile.TemporaryDirectory() as name:
        return Measured(exported(Path(name)) / ENTRIES, {"entries": ENTRIES})
