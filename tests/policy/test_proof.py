"""The proof over all that an agreement compiles to: complete, in steps, with counterexamples."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pga.policy.catalogue_text import current, parse_catalogue
from pga.policy.cells import Cell, parse_cell
from pga.policy.codes import (
    ALL_MET,
    POSSIBLE_PARTIES,
    PURPOSES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Stage,
    Track,
)
from pga.policy.compile import Table, standpoint
from pga.policy.decide import Situation, decide
from pga.policy.demands import BARRED, broken, demands_of
from pga.policy.exposure import Exposure
from pga.policy.flows import MOMENTS, PARTNERS, narrowed
from pga.policy.guardrails import Violation, prove, prove_change, prove_table
from pga.policy.terms import AgreementDocument
from pga.policy.verdict import SHUT
from pga.policy.violations import prove_text
from tests.policy.generated import (
    CELLS,
    SOUND,
    agreements,
    careless,
    cells,
    places,
    tables,
    with_cell,
)

LAWLESS = parse_catalogue('edition: "none"\nchecks: []\n')
PHASES = {Stage.FIRST: Phase.F1, Stage.FULL: Phase.F3}


@pytest.mark.parametrize("track", Track)
def test_what_the_proof_looks_at_is_what_a_decision_says(
    tables: dict[Track, Table], track: Track
) -> None:
    """Every room of both models, made anew, against the masks that are proven and compared."""
    table = tables[track]
    for side_by_side in table.standpoints():
        verdicts = table.verdicts(side_by_side[0])
        for where in side_by_side:
            flows = narrowed(
                table.flows(track),
                table.limits,
                under_12=where.under_12,
                has_purpose=where.purpose is not None,
            )
            there = PARTNERS.index(where.consumer)
            for (provider, category, action), outcomes in table.make_room(where, verdicts).items():
                needs = flows[category][PARTNERS.index(provider)][there]
                need = needs[MOMENTS.index((where.stage, action))]
                assert (outcomes.need if outcomes.can_open else SHUT) == need


@settings(max_examples=10)  # every room of every agreement
@given(tables)
def test_the_same_holds_for_any_agreement(table: Table) -> None:
    for side_by_side in list(table.standpoints())[::17]:
        verdicts = table.verdicts(side_by_side[0])
        for where in (side_by_side[0], side_by_side[-1]):
            flows = narrowed(
                table.flows(where.track),
                table.limits,
                under_12=where.under_12,
                has_purpose=where.purpose is not None,
            )
            there = PARTNERS.index(where.consumer)
            room = table.make_room(where, verdicts)
            for (provider, category, action), outcomes in room.items():
                needs = flows[category][PARTNERS.index(provider)][there]
                need = needs[MOMENTS.index((where.stage, action))]
                assert outcomes.can_open == (need != SHUT)
                assert outcomes.answer(ALL_MET).is_allowed == outcomes.can_open
                if outcomes.can_open:
                    assert outcomes.need == need
                    assert outcomes.answer(ALL_MET & ~need).is_allowed == (not need)


@given(st.data())
def test_what_is_demanded_of_a_flow_is_what_its_checks_say(data: st.DataObject) -> None:
    track = data.draw(st.sampled_from(Track))
    stage, action = moment = data.draw(st.sampled_from(MOMENTS))
    provider, consumer = data.draw(st.tuples(*[st.sampled_from(PARTNERS)] * 2))
    under_12, has_purpose = data.draw(st.tuples(st.booleans(), st.booleans()))
    demanded = demands_of(current(), track, under_12=under_12, has_purpose=has_purpose)
    category = data.draw(st.sampled_from(list(demanded)))
    needs = demanded[category][PARTNERS.index(provider)][PARTNERS.index(consumer)]
    demand = needs[MOMENTS.index(moment)]
    purpose = PURPOSES[track][0] if has_purpose else None
    where = standpoint(track, stage, purpose, consumer, under_12=under_12)
    key = (provider, category, action)
    assert bool(broken(current(), where, key, ALL_MET)) == (demand == BARRED)
    if demand != BARRED:
        assert not broken(current(), where, key, demand)
        for condition_bit in (1 << place for place in range(len(Condition))):
            if demand & condition_bit:
                assert broken(current(), where, key, ALL_MET & ~condition_bit)


@settings(max_examples=40)
@given(careless(), places, cells)
def test_a_proof_of_one_changed_cell_is_the_full_proof(
    document: AgreementDocument, place: tuple[Track, Partner, Category], cell: Cell
) -> None:
    before = Table(document)
    after = with_cell(document, *place, cell)
    assert prove_change(before, after, place) == prove(after, Table(after))


@settings(max_examples=10)  # thousands of violations each
@given(agreements, places, cells)
def test_that_holds_also_where_the_compiler_cuts_too_little(
    document: AgreementDocument, place: tuple[Track, Partner, Category], cell: Cell
) -> None:
    """Under limits without pair limits the table breaks what the text does not show."""
    before = Table(document, LAWLESS)
    after = with_cell(document, *place, cell)
    assert prove_change(before, after, place) == []
    full = prove(after, Table(after, LAWLESS), current())
    assert {each.guardrail for each in full} >= {each.guardrail for each in prove_text(after)}


def test_a_change_of_more_than_one_cell_is_proven_whole() -> None:
    place = (Track.YOUTH, Partner.SCH, Category.D01)
    two = with_cell(
        with_cell(SOUND, *place, parse_cell("2n/R2n")),
        Track.YOUTH,
        Partner.WOC,
        Category.D05,
        parse_cell("X/R2"),
    )
    assert [each.guardrail for each in prove_change(Table(SOUND), two, place)] == ["G1"]
    no_basis = replace(
        SOUND,
        legal_bases=MappingProxyType({**SOUND.legal_bases, Track.MONEY_MULE: MappingProxyType({})}),
    )
    assert {each.guardrail for each in prove_change(Table(SOUND), no_basis, place)} == {"R-05"}


def test_a_table_without_the_prohibitions_is_found_out() -> None:
    """What a compiler would let through that left the law out, flow by flow."""
    found = prove_table(Table(SOUND, LAWLESS), current())
    flows = {
        (each.guardrail, each.exposure.provider, each.exposure.consumer, each.category)
        for each in found
        if each.exposure is not None
    }
    assert flows == {
        ("G2", Partner.POL, Partner.GPR, Category.SIGNAL),
        ("G3", Partner.GGZ, Partner.GPR, Category.SIGNAL),
        ("P1", Partner.POL, Partner.SCH, Category.D01),
        ("P1", Partner.POL, Partner.WOC, Category.D01),
        ("P2", Partner.POL, Partner.GPR, Category.D05),
        ("P2", Partner.POL, Partner.GPR, Category.G03),
        ("P2", Partner.DJI, Partner.DJI, Category.D06),
    }
    assert {each.exposure.under_12 for each in found if each.exposure} == {True, False}
    assert {each.proposal for each in found} == {None}


def exposed(found: list[Violation]) -> Exposure:
    (violation,) = found
    assert violation.exposure is not None
    return violation.exposure


def test_a_violation_names_who_would_get_what() -> None:
    read = with_cell(SOUND, Track.YOUTH, Partner.GPR, Category.D07, parse_cell("X/R2"))
    assert exposed(prove(read)) == Exposure(
        Partner.GGZ,
        Partner.GPR,
        Category.D07,
        Stage.FULL,
        PolicyAction.CONSULT,
        (Condition.SECRECY_RELEASE,),
    )
    given_away = with_cell(SOUND, Track.YOUTH, Partner.POL, Category.D01, parse_cell("1/R1"))
    assert exposed(prove(given_away)) == Exposure(
        Partner.POL, Partner.GPR, Category.D01, Stage.FIRST, PolicyAction.CONSULT
    )


def test_who_is_cut_by_law_anyway_is_named_when_there_is_nobody_else() -> None:
    read = with_cell(SOUND, Track.YOUTH, Partner.WOC, Category.D05, parse_cell("X/R2"))
    exposure = exposed(prove(read))
    assert (exposure.provider, exposure.consumer) == (Partner.POL, Partner.WOC)


def test_a_side_that_meets_nobody_yet_names_one_partner() -> None:
    brings = with_cell(SOUND, Track.YOUTH, Partner.SCH, Category.D08, parse_cell("2n/X"))
    found = prove(brings)
    assert {each.exposure for each in found} == {
        Exposure(
            Partner.SCH,
            None,
            Category.D08,
            Stage.FULL,
            PolicyAction.PROVIDE,
            (Condition.WEIGHING_NOTE,),
        )
    }
    reads = with_cell(SOUND, Track.MONEY_MULE, Partner.GPR, Category.G10, parse_cell("-/R1"))
    assert exposed(prove(reads)) == Exposure(
        None, Partner.GPR, Category.G10, Stage.FIRST, PolicyAction.CONSULT
    )
    own = with_cell(SOUND, Track.YOUTH, Partner.WOC, Category.D05, parse_cell("X/o"))
    exposure = exposed(prove(own))
    assert (exposure.provider, exposure.consumer) == (Partner.WOC, Partner.WOC)
    house = with_cell(SOUND, Track.YOUTH, Partner.SCH, Category.D16, parse_cell("2/handover"))
    assert exposed(prove(house)).provider is None


@settings(max_examples=40)
@given(agreements)
def test_a_counterexample_is_what_the_cells_would_really_open(document: AgreementDocument) -> None:
    """Without any limit, the agreement gives exactly what a violation says it would."""
    table = Table(document, LAWLESS)
    for violation in prove_text(document):
        exposure = violation.exposure
        if exposure is None or exposure.provider is None or exposure.consumer is None:
            continue
        if exposure.provider is exposure.consumer:
            continue
        track = Track(violation.track)
        here = Situation(
            track=track,
            phase=PHASES[exposure.stage],
            purpose=document.purposes(track)[0],
            consumer=exposure.consumer,
            in_force=True,
            participant=True,
            parties=POSSIBLE_PARTIES,
            age=15,
        )
        asked = (exposure.provider, exposure.category, exposure.action)
        met = frozenset(exposure.asks)
        assert decide(table, here, *asked, met).is_allowed
        assert not exposure.asks or not decide(table, here, *asked).is_allowed


@settings(max_examples=10)
@given(st.sampled_from(CELLS))
def test_what_a_table_breaks_its_text_has_told(cell: Cell) -> None:
    document = SOUND
    for partner in (Partner.POL, Partner.GGZ, Partner.WOC, Partner.GPR, Partner.DJI):
        for category in (Category.D02, Category.D05, Category.D06, Category.D07, Category.D16):
            document = with_cell(document, Track.YOUTH, partner, category, cell)
    text = {(each.guardrail, each.category) for each in prove_text(document)}
    compiled = {(each.guardrail, each.category) for each in prove_table(Table(document))}
    assert compiled <= text
    assert prove(document, Table(document)) == prove_text(document)
