"""Checkpoints (C2SP tlog-checkpoint v1.0.0): the size and root of a log, signed by the log."""

from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass

from .notes import KEY_BYTES, Note, NoteError, VerifierKey, decimal, from_base64, parse_note


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log is and which root it has; `origin` names the log."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Give the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises NoteError when it is none."""
    lines = text.split("\n")
    if len(lines) < len(("origin", "size", "root", "")) or lines.pop() or not all(lines):
        message = "a checkpoint has at least three lines, none empty"
        raise NoteError(message)
    origin, size, root, *extensions = lines
    checkpoint = Checkpoint(origin, decimal(size), from_base64(root), tuple(extensions))
    if len(checkpoint.root) != KEY_BYTES:
        message = "a root has 32 bytes"
        raise NoteError(message)
    return checkpoint


def open_checkpoint(raw: bytes, keys: Collection[VerifierKey]) -> tuple[Checkpoint, Note]:
    """Read a checkpoint that one of these keys of the log signed.

    A key counts only for the origin it is named after. Raises NoteError when none signed.
    """
    note = parse_note(raw)
    checkpoint = parse_checkpoint(note.text)
    if not note.signed_by(key for key in keys if key.name == checkpoint.origin):
        message = f"no known key of {checkpoint.origin} signed this checkpoint"
        raise NoteError(message)
    return checkpoint, note
