"""Rules of releases, decisions and notes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pga.sharing.rules import (
    Answer,
    Capacity,
    DecisionFact,
    Exchange,
    Given,
    Guardian,
    NoteFact,
    ReleaseFact,
    answers_suffice,
    capacity_at,
    decision_covers,
    note_covers,
    release_covers,
    release_ends_on,
    release_holds,
    rests_on_representative,
)

DAY = date(2026, 11, 2)
MOTHER, FATHER = Guardian(b"m" * 16), Guardian(b"f" * 16)
INSTITUTION = Guardian(b"g" * 16, organisation_id=b"G" * 16)
CLINIC, TOWN, SCHOOL = b"c" * 16, b"t" * 16, b"s" * 16
YES_YOUTH = Given(None, Answer.AGREES)
YES_MOTHER, YES_FATHER = Given(MOTHER.id, Answer.AGREES), Given(FATHER.id, Answer.AGREES)
NO_FATHER = Given(FATHER.id, Answer.DISAGREES)
BOTH = [MOTHER, FATHER]
RELEASE = ReleaseFact(
    id=b"r" * 16,
    provider="GGZ",
    provider_organisation_id=CLINIC,
    categories=frozenset({"D07"}),
    recipients=frozenset({TOWN}),
    purpose="HELP",
    valid_from=DAY,
    ends_on=DAY + timedelta(days=30),
    is_confirmed=True,
    is_withdrawn=False,
    suffices=True,
)
DECISION = DecisionFact(
    id=b"d" * 16,
    provider_organisation_id=CLINIC,
    article="WPG_20",
    number="2026-12",
    purposes=frozenset({"ORDER"}),
    categories=frozenset({"D05"}),
    recipients=frozenset({TOWN}),
    decided_on=DAY,
    valid_until=DAY + timedelta(days=30),
    is_withdrawn=False,
)
POLICE_FLOW = Exchange(CLINIC, "D05", TOWN, "ORDER")


@pytest.mark.parametrize(
    ("age", "capacity"),
    [
        (None, Capacity.REPRESENTATIVES),
        (11, Capacity.REPRESENTATIVES),
        (12, Capacity.CHILD_AND_REPRESENTATIVES),
        (15, Capacity.CHILD_AND_REPRESENTATIVES),
        (16, Capacity.YOUTH),
        (21, Capacity.YOUTH),
    ],
)
def test_age_decides_who_answers(age: int | None, capacity: Capacity) -> None:
    assert capacity_at(age) is capacity


def test_at_15_the_child_and_every_holder_of_authority_must_agree() -> None:
    assert answers_suffice(15, BOTH, [YES_YOUTH, YES_MOTHER, YES_FATHER], ())
    assert not answers_suffice(15, BOTH, [YES_YOUTH, YES_MOTHER], ())
    assert not answers_suffice(15, BOTH, [YES_YOUTH, YES_MOTHER, NO_FATHER], ())
    assert not answers_suffice(15, BOTH, [YES_MOTHER, YES_FATHER], ())
    assert not answers_suffice(15, [], [YES_YOUTH], ())


def test_at_16_only_the_youth_counts() -> None:
    assert answers_suffice(16, BOTH, [YES_YOUTH], ())
    assert answers_suffice(16, BOTH, [YES_YOUTH, NO_FATHER], ())
    assert not answers_suffice(16, BOTH, [YES_MOTHER, YES_FATHER], ())


def test_under_12_every_holder_of_authority_answers() -> None:
    assert answers_suffice(11, BOTH, [YES_MOTHER, YES_FATHER], ())
    assert not answers_suffice(11, BOTH, [YES_MOTHER], ())
    assert not answers_suffice(11, [], [], ())


def test_a_youth_who_says_no_is_never_overruled() -> None:
    no = Given(None, Answer.DISAGREES)
    for age in (8, 13, 17):
        assert not answers_suffice(age, BOTH, [no, YES_MOTHER, YES_FATHER], ())


def test_a_well_considered_wish_of_a_child_of_12_to_15_needs_no_parent() -> None:
    wish = Given(None, Answer.WELL_CONSIDERED_WISH)
    assert answers_suffice(13, BOTH, [wish], ())
    assert not answers_suffice(11, BOTH, [wish], ())


def test_for_a_youth_who_is_not_capable_the_representatives_answer() -> None:
    unable = Given(None, Answer.NOT_CAPABLE)
    assert answers_suffice(17, BOTH, [unable, YES_MOTHER, YES_FATHER], ())
    assert not answers_suffice(17, BOTH, [unable, YES_MOTHER], ())
    assert answers_suffice(13, BOTH, [unable, YES_MOTHER, YES_FATHER], ())


def test_an_unsafe_parent_is_not_asked_but_somebody_must_have_agreed() -> None:
    unsafe = Given(FATHER.id, Answer.UNSAFE_TO_ASK_PARENT)
    assert answers_suffice(14, BOTH, [YES_YOUTH, YES_MOTHER, unsafe], ())
    assert not answers_suffice(14, [FATHER], [YES_YOUTH, unsafe], ())


def test_disputed_authority_counts_as_a_missing_answer() -> None:
    disputed = replace(FATHER, is_disputed=True)
    assert not answers_suffice(14, [MOTHER, disputed], [YES_YOUTH, YES_MOTHER, YES_FATHER], ())


def test_a_guardian_institution_never_releases_to_itself() -> None:
    yes = Given(INSTITUTION.id, Answer.AGREES)
    own = INSTITUTION.organisation_id
    assert own is not None
    assert not answers_suffice(14, [INSTITUTION], [YES_YOUTH, yes], [own])
    assert answers_suffice(14, [INSTITUTION], [YES_YOUTH, yes], [TOWN])


def test_a_release_that_rests_on_a_representative_ends_the_day_before_a_birthday() -> None:
    born = date(2011, 1, 10)
    until = DAY + timedelta(days=300)
    assert release_ends_on(until, DAY, born, on_representative=True) == date(2027, 1, 9)
    assert release_ends_on(until, DAY, born, on_representative=False) == until
    assert release_ends_on(until, DAY, None, on_representative=True) == until


def test_a_release_never_runs_longer_than_a_year() -> None:
    long = DAY + timedelta(days=900)
    assert release_ends_on(long, DAY, None, on_representative=False) == DAY + timedelta(days=365)


def test_after_the_last_birthday_only_the_term_ends_a_release() -> None:
    until = DAY + timedelta(days=90)
    assert release_ends_on(until, DAY, date(2005, 1, 1), on_representative=True) == until


def test_only_an_agreeing_guardian_makes_a_release_rest_on_a_representative() -> None:
    assert rests_on_representative([YES_YOUTH, YES_MOTHER])
    assert not rests_on_representative([YES_YOUTH, NO_FATHER])


@pytest.mark.parametrize(
    "release",
    [
        replace(RELEASE, is_confirmed=False),
        replace(RELEASE, suffices=False),
        replace(RELEASE, is_withdrawn=True),
        replace(RELEASE, valid_from=DAY + timedelta(days=1)),
        replace(RELEASE, ends_on=DAY - timedelta(days=1)),
    ],
)
def test_a_release_that_lacks_anything_opens_nothing(release: ReleaseFact) -> None:
    assert release_holds(RELEASE, DAY)
    assert not release_holds(release, DAY)


@pytest.mark.parametrize(
    "flow",
    [
        Exchange(TOWN, "D07", TOWN, "HELP"),
        Exchange(CLINIC, "D08", TOWN, "HELP"),
        Exchange(CLINIC, "D07", SCHOOL, "HELP"),
        Exchange(CLINIC, "D07", TOWN, "ORDER"),
    ],
)
def test_a_release_covers_only_what_it_names(flow: Exchange) -> None:
    assert release_covers(RELEASE, Exchange(CLINIC, "D07", TOWN, "HELP"))
    assert not release_covers(RELEASE, flow)


@pytest.mark.parametrize(
    "decision",
    [
        replace(DECISION, article="WJSG_39F"),
        replace(DECISION, number=""),
        replace(DECISION, purposes=frozenset({"HELP"})),
        replace(DECISION, categories=frozenset({"D01"})),
        replace(DECISION, recipients=frozenset({SCHOOL})),
        replace(DECISION, decided_on=DAY + timedelta(days=1)),
        replace(DECISION, valid_until=DAY - timedelta(days=1)),
        replace(DECISION, is_withdrawn=True),
        replace(DECISION, provider_organisation_id=SCHOOL),
    ],
)
def test_each_part_of_a_disclosure_decision_is_checked(decision: DecisionFact) -> None:
    assert decision_covers(DECISION, "POL", POLICE_FLOW, DAY)
    assert not decision_covers(decision, "POL", POLICE_FLOW, DAY)


def test_a_partner_without_such_a_law_has_no_disclosure_decision() -> None:
    assert not decision_covers(DECISION, "SCH", POLICE_FLOW, DAY)


@given(st.integers(min_value=0, max_value=20))
def test_one_weighing_note_serves_until_its_review_date(later: int) -> None:
    note = NoteFact(b"n" * 16, CLINIC, "D14", frozenset({TOWN}), DAY + timedelta(days=10))
    flow = Exchange(CLINIC, "D14", TOWN, "HELP")
    assert note_covers(note, flow, DAY + timedelta(days=later)) == (later <= 10)
    assert not note_covers(note, replace(flow, recipient_organisation_id=SCHOOL), DAY)
    assert not note_covers(note, replace(flow, category="D15"), DAY)
    assert not note_covers(note, replace(flow, provider_organisation_id=SCHOOL), DAY)
