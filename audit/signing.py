"""The signer: puts the log's name under its tree, and never under two trees that disagree.

It keeps the key; no other process reads it. Before it signs it shows itself that the tree it
signed last is the beginning of the tree as it is now, from stored hashes. The row of a checkpoint
is written by compare-and-set, and only what is in that row is ever published.
"""

import logging
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Row, func, insert, select

from audit.auditctl import tree
from audit.auditctl.checkpoints import Checkpoint
from audit.auditctl.notes import Note, NoteError, SignerKey, parse_signer
from audit.leaf import second_of
from audit.models import audit_checkpoint, audit_head
from audit.proofs import Stored
from audit.reading import TamperedError
from audit.tiles import TiledTree
from config.errors import SettingsError

SEED_BYTES = 32

_LOCK = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "LOCK TABLE audit_checkpoint IN EXCLUSIVE MODE",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it stands in the log."""

    size: int
    root: bytes
    note: bytes
    second: str


class Signer:
    """Signs the tree of one log; during a change of key the old and the new key both sign."""

    def __init__(self, engine: Engine, keys: Sequence[SignerKey]) -> None:
        """Keep the log and the keys; raises SettingsError unless all bear the same name."""
        if len({key.name for key in keys}) != 1:
            message = "the keys of the signer must all bear the origin of the log as their name"
            raise SettingsError(message)
        self._engine = engine
        self.keys = tuple(keys)

    @property
    def origin(self) -> str:
        """Give the name of the log."""
        return self.keys[0].name

    def sign(self, now: datetime) -> Signed | None:
        """Sign the tree as it is now; None when nothing was added since the last signature.

        Raises TamperedError, and signs nothing, when the tree that was signed last is not the
        beginning of this one: somebody rewrote or cut the log.
        """
        with self._engine.connect() as connection:
            before = newest(connection)
            head = connection.execute(select(audit_head.c.size, audit_head.c.root)).one_or_none()
            size, root = (head.size, bytes(head.root)) if head else (0, tree.EMPTY_ROOT)
            if before is not None:
                _check_growth(connection, before, size, root)
                if before.size == size:
                    return None
        signed = Signed(size, root, self._note(size, root), second_of(now))
        return signed if self._keep(signed, before) else None

    def _note(self, size: int, root: bytes) -> bytes:
        """Write and sign a checkpoint."""
        text = Checkpoint(self.origin, size, root).text
        return str(Note(text, tuple(key.sign(text) for key in self.keys))).encode()

    def _keep(self, signed: Signed, before: Signed | None) -> bool:
        """Write the row if nobody signed meanwhile; tells whether it was written."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(_LOCK[self._engine.dialect.name])
            newest_size = connection.scalar(select(func.max(audit_checkpoint.c.size)))
            if newest_size != (before.size if before else None):
                return False
            connection.execute(
                insert(audit_checkpoint).values(
                    size=signed.size, root=signed.root, note=signed.note, ts=signed.second
                )
            )
            connection.commit()
        log.info("Signed a checkpoint of the log at %s entries.", signed.size)
        return True


def newest(connection: Connection) -> Signed | None:
    """Read the newest checkpoint; None before the first."""
    row = connection.execute(
        select(audit_checkpoint).order_by(audit_checkpoint.c.size.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _signed(row)


def at_size(connection: Connection, size: int) -> Signed | None:
    """Read the checkpoint of one size; None when that size was never signed."""
    row = connection.execute(
        select(audit_checkpoint).where(audit_checkpoint.c.size == size)
    ).one_or_none()
    return None if row is None else _signed(row)


def _signed(row: Row[tuple[int, bytes, bytes, str]]) -> Signed:
    """Read a row."""
    return Signed(row.size, bytes(row.root), bytes(row.note), row.ts)


def _check_growth(connection: Connection, before: Signed, size: int, root: bytes) -> None:
    """Show that what was signed last is the beginning of the tree as it is now."""
    if size < before.size:
        raise TamperedError(size, "the log is shorter than what was signed of it")
    if before.size == 0:
        return
    stored = Stored(connection)
    tiled = TiledTree(size, stored.leaf_hashes, stored.tiles)
    try:
        proof = tree.consistency_proof(before.size, size, tiled.node)
        tree.verify_consistency(before.size, size, proof, before.root, root)
    except (tree.ProofError, LookupError) as error:
        raise TamperedError(
            before.size - 1, "what was signed of the log is no longer its beginning"
        ) from error


def make_signer_file(path: Path, origin: str) -> None:
    """Write a new signing key, readable by the owner alone; a file that is there stays."""
    key = SignerKey(origin, os.urandom(SEED_BYTES))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR)
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{key.export()}\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_signer_file(path: Path) -> tuple[SignerKey, ...]:
    """Read the signing keys, one per line; raises SettingsError when others may read the file."""
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            message = f"{path} must be readable by its owner alone (chmod 400)"
            raise SettingsError(message)
        return tuple(map(parse_signer, path.read_text("utf-8").split()))
    except (OSError, NoteError) as error:
        message = f"{path} holds no signing key: {error}"
        raise SettingsError(message) from error
