"""What a log publishes of itself: checkpoint, tiles and entries, in the names of tlog-tiles.

Nothing is published beyond the newest checkpoint, and nothing that says anything about a person:
an entry holds commitments only.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, select

from audit.auditctl import tree
from audit.auditctl.export import CHECKPOINT, PAYLOADS, POLICY, Payload
from audit.auditctl.notes import VerifierKey, parse_signatures
from audit.auditctl.paths import WIDTH, Resource, encode_bundle, resources
from audit.auditctl.receipts import LogProof
from audit.models import audit_cosig, audit_entry, audit_payload
from audit.payload import encode
from audit.proofs import Stored
from audit.reading import Reader
from audit.signing import Signed, newest
from audit.tiles import LEVELS_PER_TILE, TiledTree, root_of
from config.errors import NotFoundError

Progress = Callable[[int, int], None]
"""Told now and then how many entries are done, and of how many."""
BEGUN = ".begun"
"""What a file is called at its end as long as it is being written."""


class NotSignedError(NotFoundError):
    """The log has not signed anything yet, so there is nothing to publish."""

    code = "not-signed"
    message = "The log has not signed a checkpoint yet."


class Publication:
    """The log as others may read it, up to its newest checkpoint."""

    def __init__(self, connection: Connection) -> None:
        """Read on one connection; raises NotSignedError before the first checkpoint."""
        signed = newest(connection)
        if signed is None:
            raise NotSignedError
        self.signed: Signed = signed
        self._connection = connection
        self._stored = Stored(connection)
        self._tree = TiledTree(signed.size, self._stored.leaf_hashes, self._stored.tiles)

    def checkpoint(self) -> bytes:
        """Give the signed checkpoint with the signatures of the witnesses that cosigned it."""
        lines = self._connection.scalars(
            select(audit_cosig.c.line)
            .where(audit_cosig.c.size == self.signed.size, is_signature())
            .order_by(audit_cosig.c.name)
        )
        return (
            self.signed.note
            + "".join(
                str(signature) for line in lines for signature in parse_signatures(line)
            ).encode()
        )

    def resource(self, resource: Resource) -> bytes:
        """Give the bytes of a tile or bundle; raises NotFoundError for what is not published."""
        level = resource.level or 0
        hashes = self.signed.size >> LEVELS_PER_TILE * level
        first = resource.number * WIDTH
        if first + resource.width > hashes:
            raise NotFoundError
        if resource.level is None:
            return encode_bundle(self._entries(first, first + resource.width))
        if resource.width == WIDTH:
            return self._stored.tile(level, resource.number)
        return b"".join(self._hashes(level, first, resource.width))

    def proof(self, seq: int) -> LogProof:
        """Make the proof of an entry that can be given away (tlog-proof).

        Raises NotFoundError for an entry that no checkpoint covers yet.
        """
        if not 0 <= seq < self.signed.size:
            raise NotFoundError
        hashes = tree.inclusion_proof(seq, self.signed.size, self._tree.node)
        return LogProof(seq, tuple(hashes), self.checkpoint())

    def consistency(self, old: int) -> list[bytes]:
        """Prove that the log of `old` entries is the beginning of what is published now."""
        return tree.consistency_proof(old, self.signed.size, self._tree.node) if old else []

    def _entries(self, first: int, end: int) -> list[bytes]:
        """Read the leaves [first, end)."""
        seq = audit_entry.c.seq
        query = select(audit_entry.c.leaf).where(seq >= first, seq < end).order_by(seq)
        return [bytes(leaf) for leaf in self._connection.scalars(query)]

    def _hashes(self, level: int, first: int, count: int) -> Iterator[bytes]:
        """Give consecutive hashes of one level, of which the tile is not full yet."""
        if level == 0:
            yield from self._stored.leaf_hashes(first, first + count)
            return
        for tile in self._stored.tiles(level - 1, first, first + count):
            yield root_of(tile)


def export(engine: Engine, folder: Path, policy: str, progress: Progress) -> Signed:
    """Write what the log publishes to a folder, with a trust policy beside it.

    Files that are there already and cannot have changed are left. Raises NotSignedError.
    """
    with engine.connect() as connection:
        published = Publication(connection)
        size = published.signed.size
        for resource in resources(size):
            _write(folder / resource.path, published, resource)
            if resource.level is None:
                progress(min(size, resource.number * WIDTH + resource.width), size)
        (folder / CHECKPOINT).write_bytes(published.checkpoint())
    (folder / POLICY).write_text(policy, "utf-8")
    return published.signed


def disclose(reader: Reader, folder: Path, size: int, progress: Progress) -> int:
    """Write what the entries say beside an export, as far as it was not erased; give how many.

    This opens every payload: whoever calls it has entered in the log that they do.
    """
    count = 0
    with (folder / PAYLOADS).open("wb") as lines:
        for first in range(0, size, WIDTH):
            numbers = range(first, min(first + WIDTH, size))
            for payload in _payloads(reader, numbers):
                lines.write(payload.encode())
                count += 1
            progress(numbers.stop, size)
    return count


def payload_of(reader: Reader, seq: int) -> Payload:
    """Give what one entry says, with the salts that prove it; raises NotFoundError if erased."""
    for payload in _payloads(reader, [seq]):
        return payload
    raise NotFoundError


def is_signature() -> ColumnElement[bool]:
    """Select the signatures of witnesses among what others say of checkpoints."""
    return audit_cosig.c.line.startswith("\u2014")


def policy_text(keys: list[VerifierKey]) -> str:
    """Write a policy that trusts the keys of the log and asks no witness."""
    return "".join(f"log {key}\n" for key in keys) + "quorum none\n"


def _write(path: Path, published: Publication, resource: Resource) -> None:
    """Write a tile or bundle unless it is there; a full one never changes."""
    if resource.width == WIDTH and path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under its name only when it is whole: an export that was cut off is gone on with later.
    begun = path.with_name(f"{path.name}{BEGUN}")
    begun.write_bytes(published.resource(resource))
    begun.replace(path)


def _payloads(reader: Reader, numbers: range | list[int]) -> Iterator[Payload]:
    """Open the payloads of entries, each held against its leaf."""
    with reader.engine.connect() as connection:
        salts = {
            row.seq: bytes(row.salts)
            for row in connection.execute(
                select(audit_payload.c.seq, audit_payload.c.salts).where(
                    audit_payload.c.seq.in_(numbers)
                )
            )
        }
    for seq, opened in sorted(reader.read(sorted(salts)).items()):
        parts = encode(opened.entry, opened.at, opened.broker)
        one = salts[seq]
        third = len(one) // 3
        yield Payload(
            seq,
            (one[:third], one[third : 2 * third], one[2 * third :]),
            (parts.actor.decode(), parts.object.decode(), parts.payload.decode()),
        )
