"""No agreement, no exchange; one's own items stay one's own (R-01, R-28)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from audit.entries import Action, Outcome
from config.clock import FrozenClock
from pga.agreements import service as agreement_service
from pga.agreements.models import AgreementState
from pga.cases.rules import CaseState, ParticipantTask
from pga.cases.service import StepNotAllowedError
from pga.dossier.rules import StepReason
from pga.dossier.service import contributions, people, repairs, steps
from pga.policy.codes import Code
from pga.sharing.service import releases, voluntary
from pga.sharing.service.changes import Act, Desk, write
from pga.sharing.service.disclose import SharingDeniedError, disclose_one
from tests.factories.events import party_leaves
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import INSTALLATION, Scene

Ended = tuple[bytes, bytes, bytes]


def worked(scene: Scene) -> Ended:
    """Play a case with a release and an item of the attendance officer that others read."""
    case_id = scene.case("GGZ", "JHA")
    release_id = scene.release(case_id, "GGZ", ["D07"], "JHA")
    item_id = scene.bring("LPR", case_id, "D04", "absent on Mondays")
    scene.bring("GGZ", case_id, "D07")
    return case_id, item_id, release_id


def terminated(scene: Scene) -> Ended:
    """Terminate the agreement of a worked case."""
    made = worked(scene)
    agreement = scene.desk("GPR", made[0]).facts.agreement
    agreement_service.end(agreement, AgreementState.TERMINATED, INSTALLATION)
    return made


def test_a_dead_agreement_closes_what_others_brought_with_its_reason(play: Play) -> None:
    played = play(terminated)
    found = disclose_one(played.scene.who("GCR").viewer, played.made[0])
    others = [j.decision for j in found.judged if not j.is_own]
    assert others
    assert {d.code for d in others} == {Code.NOT_IN_FORCE}
    assert all(item.is_own for item in found.items)


Try = Callable[[Scene, Desk], object]
EXCHANGES: list[tuple[str, Try]] = [
    ("LPR", lambda scene, desk: scene.bring("LPR", desk.facts.case.id, "D04")),
    ("LPR", lambda _, desk: contributions.log_intervention(desk, "talk", "", desk.today)),
    ("LPR", lambda _, desk: contributions.ask_case_manager(desk, "D07")),
    ("GCR", lambda scene, desk: scene.release(desk.facts.case.id, "GGZ", ["D09"], "JHA")),
    ("GCR", lambda scene, desk: scene.guardian(desk.facts.case.id)),
    ("LPR", lambda scene, desk: scene.note(desk.facts.case.id, "LPR", "D14", "SCH")),
    (
        "GCR",
        lambda scene, desk: voluntary.record_consent(
            desk, scene.organisation("GGZ"), "GGZ", "spoken", desk.today
        ),
    ),
    (
        "GPR",
        lambda scene, desk: people.name_participant(
            desk,
            people.NewPerson(
                scene.who("WOC").person_id,
                scene.organisation("WOC"),
                "WOC",
                ParticipantTask.ADVICE,
                desk.today,
            ),
        ),
    ),
]


def test_a_dead_agreement_refuses_every_exchange_with_one_entry(play: Play) -> None:
    played = play(terminated)
    scene, (case_id, _, _) = played.scene, played.made
    for partner, exchange in EXCHANGES:
        desk = scene.desk(partner, case_id)
        before = len(entries_of(played.app))
        with pytest.raises(SharingDeniedError):
            exchange(scene, desk)
        since = entries_of(played.app, since=before)
        added = [one for one in since if one.action is not Action.ROLE_CHANGE]  # who was made now
        assert [(e.action, e.decided) for e in added] == [(Action.PROVIDE, Outcome.DENY)]
        assert [(line.code, line.rule) for line in added[0].lines] == [("not_in_force", "R-01")]


def test_owners_still_read_correct_and_withdraw_their_own_items(play: Play) -> None:
    played = play(terminated)
    scene, (case_id, item_id, _) = played.scene, played.made
    found = disclose_one(scene.who("LPR").viewer, case_id)
    assert item_id in {item.id for item in found.items}
    repairs.correct(scene.desk("LPR", case_id), item_id, {"title": "t", "text": "on Tuesdays"}, 1)
    found = disclose_one(scene.who("LPR").viewer, case_id)
    assert {i.id: i.content.get("text") for i in found.items}[item_id] == "on Tuesdays"
    repairs.withdraw_item(scene.desk("LPR", case_id), item_id)
    row = next(i for i in scene.desk("LPR", case_id).facts.items if i.id == item_id)
    assert row.status == "withdrawn"


def test_a_request_of_the_young_person_is_still_handled(play: Play) -> None:
    played = play(terminated)
    scene, (case_id, _, release_id) = played.scene, played.made
    releases.withdraw(scene.desk("LPR", case_id), release_id)
    steps.set_restriction(scene.desk("GPR", case_id), is_restricted=True)
    facts = scene.desk("GPR", case_id).facts
    assert [fact.is_withdrawn for fact in facts.releases] == [True]
    assert facts.case.restricted_on is not None


def test_of_a_case_without_agreement_only_the_end_is_left(play: Play) -> None:
    played = play(terminated)
    scene, (case_id, _, _) = played.scene, played.made
    with pytest.raises(StepNotAllowedError):
        steps.take(scene.desk("GPR", case_id), CaseState.MEETING)
    steps.take(scene.desk("GPR", case_id), CaseState.CLOSED, StepReason.AGREEMENT_ENDED)
    assert scene.desk("GPR", case_id).facts.case.state == CaseState.CLOSED


def test_a_party_that_left_brings_and_reads_nothing_but_its_own(play: Play) -> None:
    played = play(worked)
    party_leaves(played.scene, played.made[0], "LPR")
    scene, (case_id, item_id, _) = played.scene, played.made
    desk = scene.desk("LPR", case_id)
    with pytest.raises(SharingDeniedError):
        scene.bring("LPR", case_id, "D04")
    assert [line.code for line in entries_of(played.app)[-1].lines] == ["not_a_party"]
    found = disclose_one(desk.viewer, case_id)
    assert all(item.is_own for item in found.items)
    assert {j.decision.code for j in found.judged if not j.is_own} == {Code.NOT_A_PARTY}
    read = disclose_one(scene.who("GCR").viewer, case_id)
    assert item_id not in {item.id for item in read.items}


def test_a_case_without_its_review_is_read_only(play: Play, clock: FrozenClock) -> None:
    played = play(worked)
    scene, (case_id, item_id, _) = played.scene, played.made
    clock.advance(timedelta(days=92))
    with pytest.raises(SharingDeniedError) as refused:
        scene.bring("LPR", case_id, "D04")
    assert refused.value.decision is not None
    assert refused.value.decision.rule == "R-34"
    assert item_id in {i.id for i in disclose_one(scene.who("GCR").viewer, case_id).items}
    steps.record_review(scene.desk("GPR", case_id))
    scene.bring("LPR", case_id, "D04")


def test_a_youth_not_informed_in_30_days_stops_new_provision(
    play: Play, clock: FrozenClock
) -> None:
    played = play(worked)
    scene, (case_id, item_id, _) = played.scene, played.made
    desk = scene.desk("GPR", case_id)
    write(desk, Act(Action.UPDATE), (), lambda: setattr(desk.facts.case, "informed_on", None))
    clock.advance(timedelta(days=29))
    scene.bring("LPR", case_id, "D04")
    clock.advance(timedelta(days=1))
    with pytest.raises(SharingDeniedError) as refused:
        scene.bring("LPR", case_id, "D04")
    assert refused.value.decision is not None
    assert refused.value.decision.rule == "R-30"
    assert item_id in {i.id for i in disclose_one(scene.who("GCR").viewer, case_id).items}


def test_a_restricted_case_is_closed_but_for_own_items(play: Play) -> None:
    played = play(worked)
    scene, (case_id, item_id, _) = played.scene, played.made
    steps.set_restriction(scene.desk("GPR", case_id), is_restricted=True)
    found = disclose_one(scene.who("GCR").viewer, case_id)
    assert all(item.is_own for item in found.items)
    assert {j.decision.rule for j in found.judged if not j.is_own} == {"R-33"}
    steps.set_restriction(scene.desk("GPR", case_id), is_restricted=False)
    found = disclose_one(scene.who("GCR").viewer, case_id)
    assert item_id in {item.id for item in found.items}
