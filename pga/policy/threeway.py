"""Compare three texts: the model a local agreement came from, the model now, and the agreement.

Place by place it shows what the region changed, what the municipality changed, and where both did.
What the region changed is adopted one place at a time; nothing comes over by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from pga.policy.codes import Category, Purpose
from pga.policy.comparing import said_by, written
from pga.policy.editing import (
    BasisChange,
    CellChange,
    Change,
    ClauseChange,
    ClausesChange,
    HeaderChange,
    change_at,
    value_at,
)
from pga.policy.editing.clauses import clauses_of
from pga.policy.editing.kinds import partner_of, track_of
from pga.policy.laws import LegalBasis
from pga.policy.places import HeaderPart, Place, PlaceKind
from pga.policy.terms import AgreementDocument, Clause, RowBases


class Standing(StrEnum):
    """How a place of a local agreement stands to a model that moved (stand van een plaats)."""

    UNCHANGED = "unchanged"
    MODEL_MOVED = "model_moved"
    LOCAL_DEVIATES = "local_deviates"
    BOTH = "both"
    CONFLICT = "conflict"


_NO_BASES = RowBases(MappingProxyType({}), MappingProxyType({}))
ADOPTABLE = frozenset({Standing.MODEL_MOVED, Standing.CONFLICT})


@dataclass(frozen=True, slots=True)
class Compared:
    """A place in three texts (vergelijking van een plaats); empty where nothing stands."""

    place: Place
    standing: Standing
    base: str
    model: str
    local: str


@dataclass(frozen=True, slots=True)
class ThreeWay:
    """Three texts beside each other; `places` are all that are not the same in all three."""

    base: AgreementDocument
    model: AgreementDocument
    local: AgreementDocument
    places: tuple[Compared, ...]

    @property
    def adoptable(self) -> tuple[Compared, ...]:
        """Give the places that the region changed and this agreement does not have."""
        return tuple(one for one in self.places if one.standing in ADOPTABLE)

    def adopt(self, place: Place) -> Change:
        """Give the change that adopts the model at a place. Raises what `adopt` raises."""
        return adopt(self.model, self.local, place)

    @property
    def followed(self) -> Change:
        """Give the change by which the agreement names this model as the one it is derived from.

        Made when all has been adopted or left: from then on the next model is compared with this.
        """
        return HeaderChange(HeaderPart.DERIVED_FROM, self.model.agreement.title)


def compare(
    base: AgreementDocument, model: AgreementDocument, local: AgreementDocument
) -> ThreeWay:
    """Compare a local agreement with the model it came from and with that model now.

    Of a track that the model or the agreement does not cover nothing is told.
    """
    was, now, ours = (said_by(document) for document in (base, model, local))
    both = {*model.tracks} & {*local.tracks}
    found = []
    for place in dict.fromkeys((*was, *now, *ours)):
        if place.track is not None and place.track not in both:
            continue
        standing = _standing(was.get(place), now.get(place), ours.get(place))
        if standing is not Standing.UNCHANGED:
            texts = (written(place, said) for said in (was, now, ours))
            found.append(Compared(place, standing, *texts))
    return ThreeWay(base, model, local, tuple(found))


def adopt(model: AgreementDocument, local: AgreementDocument, place: Place) -> Change:
    """Give the change that lets an agreement say at a place what its model says.

    The reason to depart goes, a comment on a cell stays. Raises an EditError where that takes more
    than one place, as for a purpose more or less: then the whole text is replaced.
    """
    if place.kind is PlaceKind.CELL:
        return _cell(model, local, place)
    if place.kind is PlaceKind.CLAUSE:
        return _clause(model, local, place)
    if place.kind is PlaceKind.BASIS:
        return _basis(model, local, place)
    bare = replace(model, reasons=MappingProxyType({}))
    return change_at(local, str(place), value_at(bare, str(place)))


def _standing(base: object, model: object, local: object) -> Standing:
    """Tell who moved a place."""
    if model == local:
        return Standing.UNCHANGED if base == local else Standing.BOTH
    if base == local:
        return Standing.MODEL_MOVED
    return Standing.LOCAL_DEVIATES if base == model else Standing.CONFLICT


def _cell(model: AgreementDocument, local: AgreementDocument, place: Place) -> CellChange:
    """Adopt a cell."""
    track, partner, category = track_of(local, place), partner_of(place), Category(place.name)
    cell = model.row(track, partner).get(category)
    comment = local.remark(track, partner, category).comment
    text = "" if cell is None else cell.text
    return CellChange(track, partner, category, text, comment=comment)


def _clause(model: AgreementDocument, local: AgreementDocument, place: Place) -> Change:
    """Adopt a clause with its categories, which other clauses then leave to it.

    A category whose cell still departs from the model stays with the clause that the municipality
    made for it; a clause of which nothing is left is left out.
    """
    track, partner = track_of(local, place), partner_of(place)
    theirs = {one.id: one for one in clauses_of(model, track, partner)}
    ours = clauses_of(local, track, partner)
    new = theirs.get(place.name)
    if new is None:
        return ClauseChange(track, partner, place.name, None)
    kept = {
        category
        for one in ours
        for category in one.categories
        if one.id not in theirs and _departs(model, local, place, category)
    }
    rest = tuple(category for category in new.categories if category not in kept)
    if not rest and new.categories:
        return ClauseChange(track, partner, place.name, None)
    new = replace(new, categories=rest)
    others = {one.id: _without(one, rest) for one in ours if one.id != place.name}
    if all(others.get(one.id, one) == one for one in ours):
        return ClauseChange(track, partner, place.name, new)
    listed = [others.get(one.id, new) for one in ours]
    if new not in listed:
        listed.append(new)
    return ClausesChange(track, partner, tuple(one for one in listed if one is not None))


def _departs(
    model: AgreementDocument, local: AgreementDocument, place: Place, category: Category
) -> bool:
    """Tell whether a cell beside a clause is otherwise than in the model."""
    where = (track_of(local, place), partner_of(place), category)
    return model.cell(*where) != local.cell(*where)


def _without(clause: Clause, taken: tuple[Category, ...]) -> Clause | None:
    """Give a clause without categories that another one takes; None when that leaves nothing."""
    left = tuple(category for category in clause.categories if category not in taken)
    return replace(clause, categories=left) if left or not clause.categories else None


def _basis(model: AgreementDocument, local: AgreementDocument, place: Place) -> BasisChange:
    """Adopt the bases of a partner for the purposes that both have; others stay."""
    track, partner = track_of(local, place), partner_of(place)
    theirs = model.legal_bases.get(track, {}).get(partner, _NO_BASES)
    ours = local.legal_bases.get(track, {}).get(partner, _NO_BASES)
    purposes = local.purposes(track)
    row = RowBases(
        _side(theirs.provide, ours.provide, purposes),
        _side(theirs.receive, ours.receive, purposes),
    )
    return BasisChange(track, partner, row)


def _side(
    theirs: Mapping[Purpose, LegalBasis],
    ours: Mapping[Purpose, LegalBasis],
    purposes: tuple[Purpose, ...],
) -> Mapping[Purpose, LegalBasis]:
    """Give the bases of one side: none where the model has none."""
    known = {**ours, **theirs} if theirs else {}
    return MappingProxyType({code: known[code] for code in purposes if code in known})
