"""Tiles: 256 hashes of one level of the tree in 8 KiB (C2SP tlog-tiles), and proofs from them.

A tile of level 0 holds leaf hashes; a hash of level L+1 is the root of a full tile of level L.
Only full tiles are stored: what is not in one yet stands in the entries.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from audit.auditctl.tree import HASH_BYTES, frontier_ranges, perfect_root

WIDTH = 256
LEVELS_PER_TILE = 8

LeafHashes = Callable[[int, int], Sequence[bytes]]
"""Gives the leaf hashes of the entries [first, end)."""
TileData = Callable[[int, int], bytes]
"""Gives the 8 KiB of a full tile by level and number."""
StoredTiles = Callable[[int, int, int], Sequence[bytes]]
"""Gives the full tiles [first, end) of a level."""
Tile = tuple[int, int, bytes]
"""A full tile: level, number, data."""


def hashes_in(data: bytes) -> list[bytes]:
    """Cut a tile, or a frontier, into its hashes."""
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


@lru_cache(maxsize=4 * WIDTH)
def root_of(tile: bytes) -> bytes:
    """Give the root of a full tile; what was hashed of the same bytes is not hashed again."""
    return perfect_root(hashes_in(tile))


def completed(
    size: int, added: Sequence[bytes], leaf_hashes: LeafHashes, stored: TileData
) -> list[Tile]:
    """Build the tiles that become full when leaf hashes are added to a tree of `size` leaves."""
    first, end = size // WIDTH, (size + len(added)) // WIDTH
    if first == end:
        return []
    hashes = [*leaf_hashes(first * WIDTH, size), *added]
    made: dict[tuple[int, int], bytes] = {}
    for number in range(first, end):
        start = (number - first) * WIDTH
        made[0, number] = b"".join(hashes[start : start + WIDTH])
        level, last = 0, number
        while last % WIDTH == WIDTH - 1:
            below = range(last // WIDTH * WIDTH, last + 1)
            level, last = level + 1, last // WIDTH
            made[level, last] = b"".join(
                root_of(made.get((level - 1, n)) or stored(level - 1, n)) for n in below
            )
    return [(level, number, data) for (level, number), data in made.items()]


class TiledTree:
    """The perfect subtrees of a stored tree of `size` leaves, for proofs."""

    def __init__(
        self,
        size: int,
        leaf_hashes: LeafHashes,
        stored: StoredTiles,
        frontier: Sequence[bytes] = (),
    ) -> None:
        """Keep how to read hashes and tiles.

        The frontier of this size, where it is known, saves reading the many tiles below its
        largest subtrees; whoever gives one holds what comes out against a root.
        """
        self._size = size
        self._leaf_hashes = leaf_hashes
        self._stored = stored
        self._read: dict[tuple[int, int], Sequence[bytes]] = {}
        subtrees = zip(frontier_ranges(size), frontier, strict=False)
        self._known = {
            ((end - first).bit_length() - 1, first // (end - first)): node
            for (first, end), node in subtrees
            if end - first > WIDTH
        }

    def node(self, level: int, position: int) -> bytes:
        """Give the root over the leaves [position * 2^level, (position + 1) * 2^level)."""
        known = self._known.get((level, position))
        if known is not None:
            return known
        tile_level, inner = divmod(level, LEVELS_PER_TILE)
        first, count = position << inner, 1 << inner
        return perfect_root(self._hashes(tile_level, first, count))

    def _hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Give consecutive hashes of one level of tiles; they never cross a tile."""
        number, offset = divmod(first, WIDTH)
        is_full = (number + 1) * WIDTH << LEVELS_PER_TILE * level <= self._size
        if is_full or level == 0:
            return self._tile(level, number)[offset : offset + count]
        return [root_of(tile) for tile in self._stored(level - 1, first, first + count)]

    def _tile(self, level: int, number: int) -> Sequence[bytes]:
        """Give the hashes of a full tile, or of what there is of the last one; reads each once."""
        found = self._read.get((level, number))
        if found is None:
            first, end = number * WIDTH, (number + 1) * WIDTH
            if level == 0 and end > self._size:
                found = self._leaf_hashes(first, self._size)
            else:
                found = hashes_in(self._stored(level, number, number + 1)[0])
            self._read[level, number] = found
        return found
