"""What cannot stand in an agreement is refused with the reason, and nothing changes."""

from dataclasses import replace

import pytest

from pga.policy.codes import Category, Partner, Purpose, Track
from pga.policy.document import AgreementDocument
from pga.policy.editing import (
    BasisChange,
    CellChange,
    Change,
    ClauseChange,
    ClausesChange,
    EditError,
    ExampleChange,
    HeaderChange,
    RetentionChange,
    RowChange,
    TrackChange,
    VerifiedChange,
    WordingChange,
    apply,
    change_at,
    value_at,
)
from pga.policy.editing.clauses import clause_at
from pga.policy.errors import (
    NotationError,
    UnknownPlaceError,
    UnknownTrackError,
)
from pga.policy.laws import LegalBasis
from pga.policy.places import HeaderPart, Place, PlaceKind, read_place
from pga.policy.terms import Clause, RetentionObject
from tests.policy.edits import SOUND

YOUTH, POL = Track.YOUTH, Partner.POL
PLAN = "clause youth POL y.POL.plan"


def clause(place: str, document: AgreementDocument = SOUND) -> Clause:
    return clause_at(document, read_place(place))


def without_youth() -> AgreementDocument:
    """Give the small agreement without its first track."""
    return replace(SOUND, track_terms=SOUND.track_terms[1:], purpose_terms=SOUND.purpose_terms[2:])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (CellChange(YOUTH, POL, Category.D01, "1z/R1"), "cell POL D01: '1z/R1' is no cell"),
        (CellChange(YOUTH, POL, Category.D01, "-/handover"), "only ZVH takes a handover"),
        (RowChange(YOUTH, POL, {Category.D01: "1"}), "cell POL D01: '1' is no cell"),
        (RowChange(YOUTH, POL, {Category.G01: "X/X"}), "G01 is no category of track youth"),
        (HeaderChange(HeaderPart.NAME, " "), "name is empty"),
        (HeaderChange(HeaderPart.PERIOD, "soon"), "unknown key 'period' in header period"),
        (ClauseChange(YOUTH, POL, "y", replace(clause(PLAN), id="y", text="")), "text is empty"),
        (
            ClauseChange(YOUTH, POL, "y", replace(clause(PLAN), id="y", basis=LegalBasis(()))),
            "'' is no legal basis",
        ),
        (
            ClausesChange(YOUTH, POL, (replace(clause(PLAN), exception="LUCK"),)),
            "'LUCK' is no exception to AVG 9 or 10",
        ),
        (
            RetentionChange(
                RetentionObject.AUDIT_LOG, replace(SOUND.retention[0], text="", basis="AVG 5")
            ),
            "text is empty",
        ),
    ],
)
def test_what_a_file_could_not_hold_is_refused_with_every_fault(change: Change, fault: str) -> None:
    with pytest.raises(NotationError) as caught:
        apply(SOUND, change)
    assert any(fault in problem.text for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("cell: [1", "not YAML"),
        ("cell: 1/R1\nreason: [x]", "reason must be a text"),
        ("cell: 1/R1\nmood: good", "unknown key 'mood' in cell youth POL D05"),
        ("1/R1", "cell youth POL D05 must be a mapping of keys and values"),
    ],
)
def test_a_value_that_is_none_is_refused_at_its_place(value: str, fault: str) -> None:
    with pytest.raises(NotationError) as caught:
        change_at(SOUND, "cell youth POL D05", value)
    assert fault in caught.value.problems[0].text


@pytest.mark.parametrize(
    "change",
    [
        CellChange(YOUTH, POL, Category.D05, "X/X"),
        RowChange(YOUTH, POL, {}),
        ClauseChange(YOUTH, POL, "y.POL.plan", None),
        ClausesChange(YOUTH, POL, ()),
        VerifiedChange(YOUTH, POL, "y.POL.plan", verified=True),
        TrackChange(SOUND.track_terms[0]),
        BasisChange(YOUTH, POL, SOUND.legal_bases[YOUTH][POL]),
        ExampleChange(YOUTH, "F1 - GGZ POL D07 consult 0", None),
        WordingChange(Place(PlaceKind.PURPOSE, YOUTH, name=Purpose.HELP), "x"),
    ],
)
def test_a_track_that_the_agreement_does_not_cover_is_not_drafted(change: Change) -> None:
    with pytest.raises(UnknownTrackError):
        apply(without_youth(), change)


@pytest.mark.parametrize(
    "place", ["", "cell youth BANK D05", "header municipality", "cell youth POL G01", "nowhere"]
)
def test_a_place_that_is_none_is_refused(place: str) -> None:
    with pytest.raises(UnknownPlaceError):
        value_at(SOUND, place)
    with pytest.raises(EditError, match="no such place"):
        change_at(SOUND, place, "")


def test_a_bank_gets_no_cell() -> None:
    with pytest.raises(UnknownPlaceError):
        apply(SOUND, CellChange(YOUTH, Partner.BANK, Category.D01, "X/X"))
