"""The leaf: the few bytes of an entry that stay for good, and the commitments inside it.

A leaf holds no data of a person: only the act, the decision, the rules and salted commitments to
actor, object and payload. Once payload and salts are erased, what remains links to nobody.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import cast

from audit import canonical
from audit.entries import Action, Entry, EntryError, Outcome

COMMITMENT_DOMAIN = b"audit-c/v1\x00"
LEAF_VERSION = 1
LONGEST_LEAF = 65_535
"""An entry in a tile has a length of two bytes (C2SP tlog-tiles)."""
SALT_BYTES = 32
SALTS = ("actor", "object", "payload")
"""The order in which the salts of an entry stand behind each other."""
PREFIX_OF_ERASURE = b'{"a":"retention.erase"'

_END = b'","v":1}'


class LeafError(ValueError):
    """The bytes are not a leaf of this log."""


@dataclass(frozen=True, slots=True)
class Commitments:
    """Salted hashes of actor, object and payload, in hex."""

    actor: str
    object: str
    payload: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as read back from its bytes; `second` is its time, like 2026-11-24T06:40:00Z."""

    action: str
    commitments: Commitments
    outcome: str
    event_id: str
    kek_id: str
    names: str | None
    policy_hash: str
    rules: tuple[str, ...]
    second: str


def second_of(at: datetime) -> str:
    """Write an aware instant to the second in UTC, as a leaf has it; text order is time order."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def commit(salt: bytes, value: bytes) -> str:
    """Commit to the canonical bytes of a value under a salt of 32 random bytes, in hex."""
    return sha256(COMMITMENT_DOMAIN + salt + value).hexdigest()


def commitments(salts: bytes, actor: bytes, object_: bytes, payload: bytes) -> Commitments:
    """Commit to the three canonical parts of an entry, each under its own 32 bytes of `salts`."""
    first, second, third = (salts[i : i + SALT_BYTES] for i in range(0, len(salts), SALT_BYTES))
    return Commitments(commit(first, actor), commit(second, object_), commit(third, payload))


def begin(entry: Entry, made: Commitments, kek_id: str) -> bytes:
    """Write a leaf up to its time, which is set when the entry gets its place in the log."""
    fields = {
        "a": entry.action.value,
        "c": {"actor": made.actor, "object": made.object, "payload": made.payload},
        "d": entry.decided.value,
        "e": entry.event_id,
        "k": kek_id,
        "o": entry.names,
        "p": entry.policy_hash,
        "r": entry.rules,
        "t": "",
        "v": LEAF_VERSION,
    }
    return canonical.encode(fields).removesuffix(_END)


def finish(begun: bytes, second: str) -> bytes:
    """Complete a leaf with its time; raises EntryError when it has become too long for a tile."""
    leaf = begun + second.encode("ascii") + _END
    if len(leaf) > LONGEST_LEAF:
        message = "an entry with so many rules does not fit in a leaf"
        raise EntryError(message)
    return leaf


def read(data: bytes) -> Leaf:
    """Read a leaf; raises LeafError for anything this log would not have written."""
    try:
        fields = cast("dict[str, object]", json.loads(data))
        made = cast("dict[str, str]", fields["c"])
        leaf = Leaf(
            action=Action(str(fields["a"])).value,
            commitments=Commitments(made["actor"], made["object"], made["payload"]),
            outcome=Outcome(str(fields["d"])).value,
            event_id=str(fields["e"]),
            kek_id=str(fields["k"]),
            names=cast("str | None", fields["o"]),
            policy_hash=str(fields["p"]),
            rules=tuple(cast("list[str]", fields["r"])),
            second=str(fields["t"]),
        )
        datetime.fromisoformat(leaf.second)
    except (ValueError, TypeError, KeyError) as error:
        message = "the stored bytes are not a leaf of this log"
        raise LeafError(message) from error
    if fields["v"] != LEAF_VERSION or set(fields) != set("acdekoprtv"):
        message = "the leaf has another version or other fields"
        raise LeafError(message)
    return leaf
