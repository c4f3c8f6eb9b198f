"""A folder that holds a log as it is published: the checkpoint, the tiles, the entries.

`pga audit export` writes one. The names in it are those under the address of the log, so a mirror
of that address is such a folder too.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import tree
from .notes import NoteError
from .paths import WIDTH, Resource, decode_bundle

CHECKPOINT = "checkpoint"
POLICY = "policy"
PAYLOADS = "payloads.jsonl"


class IncompleteError(Exception):
    """Something that should be in the folder is not there, so nothing can be said about it."""


class BrokenError(Exception):
    """Something in the folder is not what was logged; `seq` is the first entry it touches."""

    def __init__(self, seq: int, why: str) -> None:
        """Say from which entry on, and how it shows."""
        super().__init__(why)
        self.seq = seq
        self.why = why


@dataclass(frozen=True, slots=True)
class Folder:
    """An exported log."""

    path: Path

    def read(self, name: str) -> bytes:
        """Read a file; raises IncompleteError when it is not there."""
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            message = f"{name} cannot be read"
            raise IncompleteError(message) from error

    def hashes(self, resource: Resource) -> list[bytes]:
        """Read the hashes of a tile; a full one may stand in for a part of it."""
        data = self._widest(resource)
        if len(data) != resource.width * tree.HASH_BYTES:
            raise BrokenError(first_of(resource), f"{resource.path} has another length")
        return [data[i : i + tree.HASH_BYTES] for i in range(0, len(data), tree.HASH_BYTES)]

    def entries(self, resource: Resource) -> list[bytes]:
        """Read the entries of a bundle; a full one may stand in for a part of it."""
        try:
            entries = decode_bundle(self._widest_bundle(resource))
        except NoteError as error:
            raise BrokenError(first_of(resource), f"{resource.path}: {error}") from error
        if len(entries) < resource.width:
            raise BrokenError(first_of(resource), f"{resource.path} has too few entries")
        return entries[: resource.width]

    def payloads(self) -> Iterator["Payload"]:
        """Read the disclosed payloads one by one, in the order of their entries."""
        try:
            with (self.path / PAYLOADS).open("rb") as lines:
                yield from map(parse_payload, lines)
        except OSError as error:
            message = f"{PAYLOADS} cannot be read: this export discloses no payloads"
            raise IncompleteError(message) from error

    def _widest(self, resource: Resource) -> bytes:
        """Read a tile, or cut it from the full one."""
        if (self.path / resource.path).exists():
            return self.read(resource.path)
        full = self.read(Resource(resource.level, resource.number).path)
        return full[: resource.width * tree.HASH_BYTES]

    def _widest_bundle(self, resource: Resource) -> bytes:
        """Read a bundle, or the full one it is a part of."""
        if (self.path / resource.path).exists():
            return self.read(resource.path)
        return self.read(Resource(None, resource.number).path)


@dataclass(frozen=True, slots=True)
class Payload:
    """What an entry says, as its log disclosed it: three parts, each with its salt of 32 bytes."""

    seq: int
    salts: tuple[bytes, bytes, bytes]
    parts: tuple[str, str, str]

    def encode(self) -> bytes:
        """Write it as one line of JSON."""
        fields = {
            "seq": self.seq,
            "salts": [salt.hex() for salt in self.salts],
            "parts": list(self.parts),
        }
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parse_payload(line: bytes) -> Payload:
    """Read a disclosed payload; raises NoteError when it is none."""
    try:
        fields = json.loads(line)
        first, second, third = (bytes.fromhex(salt) for salt in fields["salts"])
        actor, object_, payload = map(str, fields["parts"])
        return Payload(int(fields["seq"]), (first, second, third), (actor, object_, payload))
    except (ValueError, TypeError, KeyError) as error:
        message = "not a disclosed payload"
        raise NoteError(message) from error


def first_of(resource: Resource) -> int:
    """Give the number of the first entry under a tile or bundle."""
    return int(resource.number * WIDTH ** (1 + (resource.level or 0)))


@dataclass(frozen=True, slots=True)
class FolderTree:
    """The perfect subtrees of an exported log of `size` entries, for proofs."""

    folder: Folder
    size: int

    def node(self, level: int, position: int) -> bytes:
        """Give the root over the leaves [position * 2^level, (position + 1) * 2^level)."""
        tile_level, inner = divmod(level, WIDTH.bit_length() - 1)
        first, count = position << inner, 1 << inner
        number, offset = divmod(first, WIDTH)
        width = min(WIDTH, self.size // WIDTH**tile_level - number * WIDTH)
        hashes = self.folder.hashes(Resource(tile_level, number, width))
        return tree.perfect_root(hashes[offset : offset + count])
