"""The order of checks, what is unknown, and that a decision carries its grounds."""

import pytest

from pga.policy.codes import (
    EVERY_MET,
    Block,
    Category,
    Code,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
    conditions_in,
    mask_of,
    stage_of,
)
from pga.policy.compile import Table
from pga.policy.decide import decide, decide_screen
from pga.policy.decision import as_data
from pga.policy.laws import Obligation
from tests.policy.conftest import MakeSituation

PROVIDE, CONSULT = PolicyAction.PROVIDE, PolicyAction.CONSULT
EVERYTHING = frozenset(Condition)


def test_the_checks_stand_in_the_order_of_the_law(youth: Table, situation: MakeSituation) -> None:
    facts: dict[str, object] = {
        "in_force": False,
        "parties": frozenset(),
        "participant": False,
        "blocks": frozenset({Block.RESTRICTED}),
        "age": 11,
        "purpose": "SOMETHING",
    }
    repairs: list[tuple[Code, str, dict[str, object]]] = [
        (Code.NOT_IN_FORCE, "R-01", {"in_force": True}),
        (Code.NOT_A_PARTY, "R-01", {"parties": frozenset(Partner)}),
        (Code.NOT_A_PARTICIPANT, "R-04", {"participant": True}),
        (Code.FORBIDDEN, "R-33", {"blocks": frozenset()}),
        (Code.FORBIDDEN, "P2", {"age": 12}),
        (Code.NO_RULE, "R-02", {"purpose": Purpose.ORDER}),
        (Code.CONDITION_UNMET, "POL>GPR:D05:consult", {}),
    ]
    for code, rule, repair in repairs:
        found = decide(youth, situation(Partner.GPR, **facts), Partner.POL, Category.D05, CONSULT)
        assert (found.code, found.rule) == (code, rule)
        facts.update(repair)


@pytest.mark.parametrize("missing", [Partner.POL, Partner.GPR])
def test_both_organisations_must_have_signed(
    youth: Table, situation: MakeSituation, missing: Partner
) -> None:
    here = situation(Partner.GPR, parties=frozenset(Partner) - {missing})
    found = decide(youth, here, Partner.POL, Category.D15, CONSULT, EVERYTHING)
    assert found.code is Code.NOT_A_PARTY


def test_an_organisation_that_has_not_signed_gets_nothing_through_one_of_its_kind(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GCR)
    signed, unsigned = decide_screen(
        youth,
        here,
        [(Partner.GPR, Category.D15, 0, True), (Partner.GPR, Category.D15, 0, False)],
    )
    assert signed.is_allowed
    assert unsigned.code is Code.NOT_A_PARTY


@pytest.mark.parametrize(
    ("block", "rule", "closes_reading"),
    [
        (Block.RADICALISATION, "R-06", True),
        (Block.RESTRICTED, "R-33", True),
        (Block.REVIEW_OVERDUE, "R-34", False),
        (Block.INFORMING_OVERDUE, "R-30", False),
    ],
)
def test_a_block_forbids_what_its_rule_says(
    youth: Table, situation: MakeSituation, block: Block, rule: str, *, closes_reading: bool
) -> None:
    here = situation(Partner.GCR, blocks=frozenset({block}))
    provide = decide(youth, here, Partner.GPR, Category.D15, PROVIDE, EVERYTHING)
    consult = decide(youth, here, Partner.GPR, Category.D15, CONSULT, EVERYTHING)
    (listed,) = decide_screen(youth, here, [(Partner.GPR, Category.D15, EVERYTHING)])
    assert (provide.code, provide.rule) == (Code.FORBIDDEN, rule)
    assert consult.is_allowed != closes_reading
    assert listed is consult


def test_a_purpose_outside_the_agreement_opens_nothing(
    youth: Table, situation: MakeSituation
) -> None:
    for purpose in ("INVESTIGATION", Purpose.PREVENTION, ""):
        here = situation(Partner.GCR, purpose=purpose)
        found = decide(youth, here, Partner.GPR, Category.D15, CONSULT, EVERYTHING)
        assert (found.code, found.rule) == (Code.NO_RULE, "R-02")


def test_the_purpose_picks_the_basis_of_the_municipality(
    youth: Table, situation: MakeSituation
) -> None:
    found = {
        purpose: decide(
            youth, situation(Partner.GCR, purpose=purpose), Partner.GPR, Category.D15, CONSULT
        ).legal_basis.provider
        for purpose in (Purpose.HELP, Purpose.ORDER)
    }
    assert found == {
        Purpose.HELP: "AVG_6_1_e + JEUGDWET_2_1_TO_2_6 + WMO_2_1_1",
        Purpose.ORDER: "AVG_6_1_e + GEMEENTEWET_172",
    }


