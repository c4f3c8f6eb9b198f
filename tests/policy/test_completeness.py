"""An agreement tells what is missing before lawyers read it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pga.agreements import library
from pga.policy.codes import CATEGORIES, Category, Partner, Track
from pga.policy.completeness import PARTNERS_OF, Gap, GapKind, gaps, tracks_of
from pga.policy.document import AgreementDocument, parse
from pga.policy.editing import (
    BasisChange,
    CellChange,
    ClauseChange,
    PartyChange,
    PeriodChange,
    RowChange,
    apply,
)
from pga.policy.places import Place, PlaceKind, read_place
from pga.policy.terms import RowBases
from tests.policy.edits import SOUND

YOUTH, POL = Track.YOUTH, Partner.POL
LOCAL = sorted((Path(library.__file__).parent / "local").glob("*.yaml"))


@pytest.fixture(scope="module")
def model() -> AgreementDocument:
    return library.model(YOUTH)


def places(document: AgreementDocument, kind: GapKind) -> list[str]:
    return [str(gap.place) for gap in gaps(document) if gap.kind is kind]


@pytest.mark.parametrize("track", Track)
def test_the_models_lack_nothing_and_seat_exactly_the_partners_of_their_track(
    track: Track,
) -> None:
    document = library.model(track)
    assert gaps(document) == []
    assert set(document.matrix[track]) == PARTNERS_OF[track]


@pytest.mark.parametrize("path", LOCAL, ids=lambda path: path.stem)
def test_the_agreements_of_the_library_lack_nothing_that_keeps_them_in_their_drafting(
    path: Path,
) -> None:
    assert not [gap for gap in gaps(parse(path.read_text("utf-8"))) if gap.is_open]


def test_every_cell_that_nobody_wrote_is_told(model: AgreementDocument) -> None:
    half = apply(model, CellChange(YOUTH, POL, Category.D05, ""))
    half = apply(half, CellChange(YOUTH, Partner.WOC, Category.D16, ""))
    assert places(half, GapKind.CELL) == ["cell youth POL D05", "cell youth WOC D16"]
    assert {gap.kind for gap in gaps(half)} == {GapKind.CELL}
    (gap, _) = gaps(half)
    assert gap.is_open
    assert gap.message.id == "Nobody has filled in this cell yet."
    assert read_place(str(gap.place)) == gap.place


def test_a_party_without_a_row_is_told_once(model: AgreementDocument) -> None:
    without = apply(model, RowChange(YOUTH, Partner.MEE, {}))
    assert [str(gap.place) for gap in gaps(without)] == ["row youth MEE"]
    assert len(places(SOUND, GapKind.CELL)) == sum(
        len(CATEGORIES[track]) - len(SOUND.row(track, party.partner))
        for party in SOUND.parties
        for track in Track
        if SOUND.row(track, party.partner)
    )
    # The school belongs at the money-mule table too, the housing corporation does not.
    assert places(SOUND, GapKind.ROW) == ["row money_mule SCH"]


def test_a_row_of_no_party_is_told_but_stops_nothing(model: AgreementDocument) -> None:
    without = apply(model, PartyChange(Partner.MEE, ()))
    assert gaps(without) == [Gap(GapKind.PARTY, Place(PlaceKind.ROW, YOUTH, Partner.MEE))]
    assert not gaps(without)[0].is_open


def test_a_party_that_sits_at_no_table_is_told_until_it_gets_a_row(
    model: AgreementDocument,
) -> None:
    victims = tuple(replace(party, partner=Partner.SLH) for party in model.parties[:1])
    joined = apply(model, PartyChange(Partner.SLH, victims))
    assert [(gap.kind, str(gap.place)) for gap in gaps(joined)] == [(GapKind.TRACK, "party SLH")]
    assert tracks_of(joined, Partner.SLH) == ()
    seated = apply(joined, CellChange(YOUTH, Partner.SLH, Category.D16, "X/X"))
    assert tracks_of(seated, Partner.SLH) == (YOUTH,)
    assert len(places(seated, GapKind.CELL)) == len(CATEGORIES[YOUTH]) - 1


def test_an_open_cell_needs_a_clause_and_a_basis_on_each_side(model: AgreementDocument) -> None:
    silent = apply(model, ClauseChange(YOUTH, POL, "jeugd.POL.identiteit", None))
    assert places(silent, GapKind.CLAUSE) == ["cell youth POL D01"]
    bases = model.legal_bases[YOUTH][POL]
    for half in (
        RowBases(bases.provide, {}),
        RowBases({}, bases.receive),
        RowBases({}, {}),
    ):
        groundless = apply(model, BasisChange(YOUTH, POL, half))
        assert places(groundless, GapKind.BASIS) == ["basis youth POL"]
    closed = dict.fromkeys(CATEGORIES[YOUTH], "X/X")
    shut = apply(apply(model, BasisChange(YOUTH, POL, half)), RowChange(YOUTH, POL, closed))
    assert gaps(shut) == []


def test_an_evaluation_outside_the_term_is_told(model: AgreementDocument) -> None:
    late = apply(model, PeriodChange(date(2026, 1, 1), date(2027, 1, 1), date(2028, 1, 1)))
    assert places(late, GapKind.EVALUATION) == ["header period"]
