"""What is still missing before an agreement can leave its drafting, and where.

A missing cell counts as X/X when the agreement decides; but what nobody wrote, nobody decided. So
every party has a written cell for every category of each of its tracks before lawyers look at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pga.policy.cells import Cell
from pga.policy.codes import CATEGORIES, Partner, Track
from pga.policy.messages import Message
from pga.policy.places import HeaderPart, Place, PlaceKind
from pga.policy.terms import AgreementDocument

_EVERYWHERE = frozenset(
    {
        *(Partner.GPR, Partner.GCR, Partner.BUR, Partner.POL, Partner.OM, Partner.HLT),
        *(Partner.GI, Partner.RVK, Partner.VT, Partner.LPR, Partner.SCH, Partner.JWK),
        Partner.MEE,
    }
)
# Who sits at which table. Victim support sits at none, unless an agreement gives it a row.
PARTNERS_OF = MappingProxyType(
    {
        Track.YOUTH: _EVERYWHERE
        | {
            *(Partner.REC, Partner.GGD, Partner.GGZ, Partner.JHA),
            *(Partner.WOC, Partner.DJI, Partner.ZVH),
        },
        Track.MONEY_MULE: _EVERYWHERE | {Partner.DBT, Partner.CCT},
    }
)


class GapKind(StrEnum):
    """What is missing (wat ontbreekt)."""

    CELL = "cell"
    ROW = "row"
    TRACK = "track"
    PARTY = "party"
    CLAUSE = "clause"
    BASIS = "basis"
    EVALUATION = "evaluation"


_MESSAGES = MappingProxyType(
    {
        GapKind.CELL: Message("Nobody has filled in this cell yet."),
        GapKind.ROW: Message("This party has no row in the matrix yet."),
        GapKind.TRACK: Message("This party takes part in no track of this agreement."),
        GapKind.PARTY: Message(
            "This row is of no party. It stays without effect until that partner takes part."
        ),
        GapKind.CLAUSE: Message("No clause says why this cell is open."),
        GapKind.BASIS: Message("This partner shares or reads something without a legal basis."),
        GapKind.EVALUATION: Message("The day of the evaluation lies outside the term."),
    }
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing, and at which place it can be filled in (leemte)."""

    kind: GapKind
    place: Place

    @property
    def message(self) -> Message:
        """Say what is missing."""
        return _MESSAGES[self.kind]

    @property
    def is_open(self) -> bool:
        """Tell whether it keeps the agreement in its drafting.

        A row without a party does not: who has not signed gets nothing.
        """
        return self.kind is not GapKind.PARTY


def gaps(document: AgreementDocument) -> list[Gap]:
    """Find all that is missing: cells and rows first, then grounds, then terms."""
    return [*_cells(document), *_rows(document), *_grounds(document), *_terms(document)]


def tracks_of(document: AgreementDocument, partner: Partner) -> tuple[Track, ...]:
    """Give the tracks of an agreement in which a partner takes part: by its kind, or by its row."""
    return tuple(
        track
        for track in document.tracks
        if partner in PARTNERS_OF[track] or document.row(track, partner)
    )


def _parties(document: AgreementDocument) -> tuple[Partner, ...]:
    """Give the kinds of partner that are party, each once."""
    return tuple(dict.fromkeys(party.partner for party in document.parties))


def _cells(document: AgreementDocument) -> Iterator[Gap]:
    """Find the cells and rows of parties that nobody wrote."""
    for partner in _parties(document):
        tracks = tracks_of(document, partner)
        if not tracks:
            yield Gap(GapKind.TRACK, Place(PlaceKind.PARTY, None, partner))
        for track in tracks:
            row = document.row(track, partner)
            if not row:
                yield Gap(GapKind.ROW, Place(PlaceKind.ROW, track, partner))
                continue
            for category in CATEGORIES[track]:
                if category not in row:
                    yield Gap(GapKind.CELL, Place(PlaceKind.CELL, track, partner, category))


def _rows(document: AgreementDocument) -> Iterator[Gap]:
    """Find the rows of partners that are no party."""
    parties = _parties(document)
    for track, rows in document.matrix.items():
        for partner in rows:
            if partner not in parties:
                yield Gap(GapKind.PARTY, Place(PlaceKind.ROW, track, partner))


def _grounds(document: AgreementDocument) -> Iterator[Gap]:
    """Find open cells without a clause, and partners without the bases their cells ask (R-05)."""
    spoken = {
        (clause.track, clause.partner, category)
        for clause in document.clauses
        for category in clause.categories
    }
    for track, rows in document.matrix.items():
        for partner, row in rows.items():
            if _lacks_basis(document, track, partner, tuple(row.values())):
                yield Gap(GapKind.BASIS, Place(PlaceKind.BASIS, track, partner))
            for category, cell in row.items():
                is_open = cell.provide.is_open or cell.consult.is_open
                if is_open and (track, partner, category) not in spoken:
                    yield Gap(GapKind.CLAUSE, Place(PlaceKind.CELL, track, partner, category))


def _lacks_basis(
    document: AgreementDocument, track: Track, partner: Partner, cells: tuple[Cell, ...]
) -> bool:
    """Tell whether a partner has an open side without a basis for it."""
    bases = document.legal_bases.get(track, {}).get(partner)
    provides = any(cell.provide.is_open for cell in cells)
    consults = any(cell.consult.is_open for cell in cells)
    if bases is None:
        return provides or consults
    return (provides and not bases.provide) or (consults and not bases.receive)


def _terms(document: AgreementDocument) -> Iterator[Gap]:
    """Find terms that do not fit each other."""
    if not document.agreement.holds_on(document.agreement.evaluation):
        yield Gap(GapKind.EVALUATION, Place(PlaceKind.HEADER, name=HeaderPart.PERIOD))
