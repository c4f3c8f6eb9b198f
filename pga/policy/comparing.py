"""What two agreements say place by place, and where a local one departs from its model.

Compared is what is said, not why: reasons and comments stay out of it. Name, version and term are
always local and so are the names of parties; of a party only counts whether it takes part. A cell
that nobody wrote says the same as one that is closed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pga.policy.cells import SHUT
from pga.policy.codes import Category, Partner, Track
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument
from pga.policy.violations import written_cells
from pga.policy.writing import (
    bases_data,
    clause_data,
    example_data,
    retention_data,
    track_data,
    write,
)

Said = Mapping[Place, object]
_TAKES_PART = "takes part"


@dataclass(frozen=True, slots=True)
class Deviation:
    """A place where a municipality departs from its model, and why (afwijking van het model).

    `model` and `local` are what stands there, empty for nothing; `reason` is empty when nobody has
    given one.
    """

    place: Place
    model: str
    local: str
    reason: str


def said_by(document: AgreementDocument) -> Said:
    """Give what an agreement says at every place, in the order of the file."""
    return dict(_said(document))


def written(place: Place, said: Said) -> str:
    """Write what is said at a place as text; empty for nothing. A cell is never empty."""
    found = said.get(place, SHUT.text if place.kind is PlaceKind.CELL else "")
    return found if isinstance(found, str) else write(found)


def deviations(model: AgreementDocument, local: AgreementDocument) -> list[Deviation]:
    """Find every place where a local agreement says otherwise than its model.

    Examples are tests and no part of what is agreed, so they deviate from nothing. Of a track that
    only one of them covers, no more is told than that.
    """
    old, new = said_by(model), said_by(local)
    both = {*model.tracks} & {*local.tracks}
    return [
        Deviation(place, written(place, old), written(place, new), _reason(model, local, place))
        for place in dict.fromkeys((*old, *new))
        if old.get(place) != new.get(place)
        and place.kind is not PlaceKind.EXAMPLE
        and (place.track is None or place.track in both or place.kind is PlaceKind.TRACK)
    ]


def _reason(model: AgreementDocument, local: AgreementDocument, place: Place) -> str:
    """Give why a local agreement departs at a place.

    A clause that has no reason of its own has that of a cell it speaks on, here or in the model.
    """
    if place.track is None or place.partner is None:
        return local.reasons.get(str(place), "")
    if place.kind is PlaceKind.CELL:
        return local.remark(place.track, place.partner, Category(place.name)).reason
    reasons = [local.reasons.get(str(place), "")]
    if place.kind is PlaceKind.CLAUSE:
        reasons += _reasons_of_cells(
            (local, model), local, (place.track, place.partner), place.name
        )
    return next(filter(None, reasons), "")


def _reasons_of_cells(
    documents: tuple[AgreementDocument, AgreementDocument],
    local: AgreementDocument,
    where: tuple[Track, Partner],
    clause_id: str,
) -> list[str]:
    """Give the reasons for the cells that a clause speaks on, in either of two agreements."""
    return [
        local.remark(*where, category).reason
        for document in documents
        for clause in document.clauses
        if (clause.track, clause.partner) == where and clause.id == clause_id
        for category in clause.categories
    ]


def _said(document: AgreementDocument) -> Iterator[tuple[Place, object]]:
    """Give every place with what is said there."""
    yield from _around(document)
    for track, partner, category, cell in written_cells(document):
        if cell != SHUT:
            yield Place(PlaceKind.CELL, track, partner, category), cell.text
    for track, rows in document.legal_bases.items():
        for partner, row in rows.items():
            yield Place(PlaceKind.BASIS, track, partner), bases_data(row)
    for clause in document.clauses:
        place = Place(PlaceKind.CLAUSE, clause.track, clause.partner, clause.id)
        yield place, clause_data(clause)
    for example in document.examples:
        yield Place(PlaceKind.EXAMPLE, example.track, name=example.question), example_data(example)


def _around(document: AgreementDocument) -> Iterator[tuple[Place, object]]:
    """Give the places around the matrix with what is said there."""
    for party in document.parties:
        yield Place(PlaceKind.PARTY, None, party.partner), _TAKES_PART
    for purpose in document.purpose_terms:
        yield Place(PlaceKind.PURPOSE, purpose.track, name=purpose.code), purpose.text
    for ruled_out in document.non_purposes:
        yield Place(PlaceKind.NON_PURPOSE, name=ruled_out.code), ruled_out.text
    for track in document.track_terms:
        yield Place(PlaceKind.TRACK, track.code), track_data(track)
    for phase in document.phases:
        yield Place(PlaceKind.PHASE, name=phase.code), phase.text
    for kept in document.retention:
        yield Place(PlaceKind.RETENTION, name=kept.object), retention_data(kept)
