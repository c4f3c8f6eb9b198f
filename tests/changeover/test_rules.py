"""What may be told of how many cases, and what a difference means for whom."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pga.cases.rules import ENDED, CaseState
from pga.changeover.rules import (
    STAGES,
    Change,
    Tell,
    Turn,
    changes_of,
    stage_of_state,
    tell,
    tell_part,
)
from pga.policy.codes import Category, Partner, PolicyAction, Stage, Track
from pga.policy.compile import Table, compile_document
from pga.policy.diff import diff
from pga.policy.document import parse
from tests.changeover.versions import Cells, rewritten
from tests.factories.scene import FILES, LIBRARY

TEXT = (LIBRARY / FILES["youth"]).read_text("utf-8")
BEFORE = compile_document(parse(TEXT))


def table(cells: Cells) -> Table:
    """Compile the model with some cells otherwise."""
    return compile_document(parse(rewritten(TEXT, "2", cells)))


@pytest.mark.parametrize("count", range(10))
def test_below_ten_only_that_is_told(count: int) -> None:
    assert (tell(count).how, tell(count).about) == (Tell.FEW, 0)


@pytest.mark.parametrize(
    ("count", "about"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (9998, 10000)]
)
def test_a_larger_number_is_rounded_to_fives(count: int, about: int) -> None:
    assert (tell(count).how, tell(count).about) == (Tell.ABOUT, about)


@given(st.integers(20, 400), st.integers(0, 400))
def test_who_knows_the_whole_cannot_work_out_a_small_part_or_a_small_rest(
    whole: int, part: int
) -> None:
    part = min(part, whole)
    alike = {n for n in range(whole + 1) if tell_part(n, whole) == tell_part(part, whole)}
    if part < 10:
        assert alike == set(range(10))
    elif whole - part < 10:
        assert alike == set(range(whole - 9, whole + 1))
    else:
        assert alike <= set(range(10, whole - 9))


@given(st.integers(0, 400), st.integers(0, 400))
def test_of_secret_help_few_and_nearly_all_are_told_alike(whole: int, part: int) -> None:
    part = min(part, whole)
    told = tell_part(part, whole, is_secret=True)
    assert (told.how is Tell.FEW_OR_NEARLY_ALL) == (part < 10 or whole - part < 10)
    if told.how is Tell.FEW_OR_NEARLY_ALL:
        assert told.about == 0


def test_a_state_stands_in_the_stage_of_its_rules() -> None:
    stages = {state: stage_of_state(Track.YOUTH, state) for state in CaseState}
    assert {state for state, stage in stages.items() if stage is Stage.CLOSED} == ENDED
    assert stages[CaseState.SIGNAL] is Stage.INTAKE
    assert stages[CaseState.TRIAGE] is Stage.FIRST
    assert stages[CaseState.SCALED_DOWN] is Stage.FULL
    assert stages[CaseState.AFTERCARE] is Stage.AFTERCARE


def reads(found: Iterable[Change]) -> dict[tuple[Stage, Partner], tuple[str, str]]:
    """Give what changes in reading, by stage and provider: before and after."""
    return {
        (change.stage, provider): (change.before, change.after)
        for change in found
        if change.action is PolicyAction.CONSULT
        for provider in change.providers
    }


def test_a_partner_that_comes_to_read_gains_from_everybody_who_brings_it() -> None:
    found = changes_of(diff(BEFORE, table({("JWK", "D04"): "X/R2"})), Track.YOUTH)
    assert {(c.consumer, c.category, c.turn) for c in found} == {
        (Partner.JWK, Category.D04, Turn.GAINS)
    }
    read = reads(found)
    assert read[Stage.FULL, Partner.LPR] == ("closed", "open")
    assert read[Stage.FULL, Partner.SCH] == ("closed", "secrecy_release")
    assert {stage for stage, _ in read} == {Stage.FULL}


def test_the_way_back_is_the_same_loss() -> None:
    after = table({("JWK", "D04"): "X/R2"})
    there = changes_of(diff(BEFORE, after), Track.YOUTH)
    back = changes_of(diff(after, BEFORE), Track.YOUTH)
    assert {change.turn for change in back} == {Turn.LOSES}
    assert reads(back) == {place: (to, was) for place, (was, to) in reads(there).items()}


def test_one_condition_for_another_is_neither_gain_nor_loss() -> None:
    one, other = (table({("JWK", "D04"): f"X/{to}"}) for to in ("R2n", "R2t"))
    found = changes_of(diff(one, other), Track.YOUTH)
    assert reads(found)[Stage.FULL, Partner.LPR] == ("named_recipient", "secrecy_release")
    assert Turn.DIFFERS in {c.turn for c in found if Partner.LPR in c.providers}


def test_what_can_be_brought_and_read_at_once_is_told_once() -> None:
    found = changes_of(diff(BEFORE, table({("JWK", "D04"): "1/R1"})), Track.YOUTH)
    places = [(c.consumer, c.stage, c.category, p) for c in found for p in c.providers]
    assert len(places) == len(set(places))


def test_what_can_only_be_brought_sooner_is_told_as_that() -> None:
    late = table({("SCH", "D12"): "2/X", ("LPR", "D12"): "X/R2"})
    early = table({("SCH", "D12"): "1/X", ("LPR", "D12"): "X/R2"})
    found = [c for c in changes_of(diff(late, early), Track.YOUTH) if c.consumer is Partner.LPR]
    assert [(c.stage, c.action, c.providers) for c in found] == [
        (Stage.FIRST, PolicyAction.PROVIDE, (Partner.SCH,))
    ]


def test_a_partner_among_its_own_kind_counts_only_where_there_are_several() -> None:
    difference = diff(table({("SCH", "D04"): "1/X"}), table({("SCH", "D04"): "1/R1"}))

    def from_own_kind(*several: Partner) -> bool:
        found = changes_of(difference, Track.YOUTH, several)
        return any(change.consumer in change.providers for change in found)

    assert not from_own_kind()
    assert from_own_kind(Partner.SCH)


def test_changes_of_another_track_are_left_out() -> None:
    difference = diff(BEFORE, table({("JWK", "D04"): "X/R2"}))
    assert changes_of(difference, Track.MONEY_MULE) == ()


def test_changes_stand_by_partner_and_stage() -> None:
    found = changes_of(
        diff(BEFORE, table({("JWK", "D04"): "X/R1", ("LPR", "D12"): "X/R1"})), Track.YOUTH
    )
    order = [(list(Partner).index(c.consumer), STAGES.index(c.stage)) for c in found]
    assert order == sorted(order)
