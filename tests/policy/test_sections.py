"""Sections come from the agreement alone; readers and rights are what it says."""

from dataclasses import replace
from pathlib import Path

import pytest

from pga.policy.codes import (
    CATEGORIES,
    Block,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Stage,
    Track,
)
from pga.policy.compile import Table, compile_document
from pga.policy.decide import Situation
from pga.policy.document import parse
from pga.policy.explain import explain_section
from pga.policy.laws import Obligation
from pga.policy.rights import (
    ReaderState,
    RightState,
    contribution,
    readers,
    rights_of,
    who_may,
)
from pga.policy.sections import Section, SectionState, sections
from tests.policy.conftest import MakeSituation

SOUND = (Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8")
WEIGHED, NAMED = Condition.WEIGHING_NOTE, Condition.NAMED_RECIPIENT
RELEASED, DECIDED = Condition.SECRECY_RELEASE, Condition.DISCLOSURE_DECISION


@pytest.fixture(scope="module")
def sound() -> Table:
    return compile_document(parse(SOUND))


def section(table: Table, here: Situation, category: Category) -> Section:
    return next(each for each in sections(table, here) if each.category is category)


def test_every_category_has_its_section_in_order(youth: Table, situation: MakeSituation) -> None:
    found = sections(youth, situation(Partner.GPR))
    assert tuple(each.category for each in found) == CATEGORIES[Track.YOUTH]


def test_what_others_bring_without_conditions_is_open(
    youth: Table, situation: MakeSituation
) -> None:
    plan = section(youth, situation(Partner.GCR), Category.D15)
    assert (plan.state, plan.always, plan.sometimes) == (SectionState.OPEN, (), ())


def test_what_is_open_may_still_ask_something_for_a_part(
    youth: Table, situation: MakeSituation
) -> None:
    identity = section(youth, situation(Partner.GPR), Category.D01)
    assert identity.state is SectionState.OPEN
    assert set(identity.sometimes) == {WEIGHED, RELEASED, DECIDED}


def test_a_condition_that_always_holds_closes_a_section_until_it_is_met(
    youth: Table, situation: MakeSituation
) -> None:
    health = section(youth, situation(Partner.GCR), Category.D07)
    assert (health.state, health.always) == (SectionState.CONDITIONAL, (RELEASED,))
    police = section(youth, situation(Partner.GCR), Category.D05)
    assert set(police.always) == {NAMED, DECIDED}


def test_a_section_tells_when_it_opens(youth: Table, situation: MakeSituation) -> None:
    at_triage = section(youth, situation(Partner.GCR, phase=Phase.F1), Category.D07)
    assert (at_triage.state, at_triage.opens) == (SectionState.LATER, Phase.F2)
    at_signal = section(youth, situation(Partner.GCR, phase=Phase.F0), Category.D01)
    assert (at_signal.state, at_signal.opens) == (SectionState.LATER, Phase.F1)
    assert explain_section(at_signal)[0].id == "Closed for now. It opens at triage."


def test_in_the_signal_phase_the_signal_comes_first(youth: Table, situation: MakeSituation) -> None:
    lead = sections(youth, situation(Partner.GPR, phase=Phase.F0))[0]
    school = sections(youth, situation(Partner.SCH, phase=Phase.F0))[0]
    assert (lead.category, lead.state) == (Category.SIGNAL, SectionState.OPEN)
    assert (school.category, school.state) == (Category.SIGNAL, SectionState.NEVER)


def test_what_stays_closed_is_never_or_only_the_own(youth: Table, situation: MakeSituation) -> None:
    here = situation(Partner.WOC)
    assert section(youth, here, Category.D05).state is SectionState.NEVER
    assert section(youth, here, Category.D11).state is SectionState.OWN
    assert section(youth, situation(Partner.SCH), Category.D04).state is SectionState.OWN


def test_what_police_bring_to_youth_work_is_partly_cut_by_law(
    youth: Table, situation: MakeSituation
) -> None:
    risks = section(youth, situation(Partner.JWK), Category.D14)
    assert risks.state is SectionState.CONDITIONAL
    assert risks.is_partly_cut
    assert "Cut by law" in "".join(message.id for message in explain_section(risks))


def test_criminal_data_of_a_young_child_is_cut_by_law(
    youth: Table, situation: MakeSituation
) -> None:
    for age in (11, None):
        cut = section(youth, situation(Partner.GPR, age=age), Category.D05)
        assert cut.state is SectionState.CUT_BY_LAW
        assert not cut.is_partly_cut
        assert explain_section(cut)[-1].id == "legally to be checked"
    never = section(youth, situation(Partner.WOC, age=11), Category.D05)
    assert never.state is SectionState.NEVER


def test_after_the_case_is_closed_nothing_opens_any_more(
    youth: Table, situation: MakeSituation
) -> None:
    found = sections(youth, situation(Partner.GCR, phase=Phase.F5, age=11))
    assert {each.state for each in found} <= {SectionState.NEVER, SectionState.OWN}


@pytest.mark.parametrize(
    "facts",
    [
        {"in_force": False},
        {"parties": frozenset({Partner.GPR})},
        {"participant": False},
        {"blocks": frozenset({Block.RESTRICTED})},
    ],
)
def test_what_stands_before_every_cell_blocks_every_section(
    youth: Table, situation: MakeSituation, facts: dict[str, object]
) -> None:
    found = sections(youth, situation(Partner.GCR, **facts))
    assert {each.state for each in found} == {SectionState.BLOCKED}
    assert all(each.explanation for each in found)


def test_sections_are_the_same_whoever_else_takes_part_or_has_signed(
    tables: dict[Track, Table], situation: MakeSituation
) -> None:
    for track, table in tables.items():
        for consumer in Partner:
            alone = situation(consumer, track=track, parties=frozenset({consumer}))
            together = situation(consumer, track=track, parties=frozenset(Partner))
            assert sections(table, alone) == sections(table, together)


def test_no_section_names_a_provider(tables: dict[Track, Table], situation: MakeSituation) -> None:
    for track, table in tables.items():
        for consumer in Partner:
            for phase in Phase:
                for each in sections(table, situation(consumer, track=track, phase=phase)):
                    values = [value for said in each.explanation for _, value in said.values]
                    assert values == ([each.clause] if each.clause else [])
                    assert not each.clause or f".{consumer}." in each.clause


def test_a_closed_section_says_who_can_help_and_ends_with_what_is_unproven(
    youth: Table, situation: MakeSituation
) -> None:
    said = [m.id for m in explain_section(section(youth, situation(Partner.SCH), Category.D07))]
    assert said == [
        "The agreement keeps this closed for your organisation.",
        "This stands in clause %(clause)s.",
        "The case manager can help you further.",
        "legally to be checked",
    ]


def test_a_section_under_a_confirmed_clause_ends_without_doubt(
    sound: Table, situation: MakeSituation
) -> None:
    said = explain_section(section(sound, situation(Partner.SCH), Category.D16))
    assert said[-1].id == "The case manager can help you further."
    none = section(sound, situation(Partner.GGZ), Category.D05)
    assert (none.clause, none.state) == ("", SectionState.NEVER)


def test_readers_are_told_before_anything_is_saved(youth: Table, situation: MakeSituation) -> None:
    found = {
        reader.partner: reader
        for reader in readers(
            youth,
            situation(Partner.POL, phase=Phase.F1),
            Partner.POL,
            Category.D14,
            {Partner.GPR: frozenset({WEIGHED, DECIDED}), Partner.OM: 0},
        )
    }
    assert set(found) == set(youth.document.matrix[Track.YOUTH])
    assert found[Partner.GPR].state is ReaderState.ALLOWED
    assert found[Partner.GPR].provide.is_allowed
    assert found[Partner.GCR].state is ReaderState.CONDITIONAL
    assert (found[Partner.OM].state, found[Partner.OM].opens) == (ReaderState.LATER, Phase.F2)
    assert found[Partner.JWK].state is ReaderState.CUT_BY_LAW
    assert found[Partner.BUR].state is ReaderState.NEVER


def test_readers_of_a_track_the_agreement_does_not_cover_are_none(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.POL, track=Track.MONEY_MULE)
    assert readers(youth, here, Partner.POL, Category.G01) == ()


def test_nobody_reads_while_no_agreement_is_in_force(
    youth: Table, situation: MakeSituation
) -> None:
    here = replace(situation(Partner.GCR), in_force=False)
    found = readers(youth, here, Partner.GCR, Category.D15)
    assert {reader.consult.code for reader in found} == {Code.NOT_IN_FORCE}
    assert {reader.state for reader in found} == {ReaderState.NEVER}


def test_the_grounds_of_a_contribution_are_derived(youth: Table) -> None:
    found = contribution(youth, Track.YOUTH, Purpose.HELP, Partner.GGZ, Category.D07)
    assert found.legal_basis == "AVG_6_1_e | AVG_6_1_f"
    assert found.exception == "UAVG_30_3 | UAVG_22_2_a"
    assert found.secrecy == "secrecy_release"
    assert (found.conditions, found.opens) == ((RELEASED,), Phase.F2)
    assert found.clause is not None
    assert Obligation.ADVICE_FOR_APPROACH in found.obligations
    mayor = contribution(youth, Track.YOUTH, Purpose.HELP, Partner.BUR, Category.D15)
    assert (mayor.legal_basis, mayor.opens) == ("", None)


def test_a_contribution_without_a_clause_has_no_grounds(sound: Table) -> None:
    found = contribution(sound, Track.YOUTH, Purpose.HELP, Partner.REC, Category.D01)
    assert (found.clause, found.legal_basis, found.exception, found.secrecy) == (None, "", "", "")


def test_an_organisation_sees_what_it_may_bring_and_see(youth: Table) -> None:
    rights = {right.category: right for right in rights_of(youth, Track.YOUTH, Partner.HLT)}
    assert rights[Category.D01].bring.state is RightState.YES
    assert rights[Category.D01].bring.opens is Phase.F1
    assert rights[Category.D06].see.state is RightState.OWN
    assert rights[Category.D09].bring.state is RightState.HIT_ONLY
    assert rights[Category.D08].bring.conditions == (RELEASED,)
    assert rights[Category.D08].see.state is RightState.CONDITIONAL
    assert rights[Category.D02].see.state is RightState.NO
    assert rights[Category.D07].clause is not None


def test_between_whom_a_category_may_go_is_listed(youth: Table) -> None:
    found = who_may(youth, Track.YOUTH, Stage.FULL, Category.D05, PolicyAction.CONSULT)
    assert {each.provider for each in found} == {Partner.POL}
    assert Partner.WOC not in {each.consumer for each in found}
    assert all(DECIDED in each.conditions for each in found)
    assert found[0].rule == f"POL>{found[0].consumer}:D05:consult"
    assert who_may(youth, Track.YOUTH, Stage.FULL, Category.G01, PolicyAction.CONSULT) == ()
    assert who_may(youth, Track.MONEY_MULE, Stage.FULL, Category.G01, PolicyAction.CONSULT) == ()
