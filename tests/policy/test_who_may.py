"""All partners at a glance: what the overview shows is what the engine decides."""

from itertools import product

import pytest

from pga.policy.codes import (
    CATEGORIES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Stage,
    Track,
)
from pga.policy.compile import Table
from pga.policy.decide import decide
from pga.policy.who_may import Heat, Openness, Pair, View, heat, pairs, partners_in
from tests.policy.conftest import MakeSituation

YOUTH = Track.YOUTH
PHASES = {Stage.FIRST: Phase.F1, Stage.FULL: Phase.F2, Stage.AFTERCARE: Phase.F4}
PROVIDE, CONSULT = PolicyAction.PROVIDE, PolicyAction.CONSULT


def between(table: Table, view: View, category: Category) -> dict[tuple[Partner, Partner], Pair]:
    return {(one.provider, one.consumer): one for one in pairs(table, view, category)}


@pytest.mark.parametrize("stage", PHASES)
@pytest.mark.parametrize("action", [PROVIDE, CONSULT])
def test_every_pair_shows_what_the_engine_decides(
    youth: Table, situation: MakeSituation, stage: Stage, action: PolicyAction
) -> None:
    for category in (Category.D05, Category.D07, Category.D08, Category.D15):
        view = View(YOUTH, stage, action, Purpose.ORDER)
        found = between(youth, view, category)
        assert len(found) == len(partners_in(youth, YOUTH)) ** 2
        for (provider, consumer), pair in found.items():
            here = situation(consumer, phase=PHASES[stage], purpose=Purpose.ORDER)
            asked = (youth, here, provider, category, action)
            assert pair.at_best == decide(*asked, frozenset(Condition))
            assert pair.at_first == decide(*asked)
            assert pair.conditions == pair.at_best.conditions
            is_open = pair.openness in {Openness.OPEN, Openness.CONDITIONAL}
            assert is_open is pair.at_best.is_allowed
            assert (pair.openness is Openness.OPEN) is pair.at_first.is_allowed
            assert (pair.openness is Openness.CUT_BY_LAW) is pair.at_best.cut_by_law
            assert (pair.openness is Openness.LATER) is (pair.opens is not None)


def test_what_is_closed_now_tells_when_it_opens(youth: Table) -> None:
    found = between(youth, View(YOUTH, Stage.FIRST), Category.D15)
    later = found[Partner.POL, Partner.GPR]
    assert (later.openness, later.opens) == (Openness.LATER, Phase.F2)
    before = between(youth, View(YOUTH, Stage.INTAKE), Category.D01)
    assert before[Partner.GPR, Partner.POL].opens is Phase.F1
    assert before[Partner.POL, Partner.REC].opens is Phase.F2
    never = between(youth, View(YOUTH, Stage.FIRST), Category.D05)[Partner.POL, Partner.OM]
    assert never.opens is Phase.F2
    assert between(youth, View(YOUTH, Stage.FIRST), Category.D02)[
        Partner.POL, Partner.OM
    ].openness is (Openness.CLOSED)


def test_what_law_cuts_is_shown_as_cut(youth: Table) -> None:
    found = between(youth, View(YOUTH, Stage.FULL), Category.D14)
    assert found[Partner.POL, Partner.JWK].openness is Openness.CUT_BY_LAW
    assert found[Partner.POL, Partner.GPR].openness is Openness.CONDITIONAL
    child = between(youth, View(YOUTH, Stage.FULL, under_12=True), Category.D05)
    assert {pair.openness for pair in child.values()} == {Openness.CUT_BY_LAW}


def test_a_purpose_that_the_agreement_lacks_opens_nothing(youth: Table) -> None:
    view = View(YOUTH, Stage.FIRST, purpose=Purpose.PREVENTION)
    assert {pair.openness for pair in pairs(youth, view, Category.D15)} == {Openness.CLOSED}


def test_a_category_or_track_of_another_table_has_no_pairs(youth: Table) -> None:
    assert pairs(youth, View(YOUTH, Stage.FULL), Category.G01) == ()
    assert pairs(youth, View(Track.MONEY_MULE, Stage.FULL), Category.G01) == ()
    nothing = heat(youth, View(Track.MONEY_MULE, Stage.FULL))
    assert (nothing.brings, nothing.sees) == ({}, {})


@pytest.mark.parametrize("track", Track)
@pytest.mark.parametrize("under_12", [False, True])
def test_the_heat_counts_exactly_the_pairs_that_open(
    tables: dict[Track, Table],
    track: Track,
    under_12: bool,  # noqa: FBT001 - both ages
) -> None:
    table = tables[track]
    for stage, action in product(PHASES, (PROVIDE, CONSULT)):
        view = View(track, stage, action, under_12=under_12)
        shown = heat(table, view)
        for category in CATEGORIES[track]:
            found = between(table, view, category)
            for partner in partners_in(table, track):
                assert shown.brings[partner][category] == warmth(
                    [(c, pair) for (p, c), pair in found.items() if p is partner is not c]
                )
                assert shown.sees[partner][category] == warmth(
                    [(p, pair) for (p, c), pair in found.items() if c is partner is not p]
                )


def warmth(found: list[tuple[Partner, Pair]]) -> Heat:
    """Count the open pairs by the decisions."""
    allowed = [(other, pair) for other, pair in found if pair.at_best.is_allowed]
    common = [
        condition
        for condition in Condition
        if allowed and all(condition in pair.conditions for _, pair in allowed)
    ]
    return Heat(
        tuple(other for other, _ in allowed),
        tuple(other for other, pair in allowed if not pair.conditions),
        tuple(common),
    )


def test_police_data_reaches_few_and_never_without_a_decision(youth: Table) -> None:
    shown = heat(youth, View(YOUTH, Stage.FULL))
    police = shown.brings[Partner.POL][Category.D05]
    assert police.free == ()
    assert Condition.DISCLOSURE_DECISION in police.conditions
    assert not {Partner.WOC, Partner.SCH, Partner.JWK} & set(police.partners)
    assert shown.sees[Partner.WOC][Category.D05] == Heat((), (), ())
