"""Verify an exported log: entries, tiles, root, signature, quorum; in constant memory.

Each bundle is hashed once. Its hashes must be those of its tile, the root of a full tile must be
the hash in the tile above, and what all of it leads to must be the root that was signed.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from . import tree
from .checkpoints import Checkpoint, open_checkpoint, parse_checkpoint
from .export import NOT_AS_WRITTEN, BrokenError, Folder, FolderTree, Payload, first_of
from .notes import NoteError, parse_note
from .paths import WIDTH, Resource
from .policies import Policy
from .receipts import LogProof

COMMITMENT_DOMAIN = b"audit-c/v1\x00"
PARTS = ("actor", "object", "payload")

Progress = Callable[[int, int], None]
"""Told now and then how many entries are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a verification found: the checkpoint that holds, and who cosigned it."""

    checkpoint: Checkpoint
    cosigners: dict[str, int]


def trusted_checkpoint(folder: Folder, policy: Policy) -> Found:
    """Read the checkpoint of an export and believe it as far as a policy does.

    Raises BrokenError when its signatures are not right, and IncompleteError without a quorum.
    """
    raw = folder.read("checkpoint")
    try:
        checkpoint, note = open_checkpoint(raw, policy.logs.keys())
        cosigners = policy.cosigners(note)
    except NoteError as error:
        raise BrokenError(0, f"the checkpoint: {error}") from error
    if not policy.is_met(cosigners):
        raise QuorumError(Found(checkpoint, cosigners))
    return Found(checkpoint, cosigners)


class QuorumError(Exception):
    """The checkpoint is signed by the log, but too few witnesses cosigned it."""

    def __init__(self, found: Found) -> None:
        """Keep what holds all the same."""
        super().__init__("too few witnesses cosigned the checkpoint")
        self.found = found


def verify(folder: Folder, policy: Policy, progress: Progress) -> Found:
    """Recompute an exported log up to its checkpoint.

    Raises BrokenError at the first entry that is not as logged, IncompleteError when a file is
    missing and QuorumError when all holds but for the witnesses.
    """
    lacks_quorum = None
    try:
        found = trusted_checkpoint(folder, policy)
    except QuorumError as error:
        lacks_quorum, found = error, error.found
    rebuilt = Rebuilt(folder)
    size = found.checkpoint.size
    for first in range(0, size, WIDTH):
        rebuilt.add(min(WIDTH, size - first))
        progress(min(first + WIDTH, size), size)
    if rebuilt.finish() != found.checkpoint.root:
        raise BrokenError(0, "the entries do not lead to the root that was signed")
    if lacks_quorum:
        raise lacks_quorum
    return found


class Rebuilt:
    """The tree as recomputed so far: at most one unfinished tile of each level is held."""

    def __init__(self, folder: Folder) -> None:
        """Begin with an empty tree."""
        self._folder = folder
        self._levels: list[list[bytes]] = []
        self._counts: list[int] = []

    def add(self, width: int) -> None:
        """Hash the next bundle of `width` entries and hold it against its tile."""
        number = self._counts[0] if self._counts else 0
        prefix = tree.LEAF_PREFIX
        entries = self._folder.entries(Resource(None, number, width))
        hashes = [sha256(prefix + entry).digest() for entry in entries]
        self._close(0, hashes)

    def finish(self) -> bytes:
        """Hold the unfinished tiles against theirs; give the root."""
        frontier: list[bytes] = []
        for level, hashes in enumerate(self._levels):
            if hashes:
                self._compare(Resource(level, self._counts[level], len(hashes)), hashes)
            frontier = [*_frontier(hashes), *frontier]
        return tree.root(frontier)

    def _close(self, level: int, hashes: list[bytes]) -> None:
        """Take the hashes of a tile in; a full one is one hash in the tile above."""
        while len(self._levels) <= level + 1:
            self._levels.append([])
            self._counts.append(0)
        self._levels[level] = hashes
        if len(hashes) == WIDTH:
            self._compare(Resource(level, self._counts[level]), hashes)
            self._counts[level] += 1
            self._levels[level] = []
            self._close(level + 1, [*self._levels[level + 1], tree.perfect_root(hashes)])

    def _compare(self, resource: Resource, hashes: list[bytes]) -> None:
        """Hold hashes against the tile that is published."""
        for place, (ours, theirs) in enumerate(
            zip(hashes, self._folder.hashes(resource), strict=True)
        ):
            if ours != theirs:
                step = WIDTH ** (resource.level or 0)
                raise BrokenError(
                    first_of(resource) + place * step, f"{resource.path} holds another hash"
                )


def _frontier(hashes: list[bytes]) -> Iterator[bytes]:
    """Give the perfect subtrees over an unfinished tile, largest first."""
    for first, end in tree.frontier_ranges(len(hashes)):
        yield tree.perfect_root(hashes[first:end])


def entry_at(folder: Folder, seq: int, size: int) -> bytes:
    """Read one entry of an exported log; raises BrokenError for a number outside it."""
    if not 0 <= seq < size:
        raise BrokenError(seq, "the log has no entry with this number")
    number, place = divmod(seq, WIDTH)
    width = min(WIDTH, size - number * WIDTH)
    return folder.entries(Resource(None, number, width))[place]


def entries_of(folder: Folder, size: int) -> Iterator[tuple[int, bytes]]:
    """Read all entries of an exported log one by one, each with its number."""
    for first in range(0, size, WIDTH):
        bundle = Resource(None, first // WIDTH, min(WIDTH, size - first))
        yield from enumerate(folder.entries(bundle), start=first)


def prove(folder: Folder, seq: int) -> LogProof:
    """Make the proof of one entry under the checkpoint of an export."""
    raw = folder.read("checkpoint")
    size = parse_checkpoint(parse_note(raw).text).size
    entry_at(folder, seq, size)
    hashes = tree.inclusion_proof(seq, size, FolderTree(folder, size).node)
    return LogProof(seq, tuple(hashes), raw)


def check_consistency(old: Checkpoint, folder: Folder, new: Checkpoint) -> None:
    """Show that the log of an older checkpoint is the beginning of an exported one.

    Raises BrokenError when it is not: then somebody was shown another log.
    """
    if old.origin != new.origin:
        raise BrokenError(0, "the checkpoints are of two different logs")
    if old.size > new.size:
        raise BrokenError(new.size, "the log has become shorter")
    if old.size == 0:
        return
    try:
        proof = tree.consistency_proof(old.size, new.size, FolderTree(folder, new.size).node)
        tree.verify_consistency(old.size, new.size, proof, old.root, new.root)
    except tree.ProofError as error:
        raise BrokenError(0, "the older log is not the beginning of this one") from error


def check_payload(entry: bytes, payload: Payload) -> None:
    """Show that an entry commits to what its log disclosed of it; raises BrokenError if not."""
    try:
        committed = dict(json.loads(entry)["c"])
        parts = [part.encode() for part in payload.parts]
    except NOT_AS_WRITTEN as error:
        raise BrokenError(payload.seq, "the entry holds no commitments") from error
    for name, salt, part in zip(PARTS, payload.salts, parts, strict=True):
        if sha256(COMMITMENT_DOMAIN + salt + part).hexdigest() != committed.get(name):
            raise BrokenError(payload.seq, f"the {name} is not what the entry commits to")
