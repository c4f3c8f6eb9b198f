"""The places of an agreement in words."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import example_words, words
from pga.agreements.term_words import RETENTION
from pga.policy.codes import Category, Partner, Track
from pga.policy.places import (
    OF_EXAMPLES,
    HeaderPart,
    Place,
    PlaceError,
    PlaceKind,
    questions_of,
    read_place,
)

_KINDS: Final[Mapping[str, LazyString]] = {
    PlaceKind.CELL: _("Cell"),
    PlaceKind.ROW: _("All cells of a partner"),
    PlaceKind.CLAUSE: _("Clause"),
    PlaceKind.CLAUSES: _("All clauses of a partner"),
    PlaceKind.VERIFIED: _("Confirmed by a lawyer"),
    PlaceKind.HEADER: _("Name, version and dates"),
    PlaceKind.PARTY: _("Party"),
    PlaceKind.PURPOSE: _("Purpose"),
    PlaceKind.NON_PURPOSE: _("What it is not for"),
    PlaceKind.PHASE: _("Phase"),
    PlaceKind.TRACK: _("Whom it is for"),
    PlaceKind.BASIS: _("Legal basis"),
    PlaceKind.RETENTION: _("How long everything is kept"),
    PlaceKind.EXAMPLE: _("Example"),
    PlaceKind.REASKED: _("Example that asks something else"),
    PlaceKind.DOCUMENT: _("The whole text"),
}
_NAMES: Final[Mapping[str, Mapping[str, LazyString]]] = {
    PlaceKind.CELL: words.CATEGORIES,
    PlaceKind.PURPOSE: words.PURPOSES,
    PlaceKind.NON_PURPOSE: words.NON_PURPOSES,
    PlaceKind.PHASE: words.PHASES,
    PlaceKind.RETENTION: RETENTION,
}
_HEADER: Final[Mapping[str, LazyString]] = {
    HeaderPart.NAME: _("Name"),
    HeaderPart.VERSION: _("Version"),
    HeaderPart.DERIVED_FROM: _("Derived from"),
    HeaderPart.PERIOD: _("Term"),
}


def name(text: str) -> str:
    """Name a place: its kind, its partner and what it is about."""
    try:
        place = read_place(text)
    except PlaceError:
        return text
    if place.kind is PlaceKind.HEADER:
        return str(_HEADER[place.name])
    about = str(_NAMES.get(place.kind, {}).get(place.name, place.name))
    if place.kind in OF_EXAMPLES:
        about = example_words.named(questions_of(place)[-1])
    who = words.partner(place.partner) if place.partner else ""
    if place.kind is PlaceKind.CELL:
        return f"{who}: {about}"
    parts = (str(_KINDS[place.kind]), who, about)
    return " · ".join(part for part in parts if part)


def short(place: Place) -> str:
    """Name a place among others of its kind, which the heading above it names."""
    if place.kind is PlaceKind.HEADER:
        return str(_HEADER[place.name])
    if place.kind is PlaceKind.TRACK:
        return words.track(place.track or "")
    if place.partner:
        return words.partner(place.partner)
    return str(_NAMES.get(place.kind, {}).get(place.name, place.name))


def cell_of(text: str) -> tuple[Track, Partner, Category] | None:
    """Give the cell that a place is, so that a page can lead there; None for another place."""
    try:
        place: Place = read_place(text)
    except PlaceError:
        return None
    if place.kind is not PlaceKind.CELL or place.track is None or place.partner is None:
        return None
    return place.track, place.partner, Category(place.name)
