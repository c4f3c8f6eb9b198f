"""The rules of the approach that policy decides, each named as the rule it proves."""

from dataclasses import fields, replace
from itertools import product
from pathlib import Path

import pytest

from pga.agreements import library
from pga.policy.cells import parse_cell
from pga.policy.codes import (
    ALL_MET,
    CATEGORIES,
    CRIMINAL,
    PLAN_AND_ACTIONS,
    POSSIBLE_PARTIES,
    Block,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Track,
)
from pga.policy.compile import Table, compile_document
from pga.policy.decide import (
    Situation,
    decide,
    decide_screen,
    demand,
    oversee,
    owner_decision,
)
from pga.policy.derive import CellDeviation, LocalTerms, derive
from pga.policy.document import AgreementDocument, parse
from pga.policy.guardrails import GuardrailError, prove
from tests.policy.conftest import MakeSituation

PROVIDE, CONSULT = PolicyAction.PROVIDE, PolicyAction.CONSULT
EVERYTHING = frozenset(Condition)


def with_cell(
    document: AgreementDocument, partner: Partner, code: Category, cell: str
) -> AgreementDocument:
    """Put another cell in a document, whatever the limits say."""
    track = Track.YOUTH if code in CATEGORIES[Track.YOUTH] else Track.MONEY_MULE
    rows = dict(document.matrix[track])
    rows[partner] = {**rows.get(partner, {}), code: parse_cell(cell)}
    return replace(document, matrix={**document.matrix, track: rows})


def test_a_housing_corporation_never_sees_police_records(
    youth: Table, situation: MakeSituation
) -> None:
    for phase, provider in product(Phase, Partner):
        here = situation(Partner.WOC, phase=phase)
        assert not decide(youth, here, provider, Category.D05, CONSULT, EVERYTHING).is_allowed


def test_a_file_that_lets_a_housing_corporation_see_police_records_is_refused_by_g1() -> None:
    document = with_cell(library.model(Track.YOUTH), Partner.WOC, Category.D05, "X/R2n")
    assert "G1" in {each.guardrail for each in prove(document)}
    with pytest.raises(GuardrailError, match="G1"):
        compile_document(document)


def test_mental_health_care_provides_no_health_content_without_a_release(
    youth: Table, situation: MakeSituation
) -> None:
    for consumer in (Partner.GCR, Partner.GI, Partner.JHA):
        here = situation(consumer)
        for action in (PROVIDE, CONSULT):
            met = EVERYTHING - {Condition.SECRECY_RELEASE}
            refused = decide(youth, here, Partner.GGZ, Category.D07, action, met)
            assert refused.code is Code.CONDITION_UNMET
            assert refused.missing == (Condition.SECRECY_RELEASE,)
            assert decide(youth, here, Partner.GGZ, Category.D07, action, EVERYTHING).is_allowed


def test_an_agreement_that_is_not_in_force_refuses_every_exchange(
    youth: Table, situation: MakeSituation
) -> None:
    for phase, consumer, action in product(Phase, Partner, (PROVIDE, CONSULT)):
        here = situation(consumer, phase=phase, in_force=False)
        cells = [(p, c, EVERYTHING) for p in Partner for c in CATEGORIES[Track.YOUTH]]
        codes = {each.code for each in decide_screen(youth, here, cells, action)}
        assert codes == {Code.NOT_IN_FORCE}


def test_a_track_the_agreement_does_not_cover_has_no_agreement_in_force(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR, track=Track.MONEY_MULE)
    refused = decide(youth, here, Partner.GCR, Category.G01, CONSULT, EVERYTHING)
    assert (refused.code, refused.rule) == (Code.NOT_IN_FORCE, "R-01")
    (listed,) = decide_screen(youth, here, [(Partner.GCR, Category.G01, 0)])
    assert listed is refused


def test_owners_keep_their_own_items_after_the_agreement_ends() -> None:
    own = owner_decision()
    assert own.is_allowed
    assert (own.rule, own.missing, own.conditions) == ("OWNER", (), ())


