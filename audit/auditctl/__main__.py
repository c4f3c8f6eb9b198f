"""`auditctl`: what whoever was given an export of a log runs to check it.

Exit codes: 0 it holds; 1 it does not, and the first bad number is said; 2 something that is needed
is missing, so nothing can be said about the rest.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from threading import Thread
from typing import Any

from . import tree
from .checkpoints import open_checkpoint
from .export import (
    NOT_AS_WRITTEN,
    POLICY,
    BrokenError,
    Folder,
    IncompleteError,
    parse_payload,
    read_file,
)
from .notes import (
    KEY_BYTES,
    KeyType,
    NoteError,
    SignerKey,
    parse_signer,
    parse_verifier,
)
from .policies import Policy, parse_policy
from .receipts import parse_proof
from .verifying import (
    QuorumError,
    check_consistency,
    check_payload,
    entries_of,
    entry_at,
    prove,
    trusted_checkpoint,
    verify,
)
from .witness import Witness, serve

STEP = 100 * 256
ERASURE = "retention.erase"

Answer = dict[str, Any]
Command = Callable[[argparse.Namespace], Answer]


class Exit(IntEnum):
    """How a command ends."""

    OK = 0
    TAMPERED = 1
    INCOMPLETE = 2


def main(arguments: Sequence[str] | None = None, prog_name: str = "auditctl") -> int:
    """Run a command and give its exit code; the answer goes out as text or, asked so, as JSON."""
    asked = _parser(prog_name).parse_args(arguments)
    try:
        code, answer = Exit.OK, asked.run(asked)
    except BrokenError as error:
        code, answer = Exit.TAMPERED, {"first_bad": error.seq, "why": error.why}
    except (NoteError, tree.ProofError) as error:
        code, answer = Exit.TAMPERED, {"why": str(error)}
    except (IncompleteError, QuorumError, OSError) as error:
        code, answer = Exit.INCOMPLETE, {"why": str(error)}
    answer = {"verdict": code.name.lower(), **answer}
    print(json.dumps(answer) if asked.json else _line(answer))  # noqa: T201 - a command speaks
    return code


def _parser(prog_name: str) -> argparse.ArgumentParser:
    """Say which commands there are."""
    parser = argparse.ArgumentParser(prog=prog_name, description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="answer as JSON")
    common.add_argument("--policy", type=Path, help="the policy to trust; else the export's own")
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Command, about: str, *places: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=about, description=about, parents=[common])
        made.set_defaults(run=run)
        for place in places:
            made.add_argument(place, type=int if place == "seq" else Path)
        return made

    command("verify", _verify, "recompute a whole export", "folder")
    command(
        "consistency", _consistency, "show that OLD is the beginning of an export", "old", "folder"
    )
    proof = command("proof", _proof, "write the proof of one entry", "folder", "seq")
    proof.add_argument("--out", type=Path, help="the file to write; else entry-SEQ.tlog-proof")
    check = command("check", _check, "check a proof and the entry it is about", "file")
    check.add_argument("--entry", type=Path, required=True, help="the bytes of the entry")
    check.add_argument("--payload", type=Path, help="what the entry says, as disclosed")
    command("open", _open, "show what an entry says, if disclosed, and prove it", "folder", "seq")
    keygen = command("keygen", _keygen, "make a key for a witness, in a file of its own", "file")
    keygen.add_argument("--name", required=True, help="an address that names the witness")
    witness = command("witness", _witness, "cosign logs as long as they only grow", "key")
    witness.add_argument("--log", action="append", required=True, help="the vkey of a log")
    witness.add_argument("--store", type=Path, required=True, help="the file to remember in")
    witness.add_argument("--bind", default="127.0.0.1:8100", help="where to listen")
    command("gaps", _gaps, "show erasures, and where time jumps or stands still", "folder")
    return parser


def _verify(asked: argparse.Namespace) -> Answer:
    """Recompute an export; held against its own policy, it may still be a log of anybody."""
    found = verify(Folder(asked.folder), _policy(asked), _progress)
    checkpoint = found.checkpoint
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "cosigners": found.cosigners,
    }


def _consistency(asked: argparse.Namespace) -> Answer:
    """Hold an older checkpoint against an export."""
    policy, folder = _policy(asked), Folder(asked.folder)
    old, _ = open_checkpoint(_bytes(asked.old), policy.logs.keys())
    new = trusted_checkpoint(folder, policy).checkpoint
    check_consistency(old, folder, new)
    return {"old": old.size, "new": new.size}


def _proof(asked: argparse.Namespace) -> Answer:
    """Write a proof and, beside it, the entry."""
    folder = Folder(asked.folder)
    made = prove(folder, asked.seq)
    size = trusted_checkpoint(folder, _policy(asked)).checkpoint.size
    entry = entry_at(folder, asked.seq, size)
    made.check(tree.leaf_hash(entry), _policy(asked))
    out = asked.out or Path(f"entry-{asked.seq}.tlog-proof")
    out.write_bytes(made.encode())
    out.with_suffix(".json").write_bytes(entry)
    return {"seq": asked.seq, "proof": str(out), "entry": str(out.with_suffix(".json"))}


def _check(asked: argparse.Namespace) -> Answer:
    """Check a proof against the entry and, if given, the payload against the entry."""
    proof, entry = parse_proof(_bytes(asked.file)), _bytes(asked.entry)
    if asked.policy is None:
        message = "a proof holds only against a policy: give --policy"
        raise IncompleteError(message)
    checkpoint = proof.check(tree.leaf_hash(entry), _policy(asked))
    if asked.payload is not None:
        payload = parse_payload(_bytes(asked.payload))
        check_payload(entry, payload)
    return {"seq": proof.index, "origin": checkpoint.origin, "size": checkpoint.size}


def _open(asked: argparse.Namespace) -> Answer:
    """Show a disclosed payload, once it is what its entry commits to."""
    folder = Folder(asked.folder)
    size = trusted_checkpoint(folder, _policy(asked)).checkpoint.size
    entry = entry_at(folder, asked.seq, size)
    for payload in folder.payloads():
        if payload.seq == asked.seq:
            check_payload(entry, payload)
            return {"seq": asked.seq, "entry": json.loads(entry), "says": payload.parts[2]}
    message = f"what entry {asked.seq} says is not disclosed in this export"
    raise IncompleteError(message)


def _gaps(asked: argparse.Namespace) -> Answer:
    """Read the times and acts of all entries: what fell back in time, what was erased."""
    folder = Folder(asked.folder)
    size = trusted_checkpoint(folder, _policy(asked)).checkpoint.size
    latest, erasures = "", []
    for seq, entry in entries_of(folder, size):
        time, act = _time_and_act(seq, entry)
        if time < latest:
            raise BrokenError(seq, "its time lies before that of the entry before it")
        latest = time
        if act == ERASURE:
            erasures.append(seq)
    return {"size": size, "latest": latest, "erasures": erasures}


def _time_and_act(seq: int, entry: bytes) -> tuple[str, str]:
    """Read when an entry was made and what it is about."""
    try:
        fields = json.loads(entry)
        return str(fields["t"]), str(fields["a"])
    except NOT_AS_WRITTEN as error:
        raise BrokenError(seq, "it is no entry of this log") from error


def _keygen(asked: argparse.Namespace) -> Answer:
    """Write a new key that only its owner can read; say its public side."""
    key = SignerKey(asked.name, os.urandom(KEY_BYTES), KeyType.COSIGNATURE)
    handle = os.open(asked.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{key.export()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    return {"vkey": str(key.verifier)}


def _witness(asked: argparse.Namespace) -> Answer:  # pragma: no cover - a process of its own
    """Serve until told to end."""
    key = parse_signer(_bytes(asked.key).decode("utf-8").strip())
    logs = {one.name: one for one in map(parse_verifier, asked.log)}
    host, _, port = asked.bind.rpartition(":")
    witness = Witness(asked.store, key, logs, lambda: int(time.time()))
    with serve(witness, host, int(port)) as server:
        signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
        sys.stderr.write(f"{key.verifier} witnesses at {host}:{server.server_port}\n")
        server.serve_forever()
    return {"vkey": str(key.verifier)}


def _policy(asked: argparse.Namespace) -> Policy:
    """Read the policy that was given, or that of the export."""
    path = asked.policy or asked.folder / POLICY
    return parse_policy(_bytes(path))


def _bytes(path: Path) -> bytes:
    """Read a file that was named; raises IncompleteError when it is not there."""
    try:
        return read_file(path)
    except OSError as error:
        message = f"{path} cannot be read"
        raise IncompleteError(message) from error


def _progress(done: int, size: int) -> None:
    """Show on a terminal how far a verification is."""
    if sys.stderr.isatty() and (done % STEP == 0 or done == size):
        sys.stderr.write(f"\r{done:,} of {size:,}{'' if done < size else chr(10)}")


def _line(answer: Answer) -> str:
    """Write an answer on one line; what a log says gives no orders to a terminal."""
    verdict, *facts = answer.items()
    line = f"{verdict[1]}: " + ", ".join(f"{name} {value}" for name, value in facts)
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in line)


if __name__ == "__main__":  # pragma: no cover - a process of its own
    sys.exit(main())
