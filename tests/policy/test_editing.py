"""An edit changes one place and nothing else, and can be taken back."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from pga.policy.codes import Category, NonPurpose, Partner, Phase, PolicyAction, Purpose, Track
from pga.policy.confirming import covered_hash
from pga.policy.document import AgreementDocument, dump, parse
from pga.policy.editing import (
    BasisChange,
    CellChange,
    ClauseChange,
    ClausesChange,
    DocumentChange,
    ExampleChange,
    HeaderChange,
    PartyChange,
    PeriodChange,
    RetentionChange,
    RowChange,
    TrackChange,
    VerifiedChange,
    WordingChange,
    apply,
    change_at,
    example_change,
    inverse,
    mark_at,
    place_of,
    split,
    value_at,
)
from pga.policy.editing.clauses import clause_at
from pga.policy.errors import (
    CategoryTakenError,
    ClauseNameTakenError,
    MissingPartError,
    MovedTextError,
    NotationError,
    OtherPlaceError,
    OwnModelError,
    PeriodError,
    SplitError,
    UnknownClauseError,
    UnknownPurposeError,
)
from pga.policy.laws import read_basis
from pga.policy.places import HeaderPart, Place, PlaceKind, read_place
from pga.policy.terms import Clause, Domain, Example, PartyTerm, Remark, RetentionObject, RowBases
from tests.policy.edits import SOUND

YOUTH, POL = Track.YOUTH, Partner.POL
POLICE = "clause youth POL y.POL.police"
PLAN = "clause youth POL y.POL.plan"
CONFIRMED = "verified youth POL y.POL.plan"


def clause(place: str, document: AgreementDocument = SOUND) -> Clause:
    return clause_at(document, read_place(place))


def test_a_cell_is_changed_with_its_reason_and_comment() -> None:
    change = CellChange(YOUTH, POL, Category.D16, "2/R2n", " Asked for. ", "See minutes.")
    after = apply(SOUND, change)
    assert after.cell(YOUTH, POL, Category.D16).text == "2/R2n"
    assert after.remark(YOUTH, POL, Category.D16) == Remark("Asked for.", "See minutes.")
    assert value_at(after, "cell youth POL D16") == (
        "cell: 2/R2n\nreason: Asked for.\ncomment: See minutes.\n"
    )
    assert replace(after, matrix=SOUND.matrix, remarks=SOUND.remarks, clauses=SOUND.clauses) == (
        SOUND
    )


def test_a_cell_is_written_in_one_notation_and_in_the_order_of_the_categories() -> None:
    after = apply(SOUND, CellChange(YOUTH, POL, Category.D03, "2bn/R2tn"))
    assert after.cell(YOUTH, POL, Category.D03).text == "2nb/R2nt"
    assert list(after.row(YOUTH, POL)) == [Category.D01, Category.D03, Category.D05, Category.D16]


def test_a_cell_that_nobody_wrote_is_another_than_one_that_is_closed() -> None:
    assert value_at(SOUND, "cell youth POL D02") == ""
    closed = apply(SOUND, CellChange(YOUTH, POL, Category.D02, "X/X"))
    assert value_at(closed, "cell youth POL D02") == "cell: X/X\n"
    assert mark_at(closed, "cell youth POL D02") != mark_at(SOUND, "cell youth POL D02")
    open_again = apply(closed, CellChange(YOUTH, POL, Category.D02, ""))
    assert open_again == SOUND


def test_a_whole_row_is_filled_in_at_once_and_taken_out_again() -> None:
    row = RowChange(YOUTH, Partner.MEE, {Category.D02: "X/X", Category.D01: "1t/R2n"})
    after = apply(SOUND, row)
    assert list(after.row(YOUTH, Partner.MEE)) == [Category.D01, Category.D02]
    assert value_at(after, "row youth MEE") == "{D01: 1t/R2n, D02: X/X}\n"
    assert apply(after, RowChange(YOUTH, Partner.MEE, {})) == SOUND
    alone = apply(SOUND, CellChange(YOUTH, Partner.MEE, Category.D01, "1t/R2n"))
    assert apply(alone, CellChange(YOUTH, Partner.MEE, Category.D01, "")) == SOUND


def test_a_change_of_a_clause_its_cell_or_its_bases_takes_the_confirmation_away() -> None:
    assert clause(PLAN).verified
    other_text = replace(clause(PLAN), text="Other.")
    basis = RowBases(
        MappingProxyType(dict.fromkeys(SOUND.purposes(YOUTH), read_basis("WPG_20"))),
        SOUND.legal_bases[YOUTH][POL].receive,
    )
    for change in (
        ClauseChange(YOUTH, POL, "y.POL.plan", other_text),
        ClausesChange(YOUTH, POL, (clause(POLICE), other_text)),
        CellChange(YOUTH, POL, Category.D16, "2/R2n"),
        RowChange(YOUTH, POL, {Category.D16: "X/X"}),
        BasisChange(YOUTH, POL, basis),
    ):
        after = apply(SOUND, change)
        assert not clause(PLAN, after).verified
        assert clause("clause youth SCH y.SCH.all", after).verified
        again = apply(after, inverse(SOUND, change))
        assert again == SOUND


def test_what_a_confirmation_does_not_cover_leaves_it() -> None:
    for change in (
        ClauseChange(YOUTH, POL, "y.POL.plan", clause(PLAN), reason="As in the model."),
        CellChange(YOUTH, POL, Category.D16, "2/R2", "A reason.", "A comment."),
        CellChange(YOUTH, POL, Category.D05, "X/X"),
        CellChange(YOUTH, Partner.GPR, Category.D16, "X/X"),
        HeaderChange(HeaderPart.NAME, "Another name"),
    ):
        assert clause(PLAN, apply(SOUND, change)).verified


def test_a_clause_is_confirmed_for_what_was_read_and_for_nothing_else() -> None:
    place = "verified youth POL y.POL.police"
    read = covered_hash(SOUND, clause(POLICE))
    assert value_at(SOUND, place) == f"verified: false\nof: {read}\n"
    confirmed = apply(SOUND, VerifiedChange(YOUTH, POL, "y.POL.police", verified=True, of=read))
    assert clause(POLICE, confirmed).verified
    moved = apply(SOUND, CellChange(YOUTH, POL, Category.D05, "1b/X"))
    assert mark_at(moved, place) != mark_at(SOUND, place)
    with pytest.raises(MovedTextError):
        apply(moved, VerifiedChange(YOUTH, POL, "y.POL.police", verified=True, of=read))
    withdrawn = VerifiedChange(YOUTH, POL, "y.POL.plan", verified=False)
    assert not clause(PLAN, apply(SOUND, withdrawn)).verified
    with pytest.raises(UnknownClauseError):
        apply(SOUND, VerifiedChange(YOUTH, POL, "gone", verified=True))
    with pytest.raises(NotationError):
        change_at(SOUND, CONFIRMED, "verified: ja\nof: ''")


def test_a_file_cannot_bring_confirmations_along() -> None:
    bold = replace(
        SOUND, clauses=tuple(replace(one, verified=True, text="New.") for one in SOUND.clauses)
    )
    assert not any(one.verified for one in apply(SOUND, DocumentChange(bold)).clauses)
    same = apply(SOUND, DocumentChange(parse(dump(SOUND))))
    assert same == SOUND
    with pytest.raises(MissingPartError):
        change_at(SOUND, "document", "agreement: {}")
    with pytest.raises(MissingPartError):
        change_at(SOUND, "document", "")


def test_clauses_come_go_and_keep_their_order() -> None:
    new = replace(clause(PLAN), id="y.POL.new", categories=(Category.D02,), verified=True)
    after = apply(SOUND, ClauseChange(YOUTH, POL, "y.POL.new", new, "We need it."))
    ids = [one.id for one in after.clauses]
    assert ids[ids.index("y.POL.plan") + 1] == "y.POL.new"
    assert not clause("clause youth POL y.POL.new", after).verified
    assert after.reasons == {"clause youth POL y.POL.new": "We need it."}
    gone = ClauseChange(YOUTH, POL, "y.POL.police", None)
    assert "y.POL.police" not in {one.id for one in apply(SOUND, gone).clauses}
    assert apply(apply(SOUND, gone), inverse(SOUND, gone)) == SOUND
    all_gone = ClausesChange(YOUTH, POL, ())
    assert apply(apply(SOUND, all_gone), inverse(SOUND, all_gone)) == SOUND
    assert value_at(apply(SOUND, all_gone), "clauses youth POL") == ""


def test_a_clause_left_out_can_keep_the_reason_why() -> None:
    gone = apply(SOUND, ClauseChange(YOUTH, POL, "y.POL.police", None, "Not here."))
    assert value_at(gone, POLICE) == "reason: Not here.\n"
    assert change_at(SOUND, POLICE, value_at(gone, POLICE)) == ClauseChange(
        YOUTH, POL, "y.POL.police", None, "Not here."
    )


def test_two_clauses_never_have_one_name_or_speak_on_one_category() -> None:
    with pytest.raises(ClauseNameTakenError) as taken:
        apply(SOUND, ClauseChange(YOUTH, Partner.MEE, "y.POL.plan", clause(PLAN)))
    assert taken.value.values == {"clause": "y.POL.plan"}
    both = replace(clause(PLAN), categories=(Category.D05,))
    with pytest.raises(CategoryTakenError) as spoken:
        apply(SOUND, ClauseChange(YOUTH, POL, "y.POL.plan", both))
    assert spoken.value.values == {"clause": "y.POL.police", "category": "D05"}
    with pytest.raises(OtherPlaceError):
        apply(SOUND, ClauseChange(YOUTH, POL, "other", clause(PLAN)))


def test_a_clause_is_split_and_put_together_again() -> None:
    change = split(SOUND, read_place(POLICE), [Category.D05], "y.POL.summary")
    assert place_of(change) == "clauses youth POL"
    after = apply(SOUND, change)
    assert [(one.id, one.categories) for one in after.clauses if one.partner is POL][:3] == [
        ("y.POL.police", (Category.D01,)),
        ("y.POL.summary", (Category.D05,)),
        ("y.POL.plan", (Category.D16,)),
    ]
    assert apply(after, change_at(after, place_of(change), value_at(SOUND, place_of(change)))) == (
        SOUND
    )
    for categories in ([], [Category.D01, Category.D05], [Category.D16]):
        with pytest.raises(SplitError):
            split(SOUND, read_place(POLICE), categories, "y.POL.summary")
    with pytest.raises(UnknownClauseError):
        split(SOUND, read_place("clause youth POL gone"), [Category.D05], "new")


def test_name_version_and_model_are_changed_but_never_to_itself() -> None:
    assert apply(SOUND, HeaderChange(HeaderPart.NAME, "Other")).agreement.title == "Other 1.0"
    assert apply(SOUND, HeaderChange(HeaderPart.VERSION, "2")).agreement.version == "2"
    derived = apply(SOUND, HeaderChange(HeaderPart.DERIVED_FROM, "Model 1"))
    assert derived.agreement.derived_from == "Model 1"
    assert value_at(derived, "header derived_from") == "derived_from: Model 1\n"
    assert apply(derived, HeaderChange(HeaderPart.DERIVED_FROM, "")) == SOUND
    with pytest.raises(OwnModelError):
        apply(SOUND, HeaderChange(HeaderPart.DERIVED_FROM, "Small agreement 1.0"))
    with pytest.raises(MissingPartError):
        change_at(SOUND, "header name", "")


def test_the_period_is_changed_as_one() -> None:
    days = (date(2028, 1, 1), date(2029, 12, 31), date(2029, 6, 1))
    header = apply(SOUND, PeriodChange(*days)).agreement
    assert (header.valid_from, header.valid_until, header.evaluation) == days
    with pytest.raises(PeriodError):
        apply(SOUND, PeriodChange(days[1], days[0], days[2]))


def test_parties_of_one_kind_stand_together_in_the_order_of_the_codes() -> None:
    mee = PartyTerm(Partner.MEE, "Mee", Domain.SOCIAL, "the board")
    two = (mee, replace(mee, name="Other"))
    after = apply(SOUND, PartyChange(Partner.MEE, two, "Both work here."))
    assert [party.partner for party in after.parties] == [
        *(Partner.GPR, Partner.POL, Partner.GGZ, Partner.SCH),
        *(Partner.MEE, Partner.MEE, Partner.WOC, Partner.DJI),
    ]
    assert apply(after, inverse(SOUND, PartyChange(Partner.MEE, two))) == SOUND
    school = PartyChange(Partner.SCH, ())
    assert apply(apply(SOUND, school), inverse(SOUND, school)) == SOUND
    with pytest.raises(OtherPlaceError):
        apply(SOUND, PartyChange(Partner.GGZ, (mee,)))


def test_words_of_purposes_and_phases_are_changed() -> None:
    order = Place(PlaceKind.PURPOSE, YOUTH, name=Purpose.ORDER)
    after = apply(SOUND, WordingChange(order, "Other words.", "Local."))
    assert after.purpose_terms[1].text == "Other words."
    assert after.purpose_terms[0] == SOUND.purpose_terms[0]
    with pytest.raises(MissingPartError):
        apply(SOUND, WordingChange(order, ""))
    with pytest.raises(UnknownPurposeError):
        apply(SOUND, WordingChange(Place(PlaceKind.PURPOSE, YOUTH, name=Purpose.PROTECTION), "x"))
    phase = WordingChange(Place(PlaceKind.PHASE, name=Phase.F2), "")
    assert [term.code for term in apply(SOUND, phase).phases] == ["F0", "F1", "F3", "F4", "F5"]
    again = WordingChange(Place(PlaceKind.PHASE, name=Phase.F2), "Meeting.")
    assert apply(apply(SOUND, phase), again) == SOUND
    ruled_out = WordingChange(Place(PlaceKind.NON_PURPOSE, name=NonPurpose.INVESTIGATION), "")
    assert len(apply(SOUND, ruled_out).non_purposes) == 2


def test_whom_a_track_is_for_and_how_long_things_are_kept_are_changed() -> None:
    term = replace(SOUND.track_terms[0], age_until=18)
    after = apply(SOUND, TrackChange(term, "Younger."))
    assert after.track_terms[0].age_until == 18
    assert apply(after, change_at(after, "track youth", value_at(SOUND, "track youth"))) == SOUND
    with pytest.raises(MissingPartError):
        change_at(SOUND, "track youth", "reason: No track.")
    log = replace(SOUND.retention[0], object=RetentionObject.AUDIT_LOG)
    after = apply(SOUND, RetentionChange(RetentionObject.AUDIT_LOG, log))
    assert after.retention[1] == log
    assert apply(after, RetentionChange(RetentionObject.AUDIT_LOG, None)) == SOUND
    with pytest.raises(MissingPartError):
        apply(SOUND, RetentionChange(RetentionObject.CASE_AFTER_CLOSING, None))


@pytest.mark.parametrize(
    "change",
    [
        WordingChange(Place(PlaceKind.PHASE, name=Phase.F2), ""),
        WordingChange(Place(PlaceKind.NON_PURPOSE, name=NonPurpose.INVESTIGATION), ""),
        RetentionChange(
            RetentionObject.AUDIT_LOG,
            replace(SOUND.retention[0], object=RetentionObject.AUDIT_LOG),
        ),
    ],
    ids=["phase", "non-purpose", "retention"],
)
def test_what_was_taken_out_or_put_in_goes_back_to_its_place_in_the_list(
    change: WordingChange | RetentionChange,
) -> None:
    after = apply(SOUND, change)
    assert after != SOUND
    assert apply(after, inverse(SOUND, change)) == SOUND


def test_a_partner_gets_and_loses_its_legal_bases() -> None:
    purposes = SOUND.purposes(YOUTH)
    bases = RowBases(
        MappingProxyType(dict.fromkeys(purposes, read_basis("AVG_6_1_e"))), MappingProxyType({})
    )
    after = apply(SOUND, BasisChange(YOUTH, Partner.MEE, bases))
    assert value_at(after, "basis youth MEE") == "provide: AVG_6_1_e\n"
    none = RowBases(MappingProxyType({}), MappingProxyType({}))
    assert apply(after, BasisChange(YOUTH, Partner.MEE, none)) == SOUND
    half = RowBases(MappingProxyType({Purpose.HELP: read_basis("AVG_6_1_e")}), none.receive)
    with pytest.raises(NotationError) as caught:
        apply(SOUND, BasisChange(YOUTH, Partner.MEE, half))
    assert "MEE has no basis for ORDER" in caught.value.problems[0].text


def test_an_example_is_added_answered_otherwise_and_taken_out() -> None:
    care = Example(
        *("Care shows nothing.", YOUTH, Phase.F1, Partner.GGZ, POL, Category.D07),
        *(PolicyAction.CONSULT, False),
    )
    after = apply(SOUND, example_change(care))
    place = place_of(example_change(care))
    assert place == "example youth F1 - GGZ POL D07 consult 0"
    assert after.examples == (care,)
    other = replace(care, may=True, text="Care shows it.")
    changed = apply(after, example_change(other))
    assert changed.examples == (other,)
    assert apply(changed, change_at(changed, place, value_at(after, place))) == after
    gone = ExampleChange(YOUTH, care.question, None)
    assert apply(after, gone) == SOUND
    assert apply(SOUND, inverse(after, gone)) == after
    with pytest.raises(OtherPlaceError):
        apply(SOUND, ExampleChange(YOUTH, "F9", care))
    with pytest.raises(NotationError):
        apply(SOUND, example_change(replace(care, purpose=Purpose.PREVENTION)))
