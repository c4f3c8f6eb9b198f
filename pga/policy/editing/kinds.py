"""What every kind of change has in common: its place, its value as plain data, and putting it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar

import yaml

from pga.policy.codes import Partner, Track
from pga.policy.errors import UnknownTrackError
from pga.policy.nodes import Reader
from pga.policy.places import Place
from pga.policy.terms import AgreementDocument

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
REASON = "reason"


class Change(Protocol):
    """A change of one place of an agreement (wijziging van een plaats)."""

    @property
    def place(self) -> Place:
        """Give where it changes something."""
        ...

    @property
    def data(self) -> object:
        """Give what is to stand there as plain data in the form of the file; None for nothing."""
        ...

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Give the document with it.

        What is new in a list comes ahead of the entry of that name, or where such entries come.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What a change is read from: the value for a place of a document, as nodes."""

    read: Reader
    node: yaml.Node | None
    place: Place
    document: AgreementDocument

    @property
    def track(self) -> Track:
        """Give the track of the place. Raises UnknownTrackError when the document lacks it."""
        return track_of(self.document, self.place)

    @property
    def partner(self) -> Partner:
        """Give the partner of the place."""
        return partner_of(self.place)

    @property
    def is_left_out(self) -> bool:
        """Tell whether nothing is to stand there, but perhaps the reason why."""
        return self.node is None or (
            isinstance(self.node, yaml.MappingNode)
            and all(key.value == REASON for key, _ in self.node.value)
        )

    @property
    def reason(self) -> str:
        """Read why the place is otherwise than in the model."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else ()
        nodes = [value for key, value in pairs if key.value == REASON]
        return self.read.text(nodes[0], REASON) if nodes else ""

    def fields(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, yaml.Node]:
        """Give the values of known keys; what is left out has none."""
        if self.node is None or self.is_left_out:
            return {}
        return self.read.fields(self.node, str(self.place), required, (*optional, REASON))


class Kind(NamedTuple):
    """How the value at a place of one kind is found and how a change of it is read.

    `follower` names the entry that follows in a list, so that what was taken out can go back.
    """

    value: Callable[[AgreementDocument, Place], object]
    read: Callable[[Reading], Change]
    follower: Callable[[AgreementDocument, Place], str] = lambda _document, _place: ""


def track_of(document: AgreementDocument, place: Place) -> Track:
    """Give the track of a place. Raises UnknownTrackError when the document does not cover it."""
    if place.track is None or place.track not in document.tracks:
        raise UnknownTrackError
    return place.track


def partner_of(place: Place) -> Partner:
    """Give the partner of a place of a kind that has one."""
    return Partner(place.partner or "")


def with_reason(document: AgreementDocument, place: Place, reason: str) -> AgreementDocument:
    """Give the document with another reason for a place; an empty one takes it away."""
    reasons = keyed(document.reasons, str(place), reason or None)
    return replace(document, reasons=reasons)


def reasoned(document: AgreementDocument, place: Place, said: dict[str, object]) -> object:
    """Give what stands at a place together with its reason; None when there is neither."""
    reason = document.reasons.get(str(place), "")
    return said_with(said, reason)


def said_with(said: dict[str, object], reason: str) -> object:
    """Put a value and a reason together; None when there is neither."""
    return {**said, REASON: reason} if reason else (said or None)


def keyed(found: Mapping[K, V], key: K, value: V | None) -> Mapping[K, V]:
    """Give a mapping with another value for a key; None takes the key out."""
    changed = {name: each for name, each in found.items() if name != key}
    if value is not None:
        changed = {**found, key: value}
    return MappingProxyType(changed)


def follower(keys: Sequence[str], mine: Collection[str]) -> str:
    """Give the key behind the last of `mine`; empty when none follows."""
    places = [number for number, key in enumerate(keys) if key in mine]
    return "".join(keys[places[-1] + 1 : places[-1] + 2]) if places else ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an entry of a list stands: by its name, and when it is new, ahead of which other.

    Without that it comes in the order of the codes, and where there is none, last.
    """

    name: str
    ahead_of: str = ""
    order: type[StrEnum] | None = None

    def index_in(self, keys: Sequence[str]) -> int:
        """Give where a new entry goes among others of these names."""
        if self.ahead_of in keys:
            return keys.index(self.ahead_of)
        ranks = {str(code): rank for rank, code in enumerate(self.order or ())}
        mine = ranks.get(self.name, len(ranks))
        later = (number for number, key in enumerate(keys) if ranks.get(key, -1) > mine)
        return next(later, len(keys))


def placed(
    terms: Sequence[T], new: Sequence[T], key: Callable[[T], str], spot: Spot
) -> tuple[T, ...]:
    """Put the entries of one name into a list, in the place of those that had that name."""
    keys = [key(term) for term in terms]
    rest = [term for term, name in zip(terms, keys, strict=True) if name != spot.name]
    first = keys.index(spot.name) if spot.name in keys else spot.index_in(keys)
    return (*rest[:first], *new, *rest[first:])
