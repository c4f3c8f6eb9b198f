"""A model that moved is adopted place by place; nothing of a municipality is lost on the way."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pga.policy.codes import CATEGORIES, Category, Partner, Phase, PolicyAction, Purpose, Track
from pga.policy.document import AgreementDocument
from pga.policy.editing import (
    BasisChange,
    CellChange,
    Change,
    ClauseChange,
    PartyChange,
    RetentionChange,
    WordingChange,
    apply,
    example_change,
    split,
)
from pga.policy.editing.clauses import clause_at
from pga.policy.errors import ClauseNameTakenError, MissingPartError
from pga.policy.laws import read_basis
from pga.policy.places import Place, PlaceKind, read_place
from pga.policy.terms import Clause, Example, Remark, RowBases
from pga.policy.threeway import Compared, Standing, adopt, compare
from tests.policy.edits import SOUND, changes, drafts, made

YOUTH, POL = Track.YOUTH, Partner.POL
POLICE = read_place("clause youth POL y.POL.police")


def changed(document: AgreementDocument, *wanted: Change) -> AgreementDocument:
    for change in wanted:
        document = apply(document, change)
    return document


def standings(
    base: AgreementDocument, model: AgreementDocument, local: AgreementDocument
) -> dict[str, Standing]:
    return {str(one.place): one.standing for one in compare(base, model, local).places}


def cell(category: Category, text: str, **said: str) -> CellChange:
    return CellChange(YOUTH, POL, category, text, **said)


def clause(document: AgreementDocument, place: Place = POLICE) -> Clause:
    return clause_at(document, place)


def test_every_place_is_told_by_who_moved_it() -> None:
    model = changed(
        SOUND, cell(Category.D01, "1b/R2"), cell(Category.D16, "2/R1"), cell(Category.D05, "2b/o")
    )
    local = changed(
        SOUND, cell(Category.D05, "1b/X"), cell(Category.D16, "2/R1"), cell(Category.D02, "X/o")
    )
    assert standings(SOUND, model, local) == {
        "cell youth POL D01": Standing.MODEL_MOVED,
        "cell youth POL D16": Standing.BOTH,
        "cell youth POL D05": Standing.CONFLICT,
        "cell youth POL D02": Standing.LOCAL_DEVIATES,
    }
    found = {str(one.place): one for one in compare(SOUND, model, local).places}
    place = read_place("cell youth POL D05")
    assert found[str(place)] == Compared(place, Standing.CONFLICT, "1b/o", "2b/o", "1b/X")
    assert (found["cell youth POL D02"].base, found["cell youth POL D02"].local) == ("X/X", "X/o")


def test_adopting_a_cell_drops_the_reason_and_keeps_the_comment() -> None:
    model = changed(SOUND, cell(Category.D05, "2b/o", reason="Theirs.", comment="Theirs."))
    local = changed(SOUND, cell(Category.D05, "1b/X", reason="Ours.", comment="Ours."))
    three = compare(SOUND, model, local)
    (one,) = three.adoptable
    after = apply(local, three.adopt(one.place))
    assert after.cell(YOUTH, POL, Category.D05).text == "2b/o"
    assert after.remark(YOUTH, POL, Category.D05) == Remark("", "Ours.")
    gone = changed(SOUND, cell(Category.D05, ""))
    assert adopt(gone, SOUND, one.place) == cell(Category.D05, "")


def test_when_all_is_decided_the_agreement_follows_the_new_model() -> None:
    model = apply(SOUND, CellChange(YOUTH, POL, Category.D05, "2b/o"))
    model = replace(model, agreement=replace(model.agreement, version="2.0"))
    local = replace(SOUND, agreement=replace(SOUND.agreement, name="Local"))
    assert standings(SOUND, model, local) == {"cell youth POL D05": Standing.MODEL_MOVED}
    followed = apply(local, compare(SOUND, model, local).followed)
    assert followed.agreement.derived_from == "Small agreement 2.0"


def test_terms_parties_bases_and_examples_are_adopted_too() -> None:
    purposes = SOUND.purposes(YOUTH)
    bases = RowBases(
        MappingProxyType(dict.fromkeys(purposes, read_basis("WPG_20"))), MappingProxyType({})
    )
    mee = replace(SOUND.parties[0], partner=Partner.MEE, name="Mee")
    care = Example(
        *("Care shows nothing.", YOUTH, Phase.F1, Partner.GGZ, POL, Category.D07),
        *(PolicyAction.CONSULT, False),
    )
    kept = replace(SOUND.retention[0], text="Another year.")
    model = changed(
        SOUND,
        BasisChange(YOUTH, POL, bases, "Theirs."),
        PartyChange(Partner.MEE, (mee,)),
        PartyChange(Partner.SCH, ()),
        RetentionChange(kept.object, kept),
        WordingChange(Place(PlaceKind.PHASE, name=Phase.F2), ""),
        WordingChange(Place(PlaceKind.PURPOSE, YOUTH, name=Purpose.HELP), "Help us."),
        example_change(care),
    )
    three = compare(SOUND, model, SOUND)
    assert {one.standing for one in three.places} == {Standing.MODEL_MOVED}
    assert len(three.places) == 7
    after = changed(SOUND, *(three.adopt(one.place) for one in three.adoptable))
    assert compare(model, model, after).places == ()
    assert not after.reasons


def test_a_clause_takes_its_categories_from_the_clauses_of_the_model() -> None:
    model = apply(SOUND, split(SOUND, POLICE, [Category.D05], "y.POL.summary"))
    summary = read_place("clause youth POL y.POL.summary")
    after = apply(SOUND, adopt(model, SOUND, summary))
    assert clause(after).categories == (Category.D01,)
    assert clause(after, summary).categories == (Category.D05,)
    assert compare(model, model, after).places == ()
    back = apply(model, adopt(SOUND, model, POLICE))
    assert clause(back).categories == (Category.D01, Category.D05)
    assert "y.POL.summary" not in {one.id for one in back.clauses}
    gone = apply(model, adopt(SOUND, model, summary))
    assert "y.POL.summary" not in {one.id for one in gone.clauses}


def test_a_cell_that_still_departs_keeps_the_clause_made_for_it() -> None:
    local = apply(SOUND, split(SOUND, POLICE, [Category.D05], "y.POL.lokaal-D05"))
    local = apply(local, cell(Category.D05, "1b/X"))
    reworded = replace(clause(SOUND), text="Plainer.")
    model = apply(SOUND, ClauseChange(YOUTH, POL, POLICE.name, reworded))
    after = apply(local, adopt(model, local, POLICE))
    assert clause(after) == replace(reworded, categories=(Category.D01,))
    assert "y.POL.lokaal-D05" in {one.id for one in after.clauses}
    same_cell = apply(local, cell(Category.D05, "1b/o"))
    after = apply(same_cell, adopt(model, same_cell, POLICE))
    assert clause(after) == reworded
    assert "y.POL.lokaal-D05" not in {one.id for one in after.clauses}


def test_a_clause_of_which_a_local_one_keeps_everything_is_not_brought_back() -> None:
    local = apply(SOUND, split(SOUND, POLICE, [Category.D05], "y.POL.lokaal-D05"))
    local = apply(local, ClauseChange(YOUTH, POL, POLICE.name, None))
    local = apply(local, cell(Category.D05, "1b/X"))
    model = apply(
        SOUND,
        ClauseChange(YOUTH, POL, POLICE.name, replace(clause(SOUND), categories=(Category.D05,))),
    )
    assert apply(local, adopt(model, local, POLICE)) == local


def test_bases_are_adopted_for_the_purposes_that_both_have() -> None:
    local = replace(SOUND, purpose_terms=SOUND.purpose_terms[1:])
    place = read_place("basis youth GPR")
    (adopted,) = [adopt(SOUND, local, place)]
    assert isinstance(adopted, BasisChange)
    assert set(adopted.bases.provide) == {Purpose.ORDER}
    model = local
    kept = adopt(model, SOUND, place)
    assert isinstance(kept, BasisChange)
    ours = SOUND.legal_bases[YOUTH][Partner.GPR]
    assert kept.bases.provide == ours.provide
    assert adopt(SOUND, SOUND, read_place("basis youth MEE")) == BasisChange(
        YOUTH, Partner.MEE, RowBases(MappingProxyType({}), MappingProxyType({}))
    )


def test_a_purpose_more_or_less_takes_the_whole_text() -> None:
    model = replace(SOUND, purpose_terms=SOUND.purpose_terms[1:])
    with pytest.raises(MissingPartError):
        apply(SOUND, adopt(model, SOUND, read_place("purpose youth HELP")))


def test_a_track_that_only_one_covers_is_left_alone() -> None:
    youth_only = replace(SOUND, track_terms=SOUND.track_terms[:1])
    assert compare(SOUND, SOUND, youth_only).places == ()
    assert compare(SOUND, youth_only, SOUND).places == ()


@st.composite
def trios(draw: st.DrawFn) -> tuple[AgreementDocument, AgreementDocument, AgreementDocument]:
    base = draw(drafts())
    texts = []
    for _ in range(2):
        text = base
        for _ in range(draw(st.integers(0, 5))):
            text = made(text, draw(changes(text))) or text
        texts.append(text)
    return base, texts[0], texts[1]


@settings(max_examples=60)  # each drafts three agreements
@given(trios())
def test_adopting_all_gives_the_cells_of_the_model_but_where_the_municipality_departs(
    trio: tuple[AgreementDocument, AgreementDocument, AgreementDocument],
) -> None:
    base, model, local = trio
    three = compare(base, model, local)
    after = local
    for one in three.adoptable:
        try:
            after = apply(after, adopt(model, after, one.place))
        except ClauseNameTakenError:
            # Two partners may by chance have got a clause of one name since.
            assert one.place.kind is PlaceKind.CLAUSE
    kept = {one.place for one in three.places if one.standing is Standing.LOCAL_DEVIATES}
    for track in Track:
        for partner in Partner:
            for category in CATEGORIES[track]:
                here = Place(PlaceKind.CELL, track, partner, category)
                expected = local if here in kept else model
                assert after.cell(track, partner, category) == expected.cell(
                    track, partner, category
                )
    # A clause may keep what it says on a cell that departs; nothing else is left but what was kept.
    left = {one.place for one in compare(model, model, after).places}
    assert {place for place in left if place.kind is not PlaceKind.CLAUSE} <= kept
