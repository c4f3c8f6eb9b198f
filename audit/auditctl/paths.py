"""Tiles and entry bundles as they are published (C2SP tlog-tiles v0.1.0): names and bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .notes import NoteError

WIDTH = 256
LONGEST_ENTRY = 65_535
LENGTH_BYTES = 2
LONGEST_FILE = WIDTH * (LENGTH_BYTES + LONGEST_ENTRY)
"""Bytes of the largest thing a log publishes, a full bundle: nothing longer is ever read whole."""
_TILE = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Resource:
    """A published tile: `level` is None for a bundle of entries; `width` 256 when it is full."""

    level: int | None
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Give the path under the prefix of the log."""
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{number_path(self.number)}{partial}"


def number_path(number: int) -> str:
    """Write the number of a tile in groups of three digits: 1234067 is x001/x234/067."""
    digits = str(number)
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def parse_path(path: str) -> Resource:
    """Read the path of a tile; raises NoteError for any other path, also one written otherwise."""
    match = _TILE.fullmatch(path)
    if match is None:
        message = "not the path of a tile"
        raise NoteError(message)
    kind, digits, width = match.groups()
    number = int(digits.replace("x", "").replace("/", ""))
    level = None if kind == "entries" else int(kind)
    resource = Resource(level, number, int(width) if width else WIDTH)
    if resource.path != path or resource.width > WIDTH:
        message = "not the path of a tile"
        raise NoteError(message)
    return resource


def resources(size: int) -> Iterator[Resource]:
    """List everything that is published of a log of this size: hashes of every level, entries."""
    level, hashes = 0, size
    while hashes:
        for resource in _row(level, hashes):
            yield resource
            if level == 0:
                yield Resource(None, resource.number, resource.width)
        level, hashes = level + 1, hashes // WIDTH


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Write entries behind each other, each after its length; raises NoteError for one too long."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            message = "an entry is too long for a bundle"
            raise NoteError(message)
        parts += [len(entry).to_bytes(LENGTH_BYTES, "big"), entry]
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """Read the entries of a bundle; raises NoteError when it ends otherwise, or holds too many."""
    entries: list[bytes] = []
    place = 0
    while place < len(data):
        start = place + LENGTH_BYTES
        place = start + int.from_bytes(data[start - LENGTH_BYTES : start], "big")
        if start > len(data) or place > len(data):
            message = "a bundle ends in the middle of an entry"
            raise NoteError(message)
        if len(entries) == WIDTH:
            message = f"a bundle has at most {WIDTH} entries"
            raise NoteError(message)
        entries.append(data[start:place])
    return entries


def _row(level: int, hashes: int) -> Iterator[Resource]:
    """List the tiles of one level: the full ones, then the partial one if there is any."""
    full, rest = divmod(hashes, WIDTH)
    for number in range(full):
        yield Resource(level, number)
    if rest:
        yield Resource(level, full, rest)
