"""Places in an agreement: a short stable name for everything that can be changed on its own.

`cell youth POL D05`, `clause youth POL jeugd.POL.politie`, `retention case_after_closing`. The
same place has the same name in every version, so that versions can be compared place by place and
two people who change different places do not hinder each other.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from pga.policy.codes import (
    CATEGORIES,
    PURPOSES,
    Category,
    NonPurpose,
    Partner,
    Phase,
    Purpose,
    Track,
)
from pga.policy.terms import RetentionObject


class PlaceKind(StrEnum):
    """What stands at a place (soort plaats)."""

    CELL = "cell"
    ROW = "row"
    CLAUSE = "clause"
    CLAUSES = "clauses"
    VERIFIED = "verified"
    HEADER = "header"
    PARTY = "party"
    PURPOSE = "purpose"
    NON_PURPOSE = "non_purpose"
    PHASE = "phase"
    TRACK = "track"
    BASIS = "basis"
    RETENTION = "retention"
    EXAMPLE = "example"
    REASKED = "reasked"
    DOCUMENT = "document"


class HeaderPart(StrEnum):
    """A part of the header that is changed on its own (deel van de kop)."""

    NAME = "name"
    VERSION = "version"
    DERIVED_FROM = "derived_from"
    PERIOD = "period"


class PlaceError(ValueError):
    """A text is not the name of a place."""


class Place(NamedTuple):
    """A place, taken apart (plaats in een convenant); what its kind does not have is None or empty.

    `name` is a category, a clause, a purpose, a phase and so on, as the kind asks.
    """

    kind: PlaceKind
    track: Track | None = None
    partner: Partner | None = None
    name: str = ""

    def __str__(self) -> str:
        """Write the place."""
        return " ".join(str(part) for part in self if part)


_WITH_TRACK = frozenset(
    {
        *(PlaceKind.CELL, PlaceKind.ROW, PlaceKind.CLAUSE, PlaceKind.CLAUSES, PlaceKind.VERIFIED),
        *(PlaceKind.PURPOSE, PlaceKind.TRACK, PlaceKind.BASIS, PlaceKind.EXAMPLE),
        PlaceKind.REASKED,
    }
)
_WITH_PARTNER = frozenset(
    {
        *(PlaceKind.CELL, PlaceKind.ROW, PlaceKind.CLAUSE, PlaceKind.CLAUSES),
        *(PlaceKind.VERIFIED, PlaceKind.PARTY, PlaceKind.BASIS),
    }
)
# From which list the name behind it comes; `str` is a free name, and the others have none.
_NAMES: MappingProxyType[PlaceKind, type[str]] = MappingProxyType(
    {
        PlaceKind.CELL: Category,
        PlaceKind.CLAUSE: str,
        PlaceKind.VERIFIED: str,
        PlaceKind.HEADER: HeaderPart,
        PlaceKind.PURPOSE: Purpose,
        PlaceKind.NON_PURPOSE: NonPurpose,
        PlaceKind.PHASE: Phase,
        PlaceKind.RETENTION: RetentionObject,
        PlaceKind.EXAMPLE: str,
        PlaceKind.REASKED: str,
    }
)
# What the confirmed clauses of a partner cover: a change of it takes the confirmation away.
_COVERED = frozenset(
    {
        *(PlaceKind.CELL, PlaceKind.ROW, PlaceKind.CLAUSE, PlaceKind.CLAUSES),
        *(PlaceKind.VERIFIED, PlaceKind.BASIS),
    }
)
_HOLDS = frozenset({(PlaceKind.ROW, PlaceKind.CELL), (PlaceKind.CLAUSES, PlaceKind.CLAUSE)})
OF_EXAMPLES = frozenset({PlaceKind.EXAMPLE, PlaceKind.REASKED})
BECOMES = " > "
"""Stands in the name of a re-asked example, between what it asked and what it asks."""
# Where an agreement that departs from its model says why; a cell says so in its remark.
REASONED = frozenset(
    {
        *(PlaceKind.CLAUSE, PlaceKind.PARTY, PlaceKind.PURPOSE, PlaceKind.NON_PURPOSE),
        *(PlaceKind.PHASE, PlaceKind.TRACK, PlaceKind.BASIS, PlaceKind.RETENTION),
    }
)


def read_place(text: str) -> Place:
    """Read the name of a place; raises PlaceError for a text that is none."""
    words = text.split(" ")
    try:
        kind = PlaceKind(words.pop(0))
        track = Track(words.pop(0)) if kind in _WITH_TRACK else None
        partner = Partner(words.pop(0)) if kind in _WITH_PARTNER else None
        place = Place(kind, track, partner, _name(kind, track, " ".join(words)))
    except (ValueError, IndexError):
        message = f"'{text}' is no known place"
        raise PlaceError(message) from None
    if partner is Partner.BANK:
        message = "a bank is never a party and has no row"
        raise PlaceError(message)
    return place


def _name(kind: PlaceKind, track: Track | None, text: str) -> str:
    """Check the name behind a kind; raises ValueError for one outside its list."""
    if (kind in _NAMES) != bool(text) or text != text.strip():
        raise ValueError
    if kind in _NAMES:
        _NAMES[kind](text)
    of_track = {PlaceKind.CELL: CATEGORIES, PlaceKind.PURPOSE: PURPOSES}.get(kind)
    if of_track is not None and track is not None and text not in of_track[track]:
        raise ValueError
    return text


def questions_of(place: Place) -> tuple[str, ...]:
    """Give the questions of a place of examples: what it asked, and what it asks where it moved."""
    return tuple(place.name.split(BECOMES))


def overlap(one: Place, other: Place) -> bool:
    """Tell whether a change at one place may touch what stands at the other.

    A row holds its cells, and the clauses of a partner each of them; whether a clause is confirmed
    hangs on all that it covers; an example that comes to ask something else stands at both
    questions; the whole text holds everything.
    """
    if one == other or PlaceKind.DOCUMENT in {one.kind, other.kind}:
        return True
    if (one.track, one.partner) != (other.track, other.partner):
        return False
    kinds = {one.kind, other.kind}
    if kinds <= OF_EXAMPLES:
        return not set(questions_of(one)).isdisjoint(questions_of(other))
    if PlaceKind.VERIFIED in kinds:
        return kinds <= _COVERED
    return bool({(one.kind, other.kind), (other.kind, one.kind)} & _HOLDS)
