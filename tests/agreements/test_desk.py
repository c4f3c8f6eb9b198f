"""Who sees which version of an agreement, and who may change it."""

from datetime import timedelta

import pytest

from auth.rules import Role
from config import clock
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from config.ids import new_id
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.service.desk import MADE_IN_THE_OPEN, sit_down
from pga.agreements.service.starting import NewTerms, derive_from_model, new_version_of
from pga.agreements.texts import table_of_text
from pga.policy.codes import Track
from tests.agreements.drafts import (
    ADVISER,
    LAWYER,
    LEAD,
    OFFICER,
    POLICE,
    Drafted,
    Who,
    colleague,
    desk,
    drafted,
    new_terms,
    set_state,
)
from tests.factories.fixtures import Play
from tests.factories.scene import TOWN, Scene
from tests.factories.snapshots import Played


@pytest.fixture
def town(play: Play) -> Played[Drafted]:
    return play(drafted)


def sees(town: Played[Drafted], who: Who, agreement_id: bytes) -> bool:
    try:
        desk(town.scene, who, agreement_id)
    except NotFoundError:
        return False
    return True


@pytest.mark.parametrize("who", [LEAD, LAWYER, OFFICER, ADVISER])
def test_who_makes_the_agreement_sees_its_draft(town: Played[Drafted], who: Who) -> None:
    assert sees(town, who, town.made.draft)


def test_for_who_only_takes_part_there_is_no_draft(town: Played[Drafted]) -> None:
    assert not sees(town, POLICE, town.made.draft)
    assert not sees(town, POLICE, town.made.model)
    assert not sees(town, POLICE, new_id())


@pytest.mark.parametrize("state", sorted(MADE_IN_THE_OPEN))
def test_from_signing_on_every_party_reads_the_version(
    town: Played[Drafted], state: AgreementState
) -> None:
    set_state(town.made.draft, state)
    assert sees(town, POLICE, town.made.draft)


def test_nobody_of_another_municipality_sees_it_in_any_state(town: Played[Drafted]) -> None:
    elsewhere = Scene("GM0400")
    lead = colleague(elsewhere, LEAD)
    for agreement_id in (town.made.draft, town.made.running):
        with pytest.raises(NotFoundError):
            sit_down(lead, agreement_id)
    assert sit_down(lead, town.made.model).is_model


def test_a_lawyer_of_a_partner_is_no_drafter_of_the_municipality(town: Played[Drafted]) -> None:
    outside = ("POL", "Lawyer", Role.LAWYER)
    assert not sees(town, outside, town.made.draft)
    set_state(town.made.draft, AgreementState.SIGNING)
    assert not desk(town.scene, outside, town.made.draft).may_draft


@pytest.mark.parametrize(
    ("who", "drafts", "tests"),
    [(LEAD, True, False), (LAWYER, True, False), (OFFICER, False, True), (ADVISER, False, False)],
)
def test_who_drafts_does_not_write_the_tests_of_it(
    town: Played[Drafted], who: Who, *, drafts: bool, tests: bool
) -> None:
    at = desk(town.scene, who, town.made.draft)
    assert (at.may_draft, at.may_test) == (drafts, tests)
    for is_allowed, act in ((drafts, at.drafter), (tests, at.tester)):
        if is_allowed:
            assert act().role == who[2]
        else:
            with pytest.raises(ForbiddenError):
                act()


def test_the_adviser_keeps_the_models_and_a_process_lead_does_not(town: Played[Drafted]) -> None:
    assert desk(town.scene, ADVISER, town.made.model).may_draft
    assert not desk(town.scene, LEAD, town.made.model).may_draft


def test_a_draft_of_a_model_is_for_advisers_alone(town: Played[Drafted]) -> None:
    set_state(town.made.model, AgreementState.DRAFT)
    assert sees(town, ADVISER, town.made.model)
    assert not sees(town, LEAD, town.made.model)


def test_a_local_draft_says_what_its_model_says_under_its_own_name(town: Played[Drafted]) -> None:
    found = queries.agreements_by_id([town.made.draft, town.made.model])
    draft, model = found[town.made.draft], found[town.made.model]
    local, regional = (table_of_text(row.document).document for row in (draft, model))
    assert local.matrix == regional.matrix
    assert local.clauses == regional.clauses
    assert (draft.state, draft.model_id, draft.municipality) == (
        AgreementState.DRAFT,
        model.id,
        TOWN,
    )
    assert local.agreement.derived_from == f"{model.name} {model.version}"


def test_a_draft_is_derived_for_the_own_municipality_from_a_model_in_force(
    town: Played[Drafted],
) -> None:
    lead = colleague(town.scene, LEAD)
    for municipality in ("GM0400", ""):
        with pytest.raises(ForbiddenError):
            derive_from_model(lead, town.made.model, municipality, new_terms("1"))
    with pytest.raises(ForbiddenError):
        derive_from_model(colleague(town.scene, OFFICER), town.made.model, TOWN, new_terms("1"))
    for no_model in (town.made.running, new_id()):
        with pytest.raises(NotFoundError):
            derive_from_model(lead, no_model, TOWN, new_terms("1"))
    set_state(town.made.model, AgreementState.DRAFT)
    with pytest.raises(NotFoundError):
        derive_from_model(lead, town.made.model, TOWN, new_terms("1"))


def test_the_days_of_a_draft_lie_in_order(town: Played[Drafted]) -> None:
    lead, day = colleague(town.scene, LEAD), clock.today()
    early, late = day - timedelta(days=1), day + timedelta(days=1)
    for terms, field in (
        (NewTerms("x", "1", day, early, day), "valid_until"),
        (NewTerms("x", "1", day, day, late), "evaluation"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            derive_from_model(lead, town.made.model, TOWN, terms)
        assert set(refused.value.fields) == {field}


def test_a_new_version_has_the_same_text_and_parties_and_no_signature(
    town: Played[Drafted],
) -> None:
    next_one = new_version_of(desk(town.scene, LEAD, town.made.running), new_terms("2030"))
    running = queries.agreements_by_id([town.made.running])[town.made.running]
    assert (next_one.state, next_one.previous_id) == (AgreementState.DRAFT, running.id)
    texts = [table_of_text(row.document).document for row in (running, next_one)]
    assert texts[0].matrix == texts[1].matrix
    parties = queries.parties_of([running.id, next_one.id])
    assert [(p.organisation_id, p.partner) for p in parties[next_one.id]] == [
        (p.organisation_id, p.partner) for p in parties[running.id]
    ]
    assert {p.signed_on for p in parties[next_one.id]} == {None}
    assert queries.in_force(TOWN, Track.YOUTH, clock.today()) == running


def test_a_party_that_left_does_not_come_along(town: Played[Drafted]) -> None:
    running: Agreement = queries.agreements_by_id([town.made.running])[town.made.running]
    gone = queries.parties_of([running.id])[running.id][0]
    gone.left_on = clock.today()
    next_one = new_version_of(desk(town.scene, LEAD, town.made.running), new_terms("2030"))
    partners = {party.partner for party in queries.parties_of([next_one.id])[next_one.id]}
    assert gone.partner not in partners
    assert len(partners) > 1


def test_a_draft_gets_no_next_version_and_a_version_keeps_its_number(
    town: Played[Drafted],
) -> None:
    with pytest.raises(InvalidInputError):
        new_version_of(desk(town.scene, LEAD, town.made.draft), new_terms("2030"))
    running = desk(town.scene, LEAD, town.made.running)
    with pytest.raises(InvalidInputError):
        new_version_of(running, new_terms(running.agreement.version))