def test_police_provide_nothing_without_a_disclosure_decision_not_even_a_name(
    tables: dict[Track, Table], situation: MakeSituation
) -> None:
    lacking = EVERYTHING - {Condition.DISCLOSURE_DECISION}
    for track, table in tables.items():
        for consumer, action in product(POSSIBLE_PARTIES, (PROVIDE, CONSULT)):
            here = situation(consumer, track=track)
            for provider, code in product((Partner.POL, Partner.OM), CATEGORIES[track]):
                if code not in PLAN_AND_ACTIONS:
                    assert not decide(table, here, provider, code, action, lacking).is_allowed
    named = decide(
        tables[Track.YOUTH], situation(Partner.GPR), Partner.POL, Category.D01, PROVIDE, lacking
    )
    assert named.missing == (Condition.DISCLOSURE_DECISION,)


def test_a_closed_case_is_invisible_to_partners(youth: Table, situation: MakeSituation) -> None:
    for consumer in POSSIBLE_PARTIES:
        here = situation(consumer, phase=Phase.F5)
        cells = [(p, c, EVERYTHING) for p in Partner for c in CATEGORIES[Track.YOUTH]]
        assert not any(each.is_allowed for each in decide_screen(youth, here, cells))


def test_the_citizen_number_is_hidden_for_all_but_four(
    youth: Table, situation: MakeSituation
) -> None:
    readers = {
        consumer
        for consumer, provider, phase in product(Partner, Partner, Phase)
        if decide(
            youth, situation(consumer, phase=phase), provider, Category.D02, CONSULT, EVERYTHING
        ).is_allowed
    }
    assert readers == {Partner.GPR, Partner.GCR, Partner.GI, Partner.RVK}


@pytest.mark.parametrize("age", [None, 0, 11])
def test_an_age_under_12_or_unknown_blocks_criminal_data(
    tables: dict[Track, Table], situation: MakeSituation, age: int | None
) -> None:
    for track, table in tables.items():
        for consumer, provider, action in product(Partner, Partner, (PROVIDE, CONSULT)):
            here = situation(consumer, track=track, age=age, parties=frozenset(Partner))
            for code in CRIMINAL.intersection(CATEGORIES[track]):
                cut = decide(table, here, provider, code, action, EVERYTHING)
                assert (cut.code, cut.cut_by_law) == (Code.FORBIDDEN, True)


def test_the_radicalisation_theme_is_refused(youth: Table, situation: MakeSituation) -> None:
    here = situation(Partner.GPR, phase=Phase.F0, blocks=frozenset({Block.RADICALISATION}))
    refused = decide(youth, here, Partner.SCH, Category.SIGNAL, PROVIDE, EVERYTHING)
    assert (refused.code, refused.rule) == (Code.FORBIDDEN, "R-06")


@pytest.mark.parametrize("consumer", [Partner.WOC, Partner.SCH, Partner.JWK])
@pytest.mark.parametrize("provider", [Partner.POL, Partner.OM])
def test_police_and_prosecution_reach_private_partners_with_plan_and_actions_only(
    tables: dict[Track, Table], situation: MakeSituation, provider: Partner, consumer: Partner
) -> None:
    for track, table in tables.items():
        here = situation(consumer, track=track)
        for code, action in product(CATEGORIES[track], (PROVIDE, CONSULT)):
            found = decide(table, here, provider, code, action, EVERYTHING)
            assert found.cut_by_law == (code not in PLAN_AND_ACTIONS)
            if found.cut_by_law:
                assert (found.code, found.rule) == (Code.FORBIDDEN, "P1")
                assert found.explanation[0].id.startswith("Cut by law")


@pytest.mark.parametrize(
    "file", [*library.MODELS.values(), *library.local_files()], ids=lambda file: file.stem
)
def test_guardrails_and_pair_limits_hold_over_every_cell_of_every_agreement(file: Path) -> None:
    document = parse(file.read_text("utf-8"))
    assert prove(document, compile_document(document)) == []


