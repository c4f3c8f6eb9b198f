"""What each step in the life of an agreement needs, and what one is reminded of, without a row."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from auth.rules import Role
from pga.agreements import library
from pga.agreements.rules import (
    FIXED,
    FORWARD,
    MODEL_WAYS,
    WAYS,
    AgreementState,
    Capacity,
    Deed,
    Need,
    Reminder,
    Standing,
    Step,
    capacities,
    checks,
    is_same_body,
    minimum_parties,
    months_before,
    next_step,
    objections,
    reminders,
    unmet,
    ways_of,
)
from pga.policy.cells import SHUT
from pga.policy.codes import Partner, Track

READY = Standing(AgreementState.DRAFT, is_model=False, needs_all_clauses=True, has_dpia=True)
TODAY = date(2026, 11, 2)
SPOILT: Mapping[Need, Any] = {
    Need.MATRIX_COMPLETE: {"unwritten": 1},
    Need.LIMITS_PROVEN: {"violations": 1},
    Need.EXAMPLES_HOLD: {"broken_examples": 1},
    Need.DEVIATIONS_EXPLAINED: {"unexplained": 1},
    Need.TERM_AHEAD: {"is_over": True},
    Need.PARTIES_NAMED: {"missing": (Partner.POL,)},
    Need.CLAUSES_CONFIRMED: {"open_clauses": 1},
    Need.NO_OBJECTION: {"objections": 1},
    Need.DPIA_RECORDED: {"has_dpia": False},
    Need.MINIMUM_SIGNED: {"unsigned": (Partner.OM,)},
    Need.NOBODY_SIGNED: {"signatures": 1},
    Need.ANOTHER_PERSON: {"before": b"me"},
}
NEEDED = [
    (step, is_model, need)
    for is_model, ways in ((False, WAYS), (True, MODEL_WAYS))
    for step, way in ways.items()
    for need in way.needs
]


@pytest.mark.parametrize(("step", "is_model", "need"), NEEDED)
def test_a_step_waits_for_each_of_its_needs_and_for_nothing_else(
    step: Step, need: Need, *, is_model: bool
) -> None:
    ready = replace(READY, is_model=is_model)
    assert unmet(step, ready, b"me") == ()
    assert unmet(step, replace(ready, **SPOILT[need]), b"me") == (need,)


def test_everything_that_is_missing_is_told_at_once() -> None:
    spoilt = replace(
        READY, unwritten=3, violations=2, is_over=True, has_dpia=False, unsigned=(Partner.POL,)
    )
    assert set(unmet(Step.ACTIVATE, spoilt)) == {
        Need.MATRIX_COMPLETE,
        Need.LIMITS_PROVEN,
        Need.TERM_AHEAD,
        Need.DPIA_RECORDED,
        Need.MINIMUM_SIGNED,
    }


def test_unconfirmed_clauses_hold_up_in_production_alone() -> None:
    elsewhere = replace(READY, open_clauses=4, needs_all_clauses=False)
    assert unmet(Step.ACTIVATE, elsewhere) == ()
    (check,) = [c for c in checks(Step.ACTIVATE, elsewhere) if c.need is Need.CLAUSES_CONFIRMED]
    assert (check.is_met, check.blocks) == (False, False)
    assert unmet(Step.ACTIVATE, replace(elsewhere, needs_all_clauses=True)) == (
        Need.CLAUSES_CONFIRMED,
    )


def test_an_objection_holds_up_everywhere() -> None:
    objected = replace(READY, objections=1, needs_all_clauses=False)
    for step in (Step.RECORD_DPIA, Step.OPEN_SIGNING, Step.ACTIVATE):
        assert unmet(step, objected) == (Need.NO_OBJECTION,)


def test_the_way_to_coming_into_force_leads_through_every_state_in_order() -> None:
    at, passed = READY, [READY.state]
    while (step := next_step(at)) is not None:
        at = replace(at, state=WAYS[step].target)
        passed.append(at.state)
    assert passed == [
        AgreementState.DRAFT,
        AgreementState.LEGAL_CHECK,
        AgreementState.DPIA_DONE,
        AgreementState.SIGNING,
        AgreementState.ACTIVE,
    ]


def test_from_an_ended_version_no_step_leads_anywhere() -> None:
    for state in (AgreementState.EXPIRED, AgreementState.TERMINATED, AgreementState.SUPERSEDED):
        assert ways_of(replace(READY, state=state)) == {}


def test_only_a_version_that_is_past_being_made_comes_back_into_force() -> None:
    for step, way in WAYS.items():
        if way.target is AgreementState.ACTIVE:
            assert step in {Step.ACTIVATE, Step.RESUME}
            assert way.sources <= {AgreementState.SIGNING} | FIXED


def test_a_model_is_kept_by_advisers_and_published_by_another_of_them_or_a_lawyer() -> None:
    for step, way in MODEL_WAYS.items():
        lawyer = {Role.LAWYER} if step is Step.PUBLISH_MODEL else set()
        assert set(way.roles) == {Role.REGIONAL_ADVISER, *lawyer}
    assert [step for step in MODEL_WAYS if step in FORWARD] == [
        Step.PROPOSE_MODEL,
        Step.PUBLISH_MODEL,
    ]


@pytest.mark.parametrize("track", list(Track))
def test_the_prosecution_must_sign_as_soon_as_anybody_sees_judicial_data(track: Track) -> None:
    model = library.model(track)
    assert minimum_parties(model) == (Partner.GPR, Partner.POL, Partner.OM)
    closed = replace(
        model,
        matrix={
            track: {
                partner: dict.fromkeys(row, SHUT) for partner, row in model.matrix[track].items()
            }
        },
    )
    assert minimum_parties(closed) == (Partner.GPR, Partner.POL)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 30), 3, date(2026, 8, 30)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 7, 31), 1, date(2026, 6, 30)),
        (date(2026, 3, 15), 6, date(2025, 9, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (date(2027, 5, 3), ()),
        (date(2027, 5, 2), (Reminder.ENDS_IN_SIX_MONTHS,)),
        (date(2027, 2, 3), (Reminder.ENDS_IN_SIX_MONTHS,)),
        (date(2027, 2, 2), (Reminder.ENDS_IN_THREE_MONTHS,)),
        (TODAY, (Reminder.ENDS_IN_THREE_MONTHS,)),
        (TODAY - timedelta(days=1), ()),
    ],
)
def test_the_end_is_announced_six_and_three_months_ahead(
    ends: date, found: tuple[Reminder, ...]
) -> None:
    assert reminders(ends, None, TODAY) == found


def test_a_passed_evaluation_is_told_until_the_end() -> None:
    far, yesterday = TODAY + timedelta(days=900), TODAY - timedelta(days=1)
    assert reminders(far, yesterday, TODAY) == (Reminder.EVALUATION_PASSED,)
    assert reminders(far, TODAY, TODAY) == ()
    assert reminders(yesterday, yesterday, TODAY) == ()


def test_the_college_signs_through_the_mayor_and_the_mayor_apart_from_it() -> None:
    assert capacities(Partner.GPR)[0] is Capacity.MAYOR
    assert capacities(Partner.BUR)[0] is Capacity.BODY
    assert is_same_body("GPR", "GCR")
    assert not is_same_body("GPR", "BUR")
    assert not is_same_body("POL", "OM")
    assert "capacity" in objections(Partner.GPR, Capacity.BODY, Deed(), TODAY)
    assert "capacity" in objections(Partner.POL, Capacity.MAYOR, Deed(), TODAY)


@pytest.mark.parametrize("capacity", [Capacity.MANDATE, Capacity.POWER_OF_ATTORNEY])
def test_a_mandate_and_a_power_of_attorney_need_number_scope_and_day(capacity: Capacity) -> None:
    asked = {"mandate_number", "mandate_scope", "mandate_on"}
    assert set(objections(Partner.POL, capacity, Deed(), TODAY)) == asked
    whole = Deed("M-1", "agreements on youth", TODAY)
    assert objections(Partner.POL, capacity, whole, TODAY) == {}
    early = replace(whole, made_on=TODAY + timedelta(days=1))
    assert set(objections(Partner.POL, capacity, early, TODAY)) == {"mandate_on"}


def test_who_signs_as_the_body_itself_needs_no_deed() -> None:
    assert objections(Partner.POL, Capacity.BODY, Deed(), TODAY) == {}
