"""A decision under another version: told only where every set of conditions leads to it."""

from collections.abc import Iterator
from itertools import product

import pytest

from pga.changeover.rerun import Again, Asked, again, outcomes_of
from pga.policy.codes import (
    CATEGORIES,
    Category,
    Code,
    Partner,
    Purpose,
    Stage,
    Track,
)
from pga.policy.compile import Table
from tests.changeover.test_rules import BEFORE, table
from tests.changeover.versions import Cells

DRAFTS: list[Cells] = [
    {},
    {("JWK", "D04"): "X/R2", ("POL", "D12"): "X/R1", ("LPR", "D04"): "2n/X"},
    {("SCH", "D04"): "2t/R2n", ("GCR", "D10"): "1/R1", ("POL", "D04"): "X/R2t"},
    {("VT", "D03"): "X/X", ("JWK", "D04"): "X/R2n", ("LPR", "D12"): "X/R2t"},
]
READERS = (Partner.JWK, Partner.POL, Partner.GCR, Partner.LPR)


def at(
    consumer: Partner,
    provider: Partner,
    category: Category,
    stage: Stage = Stage.FULL,
    purpose: Purpose | None = Purpose.HELP,
) -> Asked:
    """Ask one cell, about a youth of 12 or older."""
    return Asked(
        track=Track.YOUTH,
        stage=stage,
        purpose=purpose,
        consumer=consumer,
        under_12=False,
        provider=provider,
        category=category,
    )


def questions() -> Iterator[Asked]:
    """Ask every cell as some readers stand before it, in every stage."""
    for stage, consumer, provider, category in product(
        (Stage.FIRST, Stage.FULL, Stage.AFTERCARE),
        READERS,
        Partner,
        CATEGORIES[Track.YOUTH],
    ):
        yield at(consumer, provider, category, stage)


def answers(tab: Table, asked: Asked) -> dict[int, Code]:
    """Give the answer of a table under every set of conditions."""
    outcomes = outcomes_of(tab, asked)
    return {met: outcomes.answer(met).code for met in range(64)}


def expected(code: Code, fitting: set[Code]) -> Again:
    """Tell what can be said, given every answer that fits."""
    was, allowed = code is Code.ALLOWED, {found is Code.ALLOWED for found in fitting}
    if len(allowed) == 2:
        return Again.HANGS
    if allowed == {was}:
        return Again.SAME
    return Again.NOW_CLOSED if was else Again.NOW_OPEN


@pytest.mark.parametrize("cells", DRAFTS, ids=range(len(DRAFTS)))
def test_what_is_told_holds_whatever_conditions_were_met_and_nothing_is_kept_back(
    cells: Cells,
) -> None:
    after = table(cells)
    for asked in questions():
        then, now = answers(BEFORE, asked), answers(after, asked)
        for code in set(then.values()):
            fitting = {now[met] for met, found in then.items() if found is code}
            assert again(code, BEFORE, after, asked) is expected(code, fitting), (asked, code)


def test_the_drafts_of_these_tests_lead_to_every_outcome() -> None:
    told = {
        again(code, BEFORE, after, asked)
        for after in map(table, DRAFTS)
        for asked in questions()
        for code in set(answers(BEFORE, asked).values())
    }
    assert told == set(Again)


def test_the_same_text_changes_no_decision() -> None:
    again_ = table({})
    for asked in questions():
        for code in set(answers(BEFORE, asked).values()):
            assert again(code, BEFORE, again_, asked) is Again.SAME


@pytest.mark.parametrize(
    "code", [Code.NOT_IN_FORCE, Code.NOT_A_PARTY, Code.NOT_A_PARTICIPANT, Code.FORBIDDEN]
)
def test_what_the_text_did_not_refuse_no_text_opens(code: Code) -> None:
    after = table({("JWK", "D04"): "1/R1"})
    for asked in questions():
        assert again(code, BEFORE, after, asked) is Again.SAME


def test_without_the_old_text_only_what_asks_nothing_is_told() -> None:
    asked = at(Partner.JWK, Partner.LPR, Category.D04)
    open_now, asks_now = table({("JWK", "D04"): "X/R2"}), table({("JWK", "D04"): "X/R2n"})
    assert again(Code.NO_RULE, None, open_now, asked) is Again.NOW_OPEN
    assert again(Code.CONDITION_UNMET, None, asks_now, asked) is Again.HANGS
    assert again(Code.ALLOWED, None, open_now, asked) is Again.SAME
    assert again(Code.ALLOWED, None, asks_now, asked) is Again.HANGS
    assert again(Code.ALLOWED, None, BEFORE, asked) is Again.NOW_CLOSED


def test_a_purpose_the_new_version_does_not_have_closes_what_was_open() -> None:
    asked = at(Partner.GCR, Partner.LPR, Category.D04, purpose=None)
    assert again(Code.ALLOWED, BEFORE, BEFORE, asked) is Again.NOW_CLOSED
