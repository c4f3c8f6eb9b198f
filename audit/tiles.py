"""Tiles: 256 hashes of one level of the tree in 8 KiB (C2SP tlog-tiles), and proofs from them.

A tile of level 0 holds leaf hashes; a hash of level L+1 is the root of a full tile of level L.
Only full tiles are stored: what is not in one yet stands in the entries.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from audit.auditctl.tree import HASH_BYTES, perfect_root

WIDTH = 256
LEVELS_PER_TILE = 8

LeafHashes = Callable[[int, int], Sequence[bytes]]
"""Gives the leaf hashes of the entries [first, end)."""
TileData = Callable[[int, int], bytes]
"""Gives the 8 KiB of a full tile by level and number."""
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

    def __init__(self, size: int, leaf_hashes: LeafHashes, stored: TileData) -> None:
        """Keep how to read hashes and tiles."""
        self._size = size
        self._leaf_hashes = leaf_hashes
        self._stored = stored

    def node(self, level: int, position: int) -> bytes:
        """Give the root over the leaves [position * 2^level, (position + 1) * 2^level)."""
        tile_level, inner = divmod(level, LEVELS_PER_TILE)
        first, count = position << inner, 1 << inner
        return perfect_root(self._hashes(tile_level, first, count))

    def _hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Give consecutive hashes of one level of tiles; they never cross a tile."""
        number, offset = divmod(first, WIDTH)
        if (number + 1) * WIDTH << LEVELS_PER_TILE * level <= self._size:
            return hashes_in(self._stored(level, number))[offset : offset + count]
        if level == 0:
            return self._leaf_hashes(first, first + count)
        below = range(first, first + count)
        return [root_of(self._stored(level - 1, n)) for n in below]
