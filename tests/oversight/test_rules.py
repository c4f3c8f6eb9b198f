"""Pure rules of oversight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from audit.entries import Action, Kind
from config.clock import AMSTERDAM
from pga.agreements import library
from pga.oversight.rules import (
    FOLDED,
    IN_PASSING,
    ONE_BY_ONE,
    TOLD,
    WHOLE,
    Flow,
    Show,
    asked_by,
    flow_of,
    fold,
    is_officer,
    is_stale,
    night_before,
    sees_whole_municipality,
    whole_days,
)
from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.codes import Category, Code, Condition, Partner, PolicyAction, Track
from pga.policy.compile import compile_document
from pga.policy.library import GUARDRAILS


def test_only_privacy_officer_and_data_protection_officer_look_into_the_log() -> None:
    roles = ("professional", "case_manager", "process_lead", "org_admin", "privacy_officer", "dpo")
    assert [role for role in roles if is_officer(role)] == ["privacy_officer", "dpo"]


def test_only_the_municipality_oversees_whole_cases() -> None:
    assert all(sees_whole_municipality(partner) for partner in ("GPR", "GCR", "BUR"))
    assert not any(sees_whole_municipality(partner) for partner in ("POL", "LPR", "GGZ", "WOC"))


def test_every_act_on_a_case_is_told_somewhere_and_signing_in_nowhere() -> None:
    assert Action.LOGIN not in TOLD
    assert Action.APPLIED not in TOLD
    assert set(WHOLE) | set(IN_PASSING) == set(Kind)
    assert set(ONE_BY_ONE) | set(FOLDED) == set(Show)


@given(some.lists(some.tuples(some.integers(0, 3), some.sampled_from("abc"))))
def test_folding_loses_nothing_and_keeps_the_order(things: list[tuple[int, str]]) -> None:
    folds = fold(things, lambda thing: thing[1])
    assert sorted(thing for members in folds for thing in members) == sorted(things)
    assert [members[0][1] for members in folds] == list(dict.fromkeys(t[1] for t in things))


@given(some.lists(some.integers()))
def test_things_without_a_key_stand_apart(things: list[int]) -> None:
    assert fold(things, lambda _: None) == [(thing,) for thing in things]


def test_a_day_that_goes_on_on_the_next_page_is_left_for_it() -> None:
    days = [3, 3, 2, 2, 1]
    assert whole_days(days, 5, lambda day: day) == [3, 3, 2, 2]
    assert whole_days(days, 6, lambda day: day) == days
    assert whole_days([1, 1, 1], 3, lambda day: day) == [1, 1, 1]


def test_a_verification_is_stale_after_more_than_a_day() -> None:
    at = datetime(2026, 11, 2, 10, tzinfo=UTC)
    assert not is_stale(at, at + timedelta(hours=25))
    assert is_stale(at, at + timedelta(hours=27))


@pytest.mark.parametrize("track", list(Track))
def test_what_a_rule_asks_is_read_from_its_name_as_the_engine_decides_it(track: Track) -> None:
    table = compile_document(library.model(track))
    refused = {
        (decision.rule, decision.conditions)
        for places in table.standpoints()
        for outcomes in set(table.make_room(places[0], table.verdicts(places[0])).values())
        if (decision := outcomes.answer(0)).code is Code.CONDITION_UNMET
    }
    assert {rule.partition(":")[0] for rule, _ in refused} >= {"INTAKE", "POL>GCR"}
    for rule, conditions in refused:
        assert asked_by(table.document, rule, table.catalogue) == conditions


def test_the_name_of_a_rule_tells_what_it_is_about() -> None:
    consult = PolicyAction.CONSULT
    flow = Flow(Partner.GCR, Partner.POL, Category.D15, consult)
    assert flow_of("GCR>POL:D15:consult") == flow
    after = Flow(Partner.GCR, Partner.LPR, Category.D01, consult, is_aftercare=True)
    assert flow_of("AFTERCARE:GCR>LPR:D01:consult") == after
    signal = flow_of("INTAKE:POL>GPR")
    assert signal is not None
    assert (signal.provider, signal.category) == (Partner.POL, Category.SIGNAL)
    assert [flow_of(rule) for rule in ("R-03", "OWNER", "POL>NEW:D15:consult", "")] == [None] * 4
    assert asked_by(library.model(Track.YOUTH), "R-03", current()) == ()


def test_what_a_signal_asks_is_of_the_edition_that_decided() -> None:
    model = library.model(Track.YOUTH)
    newer = parse_catalogue(
        GUARDRAILS.read_text("utf-8").replace("[GGD, GGZ, JHA, MEE], cat", "[GGZ, JHA, SCH], cat")
    )
    for edition, asks in ((current(), ()), (newer, (Condition.SECRECY_RELEASE,))):
        assert asked_by(model, "INTAKE:SCH>GPR", edition) == asks


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ((2026, 11, 2, 10), (2026, 11, 2, 3)),
        ((2026, 11, 2, 3), (2026, 11, 2, 3)),
        ((2026, 11, 2, 2, 59), (2026, 11, 1, 3)),
        ((2026, 10, 25, 12), (2026, 10, 25, 3)),
        ((2026, 3, 1, 0), (2026, 2, 28, 3)),
    ],
)
def test_night_is_at_three_on_the_clock_of_amsterdam(
    now: tuple[int, ...], night: tuple[int, ...]
) -> None:
    local = datetime(*now, tzinfo=AMSTERDAM)  # type: ignore[arg-type,misc]
    assert night_before(local) == datetime(*night, tzinfo=AMSTERDAM)  # type: ignore[arg-type,misc]
