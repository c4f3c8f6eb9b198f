"""The life of an agreement: who takes which step, what it needs, and what it does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audit.entries import Action
from config import clock
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError
from config.settings import Mode
from pga.agreements import queries
from pga.agreements.models import Agreement, AgreementState
from pga.agreements.rules import Need, Step
from pga.agreements.service import life
from pga.agreements.service.life import AgreementNotReadyError
from pga.agreements.service.recording import ChangedMeanwhileError, Given
from pga.agreements.service.standing import see
from pga.policy.codes import Category, Partner, Phase, PolicyAction
from pga.policy.terms import Example, Remark
from tests.agreements.drafts import LAWYER, LEAD, OFFICER, POLICE, Who, desk
from tests.agreements.lives import (
    SECOND,
    WHY,
    Lived,
    confirm_all,
    dpia,
    ending_on,
    fresh,
    in_check,
    in_signing,
    made,
    rewrite,
    signed,
    take,
    text_of,
)
from tests.agreements.matrices import with_cells
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import TOWN
from tests.factories.snapshots import Played


def needs(played: Played[Lived], who: Who, step: Step, given: Given = WHY) -> set[Need]:
    with pytest.raises(AgreementNotReadyError) as refused:
        take(played.scene, who, played.made.draft, step, given)
    return set(refused.value.needs)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_draft_comes_into_force_step_by_step(play: Play, database: str) -> None:
    played = play(signed, database)
    scene, lived = played.scene, played.made
    assert queries.in_force(TOWN, "youth", clock.today()) == fresh(lived.running)
    take(scene, SECOND, lived.draft, Step.ACTIVATE)
    assert queries.in_force(TOWN, "youth", clock.today()) == fresh(lived.draft)
    assert fresh(lived.running).state == AgreementState.SUPERSEDED
    assert [step.what for step in queries.steps_of([lived.draft])] == [
        Step.TO_LEGAL_CHECK,
        Step.RECORD_DPIA,
        Step.OPEN_SIGNING,
        Step.ACTIVATE,
    ]


def test_every_step_is_an_entry_and_raises_the_epoch(play: Play) -> None:
    played = play(made)
    draft = played.made.draft
    before, epoch = len(entries_of(played.app)), fresh(draft).epoch
    take(played.scene, LEAD, draft, Step.TO_LEGAL_CHECK)
    (entry,) = entries_of(played.app, since=before)
    assert entry.action is Action.AGREEMENT_CHANGE
    assert (entry.object, entry.facts["change"]) == (draft.hex(), "to_legal_check")
    assert entry.actor.person == played.scene.who(*LEAD).person_id.hex()
    assert fresh(draft).epoch == epoch + 1


def test_a_half_filled_matrix_and_a_broken_limit_stay_in_draft(play: Play) -> None:
    played = play(made)
    document = text_of(played.made.draft)
    cells = {(Partner.WOC, Category.D05): "X/R2", (Partner.POL, Category.D12): None}
    rewrite(played.made.draft, with_cells(document, cells))
    assert needs(played, LEAD, Step.TO_LEGAL_CHECK) == {
        Need.MATRIX_COMPLETE,
        Need.LIMITS_PROVEN,
        Need.DEVIATIONS_EXPLAINED,
    }
    assert fresh(played.made.draft).state == AgreementState.DRAFT


def test_a_deviation_from_the_model_needs_a_reason(play: Play) -> None:
    played = play(made)
    place = Partner.LPR, Category.D04
    changed = with_cells(text_of(played.made.draft), {place: "1n/R2"})
    rewrite(played.made.draft, changed)
    assert needs(played, LEAD, Step.TO_LEGAL_CHECK) == {Need.DEVIATIONS_EXPLAINED}
    (track,) = changed.tracks
    remarks = {track: {Partner.LPR: {Category.D04: Remark(reason="The school asked for it.")}}}
    rewrite(played.made.draft, replace(changed, remarks=remarks))
    take(played.scene, LEAD, played.made.draft, Step.TO_LEGAL_CHECK)


def test_a_broken_example_keeps_a_version_from_going_on_even_when_it_breaks_later(
    play: Play,
) -> None:
    played = play(signed)
    document = text_of(played.made.draft)
    (track,) = document.tracks
    example = Example(
        text="Youth work sees police records.",
        track=track,
        phase=Phase.F3,
        provider=Partner.POL,
        consumer=Partner.JWK,
        category=Category.D05,
        action=PolicyAction.CONSULT,
        may=True,
    )
    rewrite(played.made.draft, replace(document, examples=(example,)))
    assert needs(played, SECOND, Step.ACTIVATE) == {Need.EXAMPLES_HOLD}
    rewrite(played.made.draft, replace(document, examples=(replace(example, may=False),)))
    take(played.scene, SECOND, played.made.draft, Step.ACTIVATE)


def test_a_version_whose_term_is_over_goes_no_further(play: Play) -> None:
    played = play(made)
    ending_on(played.made.draft, clock.today() - timedelta(days=1))
    assert needs(played, LEAD, Step.TO_LEGAL_CHECK) == {Need.TERM_AHEAD}


@pytest.mark.parametrize(
    ("who", "step", "may"),
    [
        (LAWYER, Step.TO_LEGAL_CHECK, True),
        (OFFICER, Step.TO_LEGAL_CHECK, False),
        (LAWYER, Step.DROP, False),
        (LEAD, Step.DROP, True),
    ],
)
def test_only_who_drafts_takes_a_step(play: Play, who: Who, step: Step, *, may: bool) -> None:
    played = play(made)
    if may:
        take(played.scene, who, played.made.draft, step)
        return
    with pytest.raises(ForbiddenError):
        take(played.scene, who, played.made.draft, step)


def test_who_only_takes_part_takes_no_step(play: Play) -> None:
    played = play(signed)
    with pytest.raises(ForbiddenError):
        take(played.scene, POLICE, played.made.draft, Step.ACTIVATE)


def test_a_step_that_was_taken_meanwhile_is_told(play: Play) -> None:
    played = play(made)
    slow = desk(played.scene, LEAD, played.made.draft)
    db.session.expunge(slow.agreement)
    take(played.scene, LAWYER, played.made.draft, Step.TO_LEGAL_CHECK)
    with pytest.raises(ChangedMeanwhileError):
        life.take(slow, Step.TO_LEGAL_CHECK)
    with pytest.raises(ChangedMeanwhileError):
        take(played.scene, LEAD, played.made.draft, Step.TO_LEGAL_CHECK)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (Given(), {"reference", "decided_on", "outcome", "remark"}),
        (replace(Given("x", None, "low", "x")), {"decided_on"}),
        (replace(Given("x", None, "fine", "")), {"decided_on", "outcome", "remark"}),
    ],
)
def test_a_dpia_has_reference_day_outcome_and_the_advice_on_it(
    play: Play, given: Given, fields: set[str]
) -> None:
    played = play(in_check)
    with pytest.raises(InvalidInputError) as refused:
        take(played.scene, LEAD, played.made.draft, Step.RECORD_DPIA, given)
    assert set(refused.value.fields) == fields
    tomorrow = replace(dpia(), decided_on=clock.today() + timedelta(days=1))
    with pytest.raises(InvalidInputError):
        take(played.scene, LEAD, played.made.draft, Step.RECORD_DPIA, tomorrow)


def test_a_recorded_dpia_can_be_read_back(play: Play) -> None:
    played = play(in_check)
    take(played.scene, LEAD, played.made.draft, Step.RECORD_DPIA, dpia())
    step = see(fresh(played.made.draft)).last(Step.RECORD_DPIA)
    assert step is not None
    assert (step.reference, step.decided_on, step.outcome, step.remark) == (
        "DPIA-2026-7",
        clock.today(),
        "low",
        "The officer advises to go on.",
    )


def test_confirmed_clauses_are_marked_in_the_text_that_is_signed(play: Play) -> None:
    played = play(in_check)
    draft = played.made.draft
    assert not any(clause.verified for clause in text_of(draft).clauses)
    confirm_all(played.scene, draft)
    take(played.scene, LEAD, draft, Step.RECORD_DPIA, dpia())
    assert all(clause.verified for clause in text_of(draft).clauses)
    assert fresh(draft).policy_hash == see(fresh(draft)).steps[-1].policy_hash
    assert see(fresh(draft)).standing.open_clauses == 0


def test_production_waits_until_a_lawyer_confirmed_every_clause(play: Play) -> None:
    played = play(in_check)
    settings = played.app.extensions["settings"]
    played.app.extensions["settings"] = replace(
        settings, mode=Mode.PRODUCTION, second_factor=True, secure_cookies=True
    )
    assert needs(played, LEAD, Step.RECORD_DPIA, dpia()) == {Need.CLAUSES_CONFIRMED}
    confirm_all(played.scene, played.made.draft)
    take(played.scene, LEAD, played.made.draft, Step.RECORD_DPIA, dpia())


def test_signing_waits_for_an_organisation_for_each_party_it_cannot_do_without(
    play: Play,
) -> None:
    played = play(in_check)
    take(played.scene, LEAD, played.made.draft, Step.RECORD_DPIA, dpia())
    assert needs(played, LEAD, Step.OPEN_SIGNING) == {Need.PARTIES_NAMED}
    missing = see(fresh(played.made.draft)).standing.missing
    assert missing == (Partner.GPR, Partner.POL, Partner.OM)


def test_back_to_draft_needs_a_reason_and_asks_the_dpia_anew(play: Play) -> None:
    played = play(in_signing)
    draft = played.made.draft
    with pytest.raises(InvalidInputError):
        take(played.scene, LEAD, draft, Step.BACK_TO_DRAFT, Given())
    take(played.scene, LEAD, draft, Step.BACK_TO_DRAFT)
    assert fresh(draft).state == AgreementState.DRAFT
    assert not see(fresh(draft)).standing.has_dpia


def test_after_the_first_signature_nothing_goes_back_to_draft(play: Play) -> None:
    played = play(signed)
    assert needs(played, LEAD, Step.BACK_TO_DRAFT) == {Need.NOBODY_SIGNED}


def test_without_the_minimum_of_signatures_nothing_comes_into_force(play: Play) -> None:
    played = play(in_signing)
    assert needs(played, SECOND, Step.ACTIVATE) == {Need.MINIMUM_SIGNED}


def test_who_opened_the_signing_does_not_bring_it_into_force(play: Play) -> None:
    played = play(signed)
    assert needs(played, LEAD, Step.ACTIVATE) == {Need.ANOTHER_PERSON}
    take(played.scene, LAWYER, played.made.draft, Step.ACTIVATE)
    assert fresh(played.made.draft).state == AgreementState.ACTIVE


def test_a_version_activated_ahead_replaces_the_other_on_its_first_day(
    play: Play, clock: FrozenClock
) -> None:
    played = play(signed)
    draft, running = played.made.draft, played.made.running
    first = clock.now().date() + timedelta(days=9)
    with transaction():
        db.session.get_one(Agreement, draft).valid_from = first
    take(played.scene, SECOND, draft, Step.ACTIVATE)
    life.keep_up()
    assert queries.in_force(TOWN, "youth", first - timedelta(days=1)) == fresh(running)
    assert queries.in_force(TOWN, "youth", first) == fresh(draft)
    clock.advance(timedelta(days=9))
    life.keep_up()
    assert fresh(running).state == AgreementState.SUPERSEDED
    assert fresh(draft).state == AgreementState.ACTIVE


def test_a_version_is_over_after_its_last_day(play: Play, clock: FrozenClock) -> None:
    played = play(made)
    running = fresh(played.made.running)
    clock.advance(timedelta(days=(running.valid_until - clock.now().date()).days))
    life.keep_up()
    assert fresh(played.made.running).state == AgreementState.ACTIVE
    clock.advance(timedelta(days=1))
    life.keep_up()
    assert fresh(played.made.running).state == AgreementState.EXPIRED
    life.keep_up()
    assert [step.what for step in queries.steps_of([played.made.running])][-1] == "expired"


def test_suspending_and_resuming_need_a_reason(play: Play) -> None:
    played = play(made)
    scene, running = played.scene, played.made.running
    for step in (Step.SUSPEND, Step.RESUME):
        with pytest.raises(InvalidInputError):
            take(scene, LEAD, running, step, Given())
        take(scene, LEAD, running, step)
    assert fresh(running).state == AgreementState.ACTIVE
    assert fresh(running).ended_at is None


def test_what_no_longer_has_its_minimum_is_not_resumed(play: Play) -> None:
    played = play(made)
    scene, running = played.scene, played.made.running
    take(scene, LEAD, running, Step.SUSPEND)
    with transaction():
        for party in queries.parties_of([running])[running]:
            if party.partner == "POL":
                party.left_on = clock.today()
    with pytest.raises(AgreementNotReadyError) as refused:
        take(scene, LEAD, running, Step.RESUME)
    assert refused.value.needs == (Need.MINIMUM_SIGNED,)


def notice(**days: int) -> Given:
    last = clock.today() + timedelta(days=days["days"]) if days else None
    return Given("Letter 12", clock.today(), remark="The council decided so.", last_day=last)


def test_notice_ends_a_version_at_once_or_after_a_day(play: Play, clock: FrozenClock) -> None:
    played = play(made)
    scene, running = played.scene, played.made.running
    take(scene, LEAD, running, Step.TERMINATE, notice(days=5))
    day = clock.now().date() + timedelta(days=5)
    assert queries.is_in_force(fresh(running), day)
    assert not queries.is_in_force(fresh(running), day + timedelta(days=1))
    clock.advance(timedelta(days=6))
    life.keep_up()
    assert fresh(running).state == AgreementState.TERMINATED


def test_notice_without_a_last_day_ends_a_version_now(play: Play) -> None:
    played = play(made)
    take(played.scene, LEAD, played.made.running, Step.TERMINATE, notice())
    assert fresh(played.made.running).state == AgreementState.TERMINATED
    step = see(fresh(played.made.running)).last(Step.TERMINATE)
    assert step is not None
    assert step.reference == "Letter 12"


@pytest.mark.parametrize("days", [-1, 9999])
def test_the_last_day_lies_within_the_term(play: Play, days: int) -> None:
    played = play(made)
    with pytest.raises(InvalidInputError) as refused:
        take(played.scene, LEAD, played.made.running, Step.TERMINATE, notice(days=days))
    assert set(refused.value.fields) == {"last_day"}


def test_notice_names_its_letter_and_day(play: Play) -> None:
    played = play(made)
    with pytest.raises(InvalidInputError) as refused:
        take(played.scene, LEAD, played.made.running, Step.TERMINATE, Given())
    assert set(refused.value.fields) == {"reference", "decided_on", "remark"}


def test_a_version_that_does_not_go_on_is_dropped_with_a_reason(play: Play) -> None:
    played = play(in_signing)
    take(played.scene, LEAD, played.made.draft, Step.DROP)
    assert fresh(played.made.draft).state == AgreementState.TERMINATED
    assert fresh(played.made.running).state == AgreementState.ACTIVE
