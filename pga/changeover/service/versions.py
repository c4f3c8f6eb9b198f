"""The versions of a municipality and track side by side: in force, to come, still lived under."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from config import clock
from config.errors import NotFoundError
from pga.agreements.models import Agreement
from pga.agreements.queries import is_in_force
from pga.changeover import queries
from pga.changeover.models import CaseMove
from pga.changeover.service.places import municipal_places, version_for
from pga.changeover.service.previews import PROPOSED
from pga.sharing.service.seats import Viewer


@dataclass(frozen=True, slots=True)
class Shelf:
    """All versions of one municipality and track, and under which of them cases still live.

    `moves` are the decisions over cases under these versions, the newest first.
    """

    municipality: str
    track: str
    versions: Sequence[Agreement]
    lived_under: frozenset[bytes]
    moves: Sequence[CaseMove]
    today: date

    @property
    def in_force(self) -> Agreement | None:
        """Give the version in force, if there is one (R-01)."""
        return next((one for one in self.versions if self.counts(one)), None)

    def counts(self, version: Agreement) -> bool:
        """Tell whether anything is exchanged under a version today (R-01)."""
        return is_in_force(version, self.today)

    def version(self, version_id: bytes) -> Agreement | None:
        """Give one of the versions by its id."""
        return next((one for one in self.versions if one.id == version_id), None)

    @property
    def to_come(self) -> list[Agreement]:
        """List the versions that are proposed and not in force."""
        return [one for one in self.versions if one.state in PROPOSED and one is not self.in_force]

    @property
    def left_behind(self) -> list[Agreement]:
        """List the versions that are no longer in force and under which cases still live."""
        return [
            one for one in self.versions if one.id in self.lived_under and one is not self.in_force
        ]

    def sources_for(self, target: Agreement) -> list[Agreement]:
        """List what a version can be compared with: the one in force, then those lived under."""
        found = [self.in_force, *self.left_behind]
        return [one for one in found if one is not None and one.id != target.id]

    def source_for(self, target: Agreement, chosen: bytes | None = None) -> Agreement | None:
        """Give the version to compare with: the chosen one, else the first; None without any."""
        found = self.sources_for(target)
        return next((one for one in found if one.id == chosen), found[0] if found else None)


def overview(viewer: Viewer) -> list[Shelf]:
    """Give the shelves of every municipality somebody works for, in three queries."""
    return _shelves({place.municipality for place in municipal_places(viewer)})


def shelf_of(viewer: Viewer, agreement_id: bytes) -> tuple[Shelf, Agreement]:
    """Give a version that may be proposed, with the shelf it stands on; raises NotFoundError."""
    version = version_for(viewer, agreement_id)
    if version.state not in PROPOSED:
        raise NotFoundError
    for shelf in _shelves({version.municipality}):
        for one in shelf.versions:
            if one.id == version.id:
                return shelf, one
    raise NotFoundError  # pragma: no cover - every version stands on the shelf of its place


def _shelves(municipalities: set[str]) -> list[Shelf]:
    """Put the versions of these municipalities together by place and track."""
    versions = queries.versions_of(municipalities)
    lived_under = queries.versions_with_living_cases(municipalities)
    moves = queries.moves_from({version.id for version in versions})
    today = clock.today()
    shelves = []
    for (municipality, track), same in groupby(versions, key=attrgetter("municipality", "track")):
        found = list(same)
        ids = {version.id for version in found}
        here = [move for move in moves if move.source_id in ids]
        shelves.append(Shelf(municipality, track, found, lived_under, here, today))
    return shelves