def test_plan_and_actions_of_the_police_are_no_police_data(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR)
    plan = decide(youth, here, Partner.POL, Category.D16, CONSULT)
    record = decide(youth, here, Partner.POL, Category.D05, CONSULT, EVERYTHING)
    assert plan.is_allowed
    assert plan.legal_basis.provider == "AVG_6_1_e + POLITIEWET_3"
    assert record.legal_basis.provider == "WPG_20 | WPG_19 | WPG_18"
    assert record.exception_9_10.recipient == "UAVG_33_1_a"
    assert record.secrecy == "disclosure_decision"
    assert Obligation.NO_ONWARD in record.obligations


def test_a_reader_is_told_what_binds_a_reader_and_a_writer_how_to_write(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR)
    writes = decide(youth, here, Partner.GGZ, Category.D15, PROVIDE)
    reads = decide(youth, here, Partner.GGZ, Category.D15, CONSULT)
    assert Obligation.NEUTRAL_WORDING in writes.obligations
    assert Obligation.NEUTRAL_WORDING not in reads.obligations
    assert Obligation.NOT_FOR_INVESTIGATION in reads.obligations


def test_an_answer_of_known_or_not_known_says_that_it_is_no_more(
    youth: Table, situation: MakeSituation
) -> None:
    found = decide(youth, situation(Partner.GPR), Partner.HLT, Category.D09, CONSULT)
    assert found.is_allowed
    assert Obligation.HIT_NO_HIT_ONLY in found.obligations


def test_a_decision_is_made_once_and_shared(youth: Table, situation: MakeSituation) -> None:
    here = situation(Partner.GCR)
    asked = (Partner.GGZ, Category.D07, CONSULT)
    release = frozenset({Condition.SECRECY_RELEASE})
    by_set = decide(youth, here, *asked, release)
    assert decide(youth, here, *asked, mask_of(release)) is by_set
    assert decide(youth, here, *asked, EVERYTHING) is by_set


def test_what_is_no_condition_opens_nothing_and_is_not_kept(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GCR)
    junk: frozenset[Condition] = frozenset({"because I say so"})  # type: ignore[arg-type]
    asked = (Partner.GGZ, Category.D10, CONSULT)
    assert decide(youth, here, *asked, junk).code is Code.CONDITION_UNMET
    assert decide(youth, here, *asked, 1 << 40).code is Code.CONDITION_UNMET
    answers = youth.rooms[here.standpoint][asked]
    assert junk not in answers
    assert set(answers) <= EVERY_MET


def test_a_code_of_another_kind_has_no_rule(youth: Table, situation: MakeSituation) -> None:
    here = situation(Partner.GCR)
    for category in (Category.G01, Category.LOG):
        assert decide(youth, here, Partner.GPR, category, CONSULT).code is Code.NO_RULE
    (listed,) = decide_screen(youth, here, [(Partner.GPR, Category.G01, 0)])
    assert listed.code is Code.NO_RULE


def test_a_phase_that_is_none_counts_as_closed() -> None:
    unknown: Phase = "F9"  # type: ignore[assignment]
    assert stage_of(Track.YOUTH, unknown, aftercare=None) == "closed"


def test_a_decision_has_the_keys_of_the_command_line(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GCR)
    denied = as_data(decide(youth, here, Partner.GGZ, Category.D07, CONSULT))
    assert denied == {
        "decision": "denied",
        "code": "condition_unmet",
        "rule": "GGZ>GCR:D07:consult",
        "clause": "jeugd.GGZ.gezondheid",
        "legal_basis": ("AVG_6_1_e | AVG_6_1_f -> AVG_6_1_e + JEUGDWET_2_1_TO_2_6 + WMO_2_1_1"),
        "exception_9_10": "UAVG_30_3 | UAVG_22_2_a -> UAVG_30_3 | UAVG_22_2_a",
        "secrecy": "secrecy_release",
        "missing": ["secrecy_release"],
        "obligations": ["no_onward", "not_for_benefits_sanctions", "not_for_investigation"],
    }
    closed = as_data(decide(youth, here, Partner.GGZ, Category.D05, CONSULT))
    assert (closed["legal_basis"], closed["exception_9_10"], closed["secrecy"]) == (None,) * 3


def test_conditions_and_masks_are_two_ways_to_say_the_same() -> None:
    for condition in Condition:
        assert conditions_in(mask_of([condition])) == (condition,)
    assert conditions_in(0) == ()
