"""Exported logs for tests, written from the definitions and not by the exporter."""

import json
from hashlib import sha256
from pathlib import Path

from audit.auditctl.checkpoints import Checkpoint
from audit.auditctl.export import Payload
from audit.auditctl.notes import KeyType, Note, SignerKey

LOG = SignerKey("log.example/pga", b"l" * 32)
WITNESS = SignerKey("witness.example", b"w" * 32, KeyType.COSIGNATURE)


def payload_of(seq: int) -> Payload:
    """Make what an entry says."""
    salts = [sha256(f"{seq} {part}".encode()).digest() for part in range(3)]
    return Payload(
        seq, (salts[0], salts[1], salts[2]), (f'"a{seq}"', f'"o{seq}"', f'{{"n":{seq}}}')
    )


def entry(seq: int, act: str = "READ", time: str | None = None) -> bytes:
    """Make an entry that commits to its payload."""
    said = payload_of(seq)
    committed = {
        name: sha256(b"audit-c/v1\x00" + salt + part.encode()).hexdigest()
        for name, salt, part in zip(
            ("actor", "object", "payload"), said.salts, said.parts, strict=True
        )
    }
    fields = {"a": act, "c": committed, "t": time or f"2026-01-01T00:00:{seq % 60:02}Z#{seq:09}"}
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def mth(hashes: list[bytes]) -> bytes:
    """Follow the definition of RFC 6962, 2.1."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + mth(hashes[:split]) + mth(hashes[split:])).digest()


def write(folder: Path, entries: list[bytes], quorum: str = "none") -> Path:
    """Write a log as it is published, with its policy."""
    leaves = [sha256(b"\x00" + one).digest() for one in entries]
    _bundles(folder, entries)
    level, row = 0, leaves
    while row:
        _tiles(folder / "tile" / str(level), row)
        row = [mth(row[i : i + 256]) for i in range(0, len(row) // 256 * 256, 256)]
        level += 1
    text = Checkpoint(LOG.name, len(entries), mth(leaves)).text
    signatures = (LOG.sign(text), WITNESS.sign(text, 1_700_000_000))
    (folder / "checkpoint").write_bytes(str(Note(text, signatures)).encode())
    (folder / "policy").write_text(policy(quorum), "utf-8")
    return folder


def policy(quorum: str = "none") -> str:
    """Write a policy that trusts the log, and the witness as far as the quorum asks."""
    return f"log {LOG.verifier}\nwitness W {WITNESS.verifier}\nquorum {quorum}\n"


def _bundles(folder: Path, entries: list[bytes]) -> None:
    for number in range(0, len(entries), 256):
        some = entries[number : number + 256]
        data = b"".join(len(one).to_bytes(2, "big") + one for one in some)
        _put(folder / "tile" / "entries", number // 256, len(some), data)


def _tiles(folder: Path, row: list[bytes]) -> None:
    for number in range(0, len(row), 256):
        some = row[number : number + 256]
        _put(folder, number // 256, len(some), b"".join(some))


def _put(folder: Path, number: int, width: int, data: bytes) -> None:
    name = f"{number:03}" + ("" if width == 256 else f".p/{width}")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
