"""What holds for every change of every agreement, whatever is drafted."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pga.policy.document import AgreementDocument, dump, parse
from pga.policy.editing import Change, apply, change_at, inverse, mark_at, place_of, value_at
from pga.policy.places import PlaceKind, overlap, read_place
from pga.policy.terms import Clause
from tests.policy.edits import changes, drafts, made

EXAMPLES = 60  # each drafts an agreement anew

Edit = tuple[AgreementDocument, Change]
TwoEdits = tuple[AgreementDocument, Change, Change]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    document = draw(drafts())
    change = draw(changes(document).filter(lambda one: made(document, one) is not None))
    return document, change


@st.composite
def two_edits(draw: st.DrawFn) -> TwoEdits:
    document, one = draw(edits())
    return document, one, draw(changes(document))


def unordered(document: AgreementDocument) -> AgreementDocument:
    """Give an agreement with its lists in one order; their order says nothing."""
    return replace(
        document,
        parties=tuple(sorted(document.parties, key=lambda one: one.partner)),
        non_purposes=tuple(sorted(document.non_purposes, key=lambda one: one.code)),
        phases=tuple(sorted(document.phases, key=lambda one: one.code)),
        clauses=tuple(sorted(document.clauses, key=lambda one: one.id)),
        retention=tuple(sorted(document.retention, key=lambda one: one.object)),
        examples=tuple(sorted(document.examples, key=lambda one: (one.track, one.question))),
    )


@settings(max_examples=EXAMPLES)
@given(edits())
def test_what_a_change_makes_is_an_agreement_that_can_be_read_again(edit: Edit) -> None:
    after = apply(*edit)
    assert parse(dump(after)) == after


@settings(max_examples=EXAMPLES)
@given(edits())
def test_a_change_and_its_inverse_leave_everything_as_it_was(edit: Edit) -> None:
    document, change = edit
    after = apply(document, change)
    assert apply(after, inverse(document, change)) == document


@settings(max_examples=EXAMPLES)
@given(edits())
def test_a_change_puts_its_value_at_its_place(edit: Edit) -> None:
    document, change = edit
    place = place_of(change)
    after = apply(document, change)
    written = value_at(after, place)
    again = change_at(document, place, written)
    assert place_of(again) == place
    assert apply(document, again) == after
    assert (mark_at(after, place) == mark_at(document, place)) == (
        written == value_at(document, place)
    )


@settings(max_examples=EXAMPLES)
@given(edits())
def test_what_was_before_can_be_put_back_by_its_text(edit: Edit) -> None:
    document, change = edit
    place = place_of(change)
    after = apply(document, change)
    back = apply(after, change_at(after, place, value_at(document, place)))
    assert value_at(back, place) == value_at(document, place)
    assert unordered(unconfirmed(back)) == unordered(unconfirmed(document))


@settings(max_examples=EXAMPLES)
@given(two_edits())
def test_changes_of_different_places_come_together_in_either_order(edit: TwoEdits) -> None:
    document, one, other = edit
    places = (read_place(place_of(one)), read_place(place_of(other)))
    assume(not overlap(*places))
    first, second = made(document, one), made(document, other)
    assume(first is not None and second is not None)
    assert first is not None
    assert second is not None
    here, there = made(first, other), made(second, one)
    if here is not None and there is not None:
        assert unordered(here) == unordered(there)
    # Alone each is fine; together only clauses can clash, and the parts of one title.
    elif {place.kind for place in places} != {PlaceKind.HEADER}:
        assert {place.kind for place in places} <= {PlaceKind.CLAUSE, PlaceKind.CLAUSES}


@settings(max_examples=EXAMPLES)
@given(two_edits())
def test_a_change_moves_no_place_that_it_does_not_overlap(edit: TwoEdits) -> None:
    document, one, other = edit
    places = (read_place(place_of(one)), read_place(place_of(other)))
    assume(not overlap(*places))
    assume(made(document, other) is not None)
    after = apply(document, one)
    elsewhere = place_of(other)
    if made(after, other) is not None:
        assert value_at(after, elsewhere) == value_at(document, elsewhere)


@settings(max_examples=EXAMPLES)
@given(edits())
def test_only_a_change_of_a_confirmation_confirms(edit: Edit) -> None:
    document, change = edit
    after = apply(document, change)
    before = {one.id: one for one in document.clauses if one.verified}
    for clause in after.clauses:
        if clause.verified and read_place(place_of(change)).kind is not PlaceKind.VERIFIED:
            assert unread(before[clause.id]) == unread(clause)
            where = (clause.track, clause.partner)
            for category in clause.categories:
                assert document.cell(*where, category) == after.cell(*where, category)
            bases = [each.legal_bases.get(where[0], {}).get(where[1]) for each in (document, after)]
            assert bases[0] == bases[1]


@settings(max_examples=20)
@given(drafts(), drafts())
def test_a_whole_text_can_take_the_place_of_another_and_go_back(
    document: AgreementDocument, other: AgreementDocument
) -> None:
    change = change_at(document, "document", dump(other))
    after = apply(document, change)
    assert unconfirmed(after) == unconfirmed(other)
    assert apply(after, inverse(document, change)) == document


def unconfirmed(document: AgreementDocument) -> AgreementDocument:
    """Give an agreement as if no lawyer had looked at it."""
    return replace(document, clauses=tuple(unread(one) for one in document.clauses))


def unread(clause: Clause) -> Clause:
    """Give a clause as if no lawyer had looked at it."""
    return replace(clause, verified=False)
