"""The proof behind a link: that an entry stands in the tree as it is now (RFC 6962, 2.1.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from audit.auditctl import tree
from audit.auditctl.tree import ProofError
from audit.gate import gate
from audit.models import audit_entry, audit_head, audit_tile
from audit.reading import Reader, TamperedError
from audit.tiles import TiledTree, hashes_in
from config.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A leaf, where it stands, and the hashes that lead from it to the root."""

    seq: int
    size: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    root: bytes

    def check(self) -> None:
        """Follow the proof from the leaf to the root; raises ProofError when it leads elsewhere."""
        start = tree.leaf_hash(self.leaf)
        tree.verify_inclusion(start, self.seq, self.size, self.hashes, self.root)


def inclusion_proof(seq: int, reader: Reader | None = None) -> InclusionProof:
    """Prove that an entry stands in the log, in a number of reads that grows with its logarithm.

    Raises NotFoundError for a number the log does not have, and TamperedError when the stored
    hashes do not lead to the stored root. Without a reader the log of the current app is read.
    """
    reader = reader or gate().reader
    with reader.engine.connect() as connection:
        head = connection.execute(select(audit_head)).one_or_none()
        leaf = connection.scalar(select(audit_entry.c.leaf).where(audit_entry.c.seq == seq))
        if head is None or leaf is None:
            raise NotFoundError
        stored = Stored(connection)
        frontier = hashes_in(bytes(head.frontier))
        tiled = TiledTree(head.size, stored.leaf_hashes, stored.tiles, frontier)
        try:
            hashes = tree.inclusion_proof(seq, head.size, tiled.node)
            proof = InclusionProof(seq, head.size, bytes(leaf), tuple(hashes), bytes(head.root))
            proof.check()
        except (ProofError, LookupError) as error:
            raise TamperedError(seq, "its proof does not lead to the root of the log") from error
    return proof


def root_at(size: int, reader: Reader | None = None) -> bytes | None:
    """Give the root the log had when it held `size` entries, from what is stored now.

    None when it holds fewer today, which no log ever should: it only grows. Raises TamperedError
    when a tile is gone. Without a reader the log of the current app is read.
    """
    reader = reader or gate().reader
    with reader.engine.connect() as connection:
        now = connection.scalar(select(audit_head.c.size)) or 0
        if size > now:
            return None
        stored = Stored(connection)
        tiled = TiledTree(now, stored.leaf_hashes, stored.tiles)
        try:
            return tree.root(
                [
                    tiled.node((end - first).bit_length() - 1, first // (end - first))
                    for first, end in tree.frontier_ranges(size)
                ]
            )
        except LookupError as error:
            raise TamperedError(0, str(error)) from error


class Stored:
    """The stored hashes of the tree."""

    def __init__(self, connection: Connection) -> None:
        """Read on one connection."""
        self._connection = connection

    def leaf_hashes(self, first: int, end: int) -> Sequence[bytes]:
        """Read the leaf hashes of the entries [first, end)."""
        seq = audit_entry.c.seq
        query = select(audit_entry.c.leaf_hash).where(seq >= first, seq < end).order_by(seq)
        return [bytes(value) for value in self._connection.scalars(query)]

    def tile(self, level: int, number: int) -> bytes:
        """Read a full tile; raises LookupError when it is gone."""
        return self.tiles(level, number, number + 1)[0]

    def tiles(self, level: int, first: int, end: int) -> Sequence[bytes]:
        """Read the full tiles [first, end) of a level; raises LookupError when one is gone."""
        tile = audit_tile.c
        query = select(tile.n, tile.data).where(tile.level == level, tile.n >= first, tile.n < end)
        found = {n: bytes(data) for n, data in self._connection.execute(query)}
        for number in range(first, end):
            if number not in found:
                message = f"tile {level}/{number} is gone"
                raise LookupError(message)
        return [found[number] for number in range(first, end)]
