"""Proofs that travel (C2SP tlog-proof): an entry, its place, and the checkpoint it stands under."""

from base64 import b64encode
from dataclasses import dataclass

from . import tree
from .checkpoints import Checkpoint, open_checkpoint
from .notes import NoteError, decimal, from_base64, hashes
from .policies import Policy

FIRST_LINE = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class LogProof:
    """A proof as its file says it; `checkpoint` is the signed note, byte for byte.

    `extra` is what the log sends along and nobody vouches for.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Write the file."""
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += (b64encode(one).decode() for one in self.hashes)
        return "".join(f"{line}\n" for line in (*lines, "")).encode() + self.checkpoint

    def check(self, leaf_hash: bytes, policy: Policy) -> Checkpoint:
        """Follow the proof from the hash of an entry to a checkpoint that a policy trusts.

        Raises NoteError when a signature or the quorum lacks, ProofError when the entry does not
        stand there.
        """
        checkpoint, note = open_checkpoint(self.checkpoint, policy.logs.keys())
        cosigners = policy.cosigners(note)
        if not policy.is_met(cosigners):
            message = "too few witnesses cosigned the checkpoint"
            raise NoteError(message)
        tree.verify_inclusion(leaf_hash, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


def parse_proof(raw: bytes) -> LogProof:
    """Read a proof; raises NoteError when it is none."""
    head, separator, checkpoint = raw.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        message = "a proof begins with plain lines"
        raise NoteError(message) from error
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "))
    if first != FIRST_LINE or not separator or not lines or not lines[0].startswith("index "):
        message = "not a proof of a transparency log"
        raise NoteError(message)
    index = decimal(lines.pop(0).removeprefix("index "))
    return LogProof(index, tuple(hashes(lines)), checkpoint, extra)
