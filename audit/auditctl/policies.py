"""Trust policies (C2SP tlog-policy): which logs, which witnesses, and how many must have signed."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .notes import KeyType, Note, NoteError, VerifierKey, decimal, parse_verifier

NONE = "none"
_FORBIDDEN = re.compile(rb"[^\x09\x0a\x20-\x7e\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by its name in the policy, its key, and where it can be asked."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group that has witnessed when at least `needed` of its members have."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What makes a checkpoint trusted: signed by a log, and cosigned by the quorum."""

    logs: Mapping[VerifierKey, str]
    witnesses: Mapping[str, Witness]
    groups: Mapping[str, Group]
    quorum: str

    def cosigners(self, note: Note) -> dict[str, int]:
        """Give the names of the witnesses that cosigned, with the time each did (seconds)."""
        times = note.signed_by(witness.key for witness in self.witnesses.values())
        return {
            name: times[witness.key]
            for name, witness in self.witnesses.items()
            if witness.key in times
        }

    @property
    def fewest(self) -> int:
        """Count the witnesses that at least make the quorum."""
        counts = {NONE: 0, **dict.fromkeys(self.witnesses, 1)}
        for name, group in self.groups.items():  # a group comes after all of its members
            counts[name] = sum(sorted(counts[one] for one in group.members)[: group.needed])
        return counts[self.quorum]

    def is_met(self, cosigners: Collection[str]) -> bool:
        """Tell whether these witnesses make the quorum."""
        witnessed = {NONE, *(name for name in cosigners if name in self.witnesses)}
        for name, group in self.groups.items():  # a group comes after all of its members
            if sum(one in witnessed for one in group.members) >= group.needed:
                witnessed.add(name)
        return self.quorum in witnessed


def parse_policy(raw: bytes) -> Policy:
    """Read a policy; raises NoteError with the line that is wrong."""
    reader = _Reader()
    if _FORBIDDEN.search(raw):
        message = "a policy holds a character that may not stand in it"
        raise NoteError(message)
    for number, line in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), start=1):
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words == [""] or words[0].startswith("#"):
            continue
        try:
            reader.read(words)
        except NoteError as error:
            message = f"line {number}: {error}"
            raise NoteError(message) from error
    return reader.policy()


class _Reader:
    """Collect the lines of a policy; a name is used only after it was defined."""

    def __init__(self) -> None:
        """Begin with nothing defined."""
        self.logs: dict[VerifierKey, str] = {}
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, words: list[str]) -> None:
        """Take one line in."""
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._log(parse_verifier(vkey), "".join(url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._witness(Witness(name, parse_verifier(vkey), "".join(url)))
            case ["group", name, needed, *members] if members:
                self._group(name, needed, tuple(members))
            case ["quorum", name]:
                self._quorum(name)
            case _:
                message = "not a line of a policy"
                raise NoteError(message)

    def policy(self) -> Policy:
        """Give the policy; raises NoteError when it has no quorum."""
        if self.quorum is None:
            message = "a policy has one quorum line"
            raise NoteError(message)
        return Policy(self.logs, self.witnesses, self.groups, self.quorum)

    def _log(self, key: VerifierKey, url: str) -> None:
        """Add a log."""
        if key.type is not KeyType.ED25519 or key.public in {one.public for one in self.logs}:
            message = "a log has an Ed25519 key that stands here once"
            raise NoteError(message)
        self.logs[key] = url

    def _witness(self, witness: Witness) -> None:
        """Add a witness."""
        known = {one.key.public for one in self.witnesses.values()}
        if witness.key.type is not KeyType.COSIGNATURE or witness.key.public in known:
            message = "a witness has a key for cosignatures that stands here once"
            raise NoteError(message)
        self._new(witness.name)
        self.witnesses[witness.name] = witness

    def _group(self, name: str, needed: str, members: tuple[str, ...]) -> None:
        """Add a group of what was defined before."""
        self._new(name)
        for member in members:
            if member in self._members or not self._is_known(member):
                message = f"{member} is not defined yet, or a member already"
                raise NoteError(message)
            self._members.add(member)
        count = {"any": 1, "all": len(members)}.get(needed)
        count = decimal(needed) if count is None else count
        if not 1 <= count <= len(members):
            message = "a group asks between one and all of its members"
            raise NoteError(message)
        self.groups[name] = Group(count, members)

    def _quorum(self, name: str) -> None:
        """Set the quorum, once."""
        if self.quorum is not None or (name != NONE and not self._is_known(name)):
            message = "the quorum is one name that was defined before"
            raise NoteError(message)
        self.quorum = name

    def _new(self, name: str) -> None:
        """Refuse a name that is taken."""
        if name == NONE or self._is_known(name):
            message = f"{name} is taken"
            raise NoteError(message)

    def _is_known(self, name: str) -> bool:
        """Tell whether a witness or group has this name."""
        return name in self.witnesses or name in self.groups
