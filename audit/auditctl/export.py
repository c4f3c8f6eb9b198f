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
from .paths import LONGEST_FILE, WIDTH, Resource, decode_bundle

CHECKPOINT = "checkpoint"
POLICY = "policy"
PAYLOADS = "payloads.jsonl"
NOT_AS_WRITTEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""How it shows that JSON is not what the log writes, however it was made to look."""


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
        """Read a file as far as any may be long; raises IncompleteError when it is not there."""
        try:
            return read_file(self.path / name)
        except OSError as error:
            message = f"{name} cannot be read"
            raise IncompleteError(message) from error

    def hashes(self, resource: Resource) -> list[bytes]:
        """Read the hashes of a tile; a full one may stand in for a part of it."""
        data, found = self._widest(resource)
        if len(data) != found.width * tree.HASH_BYTES:
            raise BrokenError(first_of(resource), f"{found.path} has another length")
        end = resource.width * tree.HASH_BYTES
        return [data[i : i + tree.HASH_BYTES] for i in range(0, end, tree.HASH_BYTES)]

    def entries(self, resource: Resource) -> list[bytes]:
        """Read the entries of a bundle; a full one may stand in for a part of it."""
        data, found = self._widest(resource)
        try:
            entries = decode_bundle(data)
        except NoteError as error:
            raise BrokenError(first_of(resource), f"{found.path}: {error}") from error
        if len(entries) != found.width:
            raise BrokenError(first_of(resource), f"{found.path} has another number of entries")
        return entries[: resource.width]

    def payloads(self) -> Iterator["Payload"]:
        """Read the disclosed payloads one by one, in the order of their entries."""
        try:
            with (self.path / PAYLOADS).open("rb") as lines:
                while line := lines.readline(LONGEST_FILE):
                    yield parse_payload(line)
        except OSError as error:
            message = f"{PAYLOADS} cannot be read: this export discloses no payloads"
            raise IncompleteError(message) from error

    def _widest(self, resource: Resource) -> tuple[bytes, Resource]:
        """Read a tile or bundle, or the full one it is a part of; tell which of them it was."""
        if not (self.path / resource.path).exists():
            resource = Resource(resource.level, resource.number)
        return self.read(resource.path), resource


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
    except (*NOT_AS_WRITTEN, OverflowError) as error:
        message = "not a disclosed payload"
        raise NoteError(message) from error


def read_file(path: Path) -> bytes:
    """Read a file as far as anything a log publishes may be long, and one byte of what is not."""
    with path.open("rb") as stream:
        return stream.read(LONGEST_FILE + 1)


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
