"""The rules of sealed records, in bytes: what a seal is bound to and when a case is whole.

Everything that is authenticated is written with length prefixes, so that ("ab", "c") and
("a", "bc") never give the same bytes. Nothing here knows a key, a table or a clock.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from struct import Struct
from typing import NamedTuple

FORMAT = b"bz1"
BLOB_VERSION = 1
AES_256_GCM = 1
KID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = 2 + KID_BYTES
SHORTEST_BLOB = HEADER_BYTES + NONCE_BYTES + TAG_BYTES

LEAF = Struct(">16sQ16s32s")

# Made once: json.dumps builds a new encoder with every call that has options.
_FACTS = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_CONTENT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)

Fact = str | int | None | Sequence[str]


class BlobError(ValueError):
    """Stored bytes do not have the form of a sealed value."""


class ItemStatus(StrEnum):
    """What became of an item (stand van een bijdrage)."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    WRONG_CASE = "wrong_case"


def pack(*fields: bytes) -> bytes:
    """Join fields so that no two lists of fields give the same bytes: each has its length first."""
    return b"".join([part for field in fields for part in (_length(field), field)])


def _length(field: bytes) -> bytes:
    return len(field).to_bytes(4, "big")


_SHORT = tuple(size.to_bytes(4, "big") for size in range(256))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs: tenant, case, category and "table.column".

    The tenant of a case is its municipality; that of a draft is its author.
    """

    tenant: str
    case_id: bytes
    category: str
    column: str

    def prefix(self) -> bytes:
        """Give the part of the associated data that all rows of this place share."""
        return pack(
            FORMAT,
            self.tenant.encode(),
            self.case_id,
            self.category.encode(),
            self.column.encode(),
        )


def associated_data(prefix: bytes, row_id: bytes, row_version: int, kid: bytes) -> bytes:
    """Bind a value to its place, its row, the version of that row and its key.

    The same bytes as `pack` gives, written out because a page does this for every item.
    """
    version = row_version.to_bytes(8, "big")
    parts = (
        prefix,
        _SHORT[len(row_id)],
        row_id,
        _SHORT[len(version)],
        version,
        _SHORT[len(kid)],
        kid,
    )
    return b"".join(parts)


class Blob(NamedTuple):
    """The parts of 0x01 | algorithm | key id (8) | nonce (12) | ciphertext | tag (16)."""

    kid: bytes
    nonce: bytes
    sealed: bytes


def join_blob(blob: Blob) -> bytes:
    """Write a sealed value as it is stored."""
    return bytes((BLOB_VERSION, AES_256_GCM)) + blob.kid + blob.nonce + blob.sealed


def split_blob(stored: bytes) -> Blob:
    """Read a stored value; raises BlobError for another format, algorithm or length."""
    if len(stored) < SHORTEST_BLOB or stored[0] != BLOB_VERSION or stored[1] != AES_256_GCM:
        message = "not a sealed value of a known format"
        raise BlobError(message)
    nonce_ends = HEADER_BYTES + NONCE_BYTES
    return Blob(stored[2:HEADER_BYTES], stored[HEADER_BYTES:nonce_ends], stored[nonce_ends:])


class Leaf(NamedTuple):
    """What one stored version of one item must be: its tag, and a digest of its plain columns.

    Who may read a row follows from its plain columns (owner, category, status, recipients), so
    they are as much part of the whole as the sealed bytes.
    """

    row_id: bytes
    row_version: int
    tag: bytes
    facts: bytes


def digest_facts(values: Sequence[Fact]) -> bytes:
    """Digest plain columns in one fixed order (SHA-256); differs when any value differs."""
    return sha256(_FACTS.encode(values).encode("ascii")).digest()


def join_leaves(leaves: Iterable[Leaf]) -> bytes:
    """Write the leaves of a case as they are stored: sorted, 72 bytes each."""
    return b"".join([LEAF.pack(*leaf) for leaf in sorted(leaves)])


def split_leaves(stored: bytes) -> list[Leaf]:
    """Read stored leaves back; raises BlobError when they do not have that form."""
    if len(stored) % LEAF.size:
        message = "not the leaves of a case"
        raise BlobError(message)
    return [Leaf(*fields) for fields in LEAF.iter_unpack(stored)]


def manifest_message(
    case_id: bytes, case_version: int, leaves: bytes, *, has_skeleton: bool = True
) -> bytes:
    """Write what the manifest of a case authenticates: the case, its version and its leaves.

    And whether the plain rows around them are sealed too: those of an older case are not yet.
    """
    kind = b" manifest and skeleton" if has_skeleton else b" manifest"
    return pack(FORMAT + kind, case_id, case_version.to_bytes(8, "big"), leaves)


def digest_rows(rows: Iterable[str]) -> bytes:
    """Digest plain rows in whatever order they were read (SHA-256)."""
    return sha256(pack(*(row.encode() for row in sorted(rows)))).digest()


def skeleton_message(case_id: bytes, case_version: int, digest: bytes) -> bytes:
    """Write what the seal of the plain rows of a case authenticates: the case at one version."""
    return pack(FORMAT + b" skeleton", case_id, case_version.to_bytes(8, "big"), digest)


class State(NamedTuple):
    """A state of a case: its version and the manifest (hex) over its rows."""

    version: int
    manifest: str


class Intent(NamedTuple):
    """An announced write in the log: its event, the version it started from, what it would give."""

    event_id: str
    old_version: int
    result: State


class Match(StrEnum):
    """How a case compares with the log."""

    APPLIED = "applied"
    UNCONFIRMED = "unconfirmed"
    FAULT = "fault"


def compare_with_log(
    found: State, applied: State | None, newer_intents: Sequence[Intent]
) -> tuple[Match, Intent | None]:
    """Judge the opening rule: a case is at its newest applied state, or at one newer intent.

    The second is a write whose confirmation was lost: the intent is returned, to be confirmed.
    Anything else, an older state first of all, is a fault and nothing of the case is shown.
    """
    if applied is not None and found == applied:
        return Match.APPLIED, None
    start = 0 if applied is None else applied.version
    for intent in newer_intents:
        if intent.result == found and intent.old_version == start:
            return Match.UNCONFIRMED, intent
    return Match.FAULT, None


def write_content(content: Mapping[str, object]) -> bytes:
    """Write the content of an item as the bytes that are sealed."""
    return _CONTENT.encode(content).encode()


def read_content(plain: bytes | bytearray) -> dict[str, object]:
    """Read the content of an item back from its opened bytes."""
    content: dict[str, object] = json.loads(plain.decode())
    return content
