"""Verifiers that others wrote accept what the log publishes, and refuse what was touched.

Those of the Go checksum database, as Debian ships them, unchanged: `outsiders/verify.go` only hands
them the files.
"""

import os
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from audit.auditctl.notes import KeyType, SignerKey
from audit.auditctl.tree import leaf_hash
from audit.gate import Gate
from audit.models import audit_cosig, audit_entry
from audit.publishing import Publication, export, policy_text
from audit.signing import Signer
from audit.verify import quiet
from config.clock import FrozenClock
from config.database import Stores
from config.keys import KekProvider
from tests.audit.conftest import ALLOWED, DENIED, read_of

KEY = SignerKey("log.example/pga", b"k" * 32)
OTHER = SignerKey("log.example/pga", b"o" * 32)
WITNESS = SignerKey("witness.example", b"w" * 32, KeyType.COSIGNATURE)
SOURCE = Path(__file__).parent / "outsiders" / "verify.go"
SIZES = (300, 3 * 256 + 52)  # the second with full tiles, and a partial one of each level

Ask = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile what hands our files to the verifiers, against the sources that Debian ships."""
    folder = tmp_path_factory.mktemp("go")
    built = folder / "verify"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(folder / "cache"),
        "CGO_ENABLED": "0",
    }
    subprocess.run(["go", "build", "-o", built, SOURCE], env=environment, check=True)
    return built


@pytest.fixture
def ask(program: Path, tmp_path: Path) -> Ask:
    """Ask the verifiers about the export in a folder."""

    def ask(*names: str, key: SignerKey = KEY, proofs: str = "") -> tuple[int, str]:
        paths = [str(tmp_path / name) for name in names]
        command = [str(program), paths[0], str(key.verifier), *paths[1:]]
        done = subprocess.run(command, input=proofs, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip()

    return ask


@pytest.fixture
def published(sqlite_stores: Stores, kek: KekProvider, clock: FrozenClock, tmp_path: Path) -> Gate:
    """Publish a log twice as it grows, cosigned by a witness."""
    gate = Gate(sqlite_stores.audit, kek)
    for name, size in zip(("old", "new"), SIZES, strict=True):
        with gate.engine.connect() as connection:
            there = len(connection.execute(audit_entry.select()).all())
        gate.record_many([read_of(ALLOWED, DENIED) for _ in range(size - there)])
        clock.advance(timedelta(seconds=5))
        signed = Signer(gate.engine, [KEY]).sign(clock.now())
        assert signed is not None
        text = signed.note.decode().partition("\n\n")[0] + "\n"
        line = str(WITNESS.sign(text, 1_700_000_000))
        with gate.engine.begin() as connection:
            connection.execute(audit_cosig.insert().values(size=size, name="W", line=line, ts=""))
        export(gate.engine, tmp_path / name, policy_text([KEY.verifier]), quiet)
    return gate


def test_others_accept_what_the_log_publishes_and_proves(
    published: Gate, ask: Ask, tmp_path: Path
) -> None:
    lines = []
    with published.engine.connect() as connection:
        publication = Publication(connection)
        entries = connection.execute(audit_entry.select().order_by(audit_entry.c.seq)).all()
        for seq in (0, 255, 256, 299, SIZES[1] - 1):
            (tmp_path / f"{seq}.tlog-proof").write_bytes(publication.proof(seq).encode())
            (tmp_path / f"{seq}.json").write_bytes(entries[seq].leaf)
            lines.append(f"{tmp_path}/{seq}.tlog-proof {tmp_path}/{seq}.json")
    assert leaf_hash(entries[0].leaf) == entries[0].leaf_hash
    assert ask("new", "old/checkpoint", proofs="\n".join(lines)) == (0, f"accepted: {SIZES[1]}")
    swapped = f"{tmp_path}/0.tlog-proof {tmp_path}/255.json"
    assert ask("new", "old/checkpoint", proofs=swapped)[0] == 1


@pytest.mark.parametrize("name", ["checkpoint", "tile/entries/000", "tile/0/001", "tile/1/000.p/3"])
def test_others_refuse_what_was_touched(
    published: Gate, ask: Ask, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "new" / name
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    code, said = ask("new")
    assert (code, said.partition(":")[0]) == (1, "refused")


def test_others_refuse_another_key_and_another_past(
    published: Gate, ask: Ask, tmp_path: Path
) -> None:
    assert ask("new", key=OTHER)[0] == 1
    text = (tmp_path / "old" / "checkpoint").read_text("utf-8").partition("\n\n")[0]
    origin, size, _ = text.split("\n")
    forged = f"{origin}\n{size}\n{'A' * 43}=\n"
    (tmp_path / "forged").write_text(f"{forged}\n{KEY.sign(forged)}", "utf-8")
    assert ask("new", "forged")[0] == 1