def test_a_housing_corporation_shares_its_money_item_with_nobody_and_nobody_reads_it(
    youth: Table, situation: MakeSituation
) -> None:
    for consumer in POSSIBLE_PARTIES - {Partner.WOC}:
        here = situation(consumer)
        opened = decide(youth, here, Partner.WOC, Category.D11, CONSULT, EVERYTHING).is_allowed
        reads = youth.document.cell(Track.YOUTH, consumer, Category.D11).consult.is_open
        assert opened == reads
    other = situation(Partner.WOC)
    assert not decide(youth, other, Partner.WOC, Category.D11, CONSULT, EVERYTHING).is_allowed
    assert owner_decision().is_allowed


def test_when_a_weighing_note_has_ended_both_providing_and_consulting_stop(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR)
    lacking = EVERYTHING - {Condition.WEIGHING_NOTE}
    for action in (PROVIDE, CONSULT):
        stopped = decide(youth, here, Partner.GCR, Category.D13, action, lacking)
        assert stopped.missing == (Condition.WEIGHING_NOTE,)
        assert decide(youth, here, Partner.GCR, Category.D13, action, EVERYTHING).is_allowed


def test_in_the_signal_phase_only_the_process_lead_gets_the_signal_and_nothing_else_is_read(
    youth: Table, situation: MakeSituation
) -> None:
    opened = {
        (consumer, provider, code)
        for consumer, provider in product(POSSIBLE_PARTIES, POSSIBLE_PARTIES)
        for code in (*CATEGORIES[Track.YOUTH], Category.SIGNAL)
        if decide(
            youth, situation(consumer, phase=Phase.F0), provider, code, CONSULT, EVERYTHING
        ).is_allowed
    }
    assert {(consumer, code) for consumer, _, code in opened} == {(Partner.GPR, Category.SIGNAL)}
    assert {Partner.SCH, Partner.POL, Partner.GGZ} <= {provider for _, provider, _ in opened}


def test_a_police_signal_without_a_decision_and_a_care_signal_without_a_release_are_refused(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR, phase=Phase.F0)
    police = decide(youth, here, Partner.POL, Category.SIGNAL, PROVIDE)
    care = decide(youth, here, Partner.MEE, Category.SIGNAL, PROVIDE)
    school = decide(youth, here, Partner.SCH, Category.SIGNAL, PROVIDE)
    assert police.missing == (Condition.DISCLOSURE_DECISION,)
    assert care.missing == (Condition.SECRECY_RELEASE,)
    assert school.is_allowed
    assert (police.rule, police.clause) == ("INTAKE:POL>GPR", "jeugd.POL.signaal")


def test_after_the_signal_phase_the_signal_is_the_submitters_own_item(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR, phase=Phase.F1)
    assert decide(youth, here, Partner.SCH, Category.SIGNAL, CONSULT).code is Code.NO_RULE


def test_in_aftercare_the_named_partner_reads_identity_plan_and_actions_and_no_more(
    youth: Table, situation: MakeSituation
) -> None:
    named = EVERYTHING
    others = EVERYTHING - {Condition.AFTERCARE_PARTNER}
    here = situation(Partner.JHA, phase=Phase.F4, aftercare=True)
    for provider in POSSIBLE_PARTIES:
        opened = {
            code
            for code in CATEGORIES[Track.YOUTH]
            if decide(youth, here, provider, code, CONSULT, named).is_allowed
        }
        assert opened <= {Category.D01, Category.D15, Category.D16}
        assert not any(
            decide(youth, here, provider, code, CONSULT, others).is_allowed
            for code in CATEGORIES[Track.YOUTH]
        )
    lead = situation(Partner.GCR, phase=Phase.F4, aftercare=True)
    assert decide(youth, lead, Partner.POL, Category.D05, CONSULT, others).is_allowed


