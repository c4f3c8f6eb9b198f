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
from pga.policy.editing import CellChange, apply
from pga.policy.violations import prove_text
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


def test_about_one_partner_only_its_own_pairs_are_given(youth: Table) -> None:
    view = View(YOUTH, Stage.FULL)
    every = pairs(youth, view, Category.D05)
    own = pairs(youth, view, Category.D05, Partner.OM)
    assert own == tuple(one for one in every if Partner.OM in {one.provider, one.consumer})
    assert len(own) == 2 * len(partners_in(youth, YOUTH)) - 1


def test_a_pair_names_whose_cell_keeps_it_closed_and_whether_law_does(youth: Table) -> None:
    numbers = between(youth, View(YOUTH, Stage.FULL), Category.D02)
    by_law = numbers[Partner.GPR, Partner.OM]
    assert (by_law.openness, by_law.shut_by, by_law.by_limit) == (
        *(Openness.CLOSED, Partner.OM, True),
    )
    by_choice = numbers[Partner.BUR, Partner.OM]
    assert (by_choice.shut_by, by_choice.by_limit) == (Partner.BUR, False)
    opened = numbers[Partner.GPR, Partner.GCR]
    assert (opened.openness, opened.shut_by, opened.by_limit) == (Openness.CONDITIONAL, None, False)
    late = between(youth, View(YOUTH, Stage.AFTERCARE), Category.D04)[Partner.LPR, Partner.GI]
    assert (late.openness, late.shut_by) == (Openness.CLOSED, None)
    cut = between(youth, View(YOUTH, Stage.FULL), Category.D14)[Partner.POL, Partner.JWK]
    assert (cut.shut_by, cut.by_limit) == (None, False)


def test_whoever_opens_a_cell_that_law_keeps_closed_breaks_a_limit(youth: Table) -> None:
    kept = {
        (category, pair.shut_by, "1tb/X" if pair.shut_by is pair.provider else "X/R1nt")
        for category in (Category.D02, Category.D05)
        for pair in pairs(youth, View(YOUTH, Stage.FULL), category)
        if pair.by_limit and pair.shut_by is not None and pair.provider is not pair.consumer
    }
    assert {category for category, _, _ in kept} == {Category.D02, Category.D05}
    for category, partner, cell in kept:
        changed = apply(youth.document, CellChange(YOUTH, partner, category, cell))
        assert (partner, category) in {(one.partner, one.category) for one in prove_text(changed)}
