"""What a permission rests on and what it obliges to, over every cell of both models."""

from collections.abc import Iterator
from itertools import product

import pytest

from pga.agreements import library
from pga.policy.codes import (
    BOUND_BY_SECRECY,
    CARE_AND_SOCIAL,
    CATEGORIES,
    PLAN_AND_ACTIONS,
    POSSIBLE_PARTIES,
    PURPOSES,
    SECURITY_SOURCES,
    Category,
    Condition,
    Partner,
    Phase,
    PolicyAction,
    Track,
)
from pga.policy.compile import Table
from pga.policy.decide import decide
from pga.policy.decision import Decision
from pga.policy.document import parse
from pga.policy.guardrails import prove
from pga.policy.laws import Obligation, is_consent
from tests.policy.conftest import MakeSituation

CONSULT = PolicyAction.CONSULT
EVERYTHING = frozenset(Condition)
Permission = tuple[Partner, Partner, Category, PolicyAction, Decision]
Permissions = list[Permission]


@pytest.fixture(scope="session")
def permissions(tables: dict[Track, Table], situation: MakeSituation) -> Permissions:
    """Every permission of both models once the case is in execution and all conditions are met."""

    def permitted() -> Iterator[Permission]:
        for track, table in tables.items():
            for purpose, consumer in product(PURPOSES[track], POSSIBLE_PARTIES):
                here = situation(consumer, track=track, purpose=purpose, phase=Phase.F3)
                for provider, category, action in product(
                    POSSIBLE_PARTIES, CATEGORIES[track], (PolicyAction.PROVIDE, CONSULT)
                ):
                    found = decide(table, here, provider, category, action, EVERYTHING)
                    if found.is_allowed:
                        yield provider, consumer, category, action, found

    return list(permitted())


def test_every_permission_states_rule_clause_and_a_basis_on_both_sides(
    permissions: Permissions,
) -> None:
    assert len(permissions) > 1000
    for *_, found in permissions:
        assert found.rule
        assert found.clause
        assert found.legal_basis.provider
        assert found.legal_basis.recipient


def test_consent_or_release_is_the_basis_of_nothing(permissions: Permissions) -> None:
    for *_, found in permissions:
        for side in found.legal_basis:
            codes = {code for part in side.split(" | ") for code in part.split(" + ")}
            assert not any(is_consent(code) for code in codes)


def test_an_agreement_with_consent_as_a_basis_is_refused() -> None:
    text = library.model_text(Track.YOUTH)
    wrong = text.replace("AVG_6_1_e + LEERPLICHTWET", "AVG_6_1_a", 1)
    assert wrong != text
    assert "R-24" in {each.guardrail for each in prove(parse(wrong))}


def test_what_police_and_prosecution_bring_may_not_be_passed_on(permissions: Permissions) -> None:
    for provider, _, category, _, found in permissions:
        if provider in SECURITY_SOURCES and category not in PLAN_AND_ACTIONS:
            assert Obligation.NO_ONWARD in found.obligations


def test_what_care_and_social_partners_bring_is_never_for_investigation(
    permissions: Permissions,
) -> None:
    for provider, *_, found in permissions:
        if provider in CARE_AND_SOCIAL:
            assert Obligation.NOT_FOR_INVESTIGATION in found.obligations


def test_a_provider_bound_by_secrecy_speaks_through_a_release_but_in_plan_and_actions(
    permissions: Permissions,
) -> None:
    for provider, _, category, _, found in permissions:
        if provider in BOUND_BY_SECRECY and category not in PLAN_AND_ACTIONS:
            assert found.secrecy == "secrecy_release"
            assert Condition.SECRECY_RELEASE in found.conditions


def test_money_of_closed_regimes_needs_a_release_beside_its_basis(
    money_mule: Table, youth: Table, situation: MakeSituation
) -> None:
    for table, provider, category in (
        (youth, Partner.GCR, Category.D11),
        (money_mule, Partner.DBT, Category.G07),
    ):
        track = next(iter(table.tracks))
        here = situation(Partner.GCR if provider is Partner.DBT else Partner.REC, track=track)
        found = decide(table, here, provider, category, CONSULT, EVERYTHING)
        assert Condition.SECRECY_RELEASE in found.conditions


def test_a_school_reports_absence_to_the_attendance_officer_who_brings_facts_only(
    youth: Table, situation: MakeSituation
) -> None:
    here = situation(Partner.GPR)
    asked = (Category.D04, PolicyAction.PROVIDE, EVERYTHING)
    school = decide(youth, here, Partner.SCH, *asked)
    officer = decide(youth, here, Partner.LPR, *asked)
    assert Obligation.TRUANCY_TO_ATTENDANCE_OFFICER in school.obligations
    assert Obligation.FACTS_ONLY in officer.obligations
