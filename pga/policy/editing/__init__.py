"""Change an agreement, purely: a place, what stands there, and what is to stand there instead.

The value at a place is a text in one fixed form. Who changes something carries the value that they
saw: when it is another by now, somebody else changed the same place. Every change is read by the
same readers as a file, so that nothing comes in by an edit that a file could not hold, and the text
that is written can always be read again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pga.policy.confirming import keep_confirmed
from pga.policy.editing import cells, clauses, examples, header, terms, whole
from pga.policy.editing.cells import CellChange, RowChange
from pga.policy.editing.clauses import ClauseChange, ClausesChange, VerifiedChange, split
from pga.policy.editing.examples import ExampleChange, ReaskedChange, example_change, reasked
from pga.policy.editing.header import HeaderChange, PartyChange, PeriodChange
from pga.policy.editing.kinds import Change, Kind, Reading
from pga.policy.editing.terms import BasisChange, RetentionChange, TrackChange, WordingChange
from pga.policy.editing.whole import DocumentChange
from pga.policy.errors import EditError, NotationError, UnknownPlaceError
from pga.policy.nodes import DocumentError, Reader, root_of
from pga.policy.places import Place, PlaceError, PlaceKind, read_place
from pga.policy.terms import AgreementDocument
from pga.policy.writing import write

__all__ = [
    "BasisChange",
    "CellChange",
    "Change",
    "ClauseChange",
    "ClausesChange",
    "DocumentChange",
    "EditError",
    "ExampleChange",
    "HeaderChange",
    "PartyChange",
    "PeriodChange",
    "ReaskedChange",
    "Restoring",
    "RetentionChange",
    "RowChange",
    "TrackChange",
    "VerifiedChange",
    "WordingChange",
    "apply",
    "change_at",
    "example_change",
    "inverse",
    "mark_at",
    "place_of",
    "reasked",
    "split",
    "value_at",
]

_MARK_HEX = 16
_KINDS: Mapping[PlaceKind, Kind] = MappingProxyType(
    {
        **cells.KINDS,
        **clauses.KINDS,
        **examples.KINDS,
        **header.KINDS,
        **terms.KINDS,
        **whole.KINDS,
    }
)


@dataclass(frozen=True, slots=True)
class Restoring:
    """A change that takes another back, whole: at its spot and with the confirmations it cost.

    It holds for the very document that the other was made on.
    """

    change: Change
    confirmed: frozenset[str]
    ahead_of: str

    @property
    def place(self) -> Place:
        """Give where it changes something."""
        return self.change.place

    @property
    def data(self) -> object:
        """Give what is to stand there again."""
        return self.change.data


def place_of(change: Change | Restoring) -> str:
    """Give the short name of the place of a change, as in "cell youth POL D05"."""
    return str(change.place)


def value_at(document: AgreementDocument, place: str) -> str:
    """Give what stands at a place, in one fixed form; empty for nothing.

    Raises UnknownPlaceError, UnknownTrackError and, for a confirmation, UnknownClauseError.
    """
    where = _where(place)
    return _text(_KINDS[where.kind].value(document, where))


def mark_at(document: AgreementDocument, place: str) -> str:
    """Give a short hash of what stands at a place, for a form to carry.

    Raises what `value_at` raises.
    """
    return hashlib.sha256(value_at(document, place).encode()).hexdigest()[:_MARK_HEX]


def change_at(document: AgreementDocument, place: str, value: str) -> Change:
    """Give the change that puts a value at a place, as to take an edit back by what was before.

    Raises NotationError with every fault of a value that cannot stand there, and an EditError of
    another name for a place that cannot be.
    """
    where, reader = _where(place), Reader()
    try:
        node = root_of(value) if value.strip() else None
    except DocumentError as fault:
        raise NotationError(problems=fault.problems) from None
    change = _KINDS[where.kind].read(Reading(reader, node, where, document))
    if reader.problems:
        raise NotationError(problems=reader.problems)
    return change


def apply(document: AgreementDocument, change: Change | Restoring) -> AgreementDocument:
    """Give the document with a change made.

    A clause of which something changes that its confirmation covers is no longer confirmed. Raises
    an EditError for what cannot be; then nothing changed.
    """
    clean = change_at(document, place_of(change), _text(change.data))
    confirmed, ahead_of = frozenset[str](), ""
    if isinstance(change, Restoring):
        confirmed, ahead_of = change.confirmed, change.ahead_of
    if isinstance(clean, VerifiedChange) and clean.verified:
        confirmed |= {clean.id}
    return keep_confirmed(document, clean.put(document, ahead_of), confirmed)


def inverse(document: AgreementDocument, change: Change | Restoring) -> Restoring:
    """Give the change that takes a change of this document back, so that all is as it was.

    Raises what `apply` raises.
    """
    place = place_of(change)
    where = change.place
    back = change_at(document, place, value_at(document, place))
    after = {clause.id for clause in apply(document, change).clauses if clause.verified}
    lost = frozenset(one.id for one in document.clauses if one.verified and one.id not in after)
    return Restoring(back, lost, _KINDS[where.kind].follower(document, where))


def _where(place: str) -> Place:
    """Read the name of a place. Raises UnknownPlaceError."""
    try:
        return read_place(place)
    except PlaceError:
        raise UnknownPlaceError from None


def _text(data: object) -> str:
    """Write the value of a place."""
    return "" if data is None else write(data)