def test_where_only_the_phase_is_known_the_narrower_state_counts(
    tables: dict[Track, Table], situation: MakeSituation
) -> None:
    unknown = situation(Partner.JHA, phase=Phase.F4)
    scaled_down = situation(Partner.JHA, phase=Phase.F4, aftercare=False)
    asked = (Partner.GCR, Category.D14, CONSULT, EVERYTHING)
    assert not decide(tables[Track.YOUTH], unknown, *asked).is_allowed
    assert decide(tables[Track.YOUTH], scaled_down, *asked).is_allowed
    mule = situation(Partner.GI, phase=Phase.F4, track=Track.MONEY_MULE)
    asked = (Partner.GCR, Category.G12, CONSULT, EVERYTHING)
    assert decide(tables[Track.MONEY_MULE], mule, *asked).is_allowed


def test_the_money_mule_track_has_no_aftercare(money_mule: Table, situation: MakeSituation) -> None:
    here = situation(Partner.GI, phase=Phase.F4, aftercare=True, track=Track.MONEY_MULE)
    assert not any(
        decide(money_mule, here, provider, code, action, EVERYTHING).is_allowed
        for provider, code, action in product(
            Partner, CATEGORIES[Track.MONEY_MULE], (PROVIDE, CONSULT)
        )
    )


def test_oversight_sees_the_log_case_numbers_and_identity_never_content() -> None:
    for track in Track:
        seen = {code for code in Category if oversee(track, code, is_officer=True).is_allowed}
        identity = Category.D01 if track is Track.YOUTH else Category.G01
        assert seen == {Category.LOG, Category.CASE_NUMBER, identity}
        assert not any(oversee(track, code, is_officer=False).is_allowed for code in Category)


def test_oversight_is_no_exchange_between_partners(youth: Table, situation: MakeSituation) -> None:
    asked = (Partner.GCR, Category.D01, PolicyAction.OVERSEE, EVERYTHING)
    assert decide(youth, situation(Partner.GPR), *asked).code is Code.NO_RULE


def test_an_action_may_ask_for_a_step_up_and_that_only_closes(
    youth: Table, situation: MakeSituation
) -> None:
    asked = ALL_MET & ~(ALL_MET >> 1)
    allowed = decide(youth, situation(Partner.GCR), Partner.GPR, Category.D15, CONSULT)
    denied = decide(youth, situation(Partner.WOC), Partner.GPR, Category.D05, CONSULT)
    closed = demand(allowed, asked, 0)
    assert (closed.code, closed.missing) == (Code.CONDITION_UNMET, (Condition.STEP_UP,))
    assert closed.explanation[-1].id == "legally to be checked"
    assert demand(allowed, asked, asked) is allowed
    assert demand(denied, asked, 0) is denied


def test_a_refusal_of_a_release_is_no_fact_a_decision_can_know(
    youth: Table, situation: MakeSituation
) -> None:
    """Refused, withdrawn, expired and never asked all come down to a condition not met (R-26)."""
    facts = {field.name for field in fields(Situation)}
    assert facts == {
        *("track", "phase", "purpose", "consumer", "in_force", "participant", "parties"),
        *("age", "aftercare", "blocks", "standpoint", "open_to"),
    }
    here = situation(Partner.GCR)
    unmet = decide(youth, here, Partner.GGZ, Category.D07, CONSULT, frozenset())
    assert decide(youth, here, Partner.GGZ, Category.D07, CONSULT) is unmet
    assert not any("refus" in str(each).lower() for each in (*Condition, *Block, *Code))


def test_a_local_agreement_may_be_stricter_and_is_proven_like_any_other() -> None:
    model = library.model(Track.YOUTH)
    terms = LocalTerms(
        name="Local",
        municipality="GM0361",
        version="1",
        valid_from=model.agreement.valid_from,
        valid_until=model.agreement.valid_until,
        evaluation=model.agreement.evaluation,
        parties=model.parties,
    )
    change = CellDeviation(Track.YOUTH, Partner.SCH, Category.D05, "X/R2", "Nee.", ("AVG 10",))
    assert [each.guardrail for each in prove(derive(model, terms, [change]))][:1] == ["G1"]
    assert prove(derive(model, terms)) == []
