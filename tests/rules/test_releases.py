"""Secrecy releases: who confirms, who answers, when they end, who asks anew (R-16, R-23)."""

from datetime import date, timedelta

import pytest

from audit.entries import Action
from config import clock as house_clock
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import ForbiddenError, InvalidInputError, NotFoundError
from pga.cases import queries as cases
from pga.cases.rules import CaseState, WorkKind
from pga.dossier.rules import StepReason
from pga.dossier.service import steps, tasks
from pga.policy.codes import Code
from pga.sharing.rules import Answer
from pga.sharing.service import releases
from pga.sharing.service.disclose import SharingDeniedError, disclose_one
from pga.sharing.service.renewals import renew_tasks
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene

FIFTEEN = date(2011, 3, 1)
AGREES, DISAGREES = Answer.AGREES, Answer.DISAGREES


def with_care(scene: Scene) -> bytes:
    """Play a case of a youth of 16 with mental health care, youth care and a school."""
    return scene.case("GGZ", "JHA", "SCH")


def of_fifteen(scene: Scene) -> tuple[bytes, bytes, bytes]:
    """Play a case of a youth of 15 with two parents."""
    case_id = scene.case("GGZ", "JHA", "GI", born_on=FIFTEEN)
    return case_id, scene.guardian(case_id), scene.guardian(case_id)


def reads(scene: Scene, partner: str, case_id: bytes) -> set[str]:
    """Tell which categories of others somebody can read."""
    found = disclose_one(scene.who(partner).viewer, case_id).items
    return {item.category for item in found if not item.is_own}


def test_mental_health_care_brings_health_content_only_under_a_confirmed_release(
    play: Play,
) -> None:
    played = play(with_care)
    scene, case_id = played.scene, played.made
    with pytest.raises(SharingDeniedError) as refused:
        scene.bring("GGZ", case_id, "D07")
    assert refused.value.decision is not None
    assert refused.value.decision.code is Code.CONDITION_UNMET
    release_id = scene.release(case_id, "GGZ", ["D07"], "JHA", confirmed=False)
    with pytest.raises(SharingDeniedError):
        scene.bring("GGZ", case_id, "D07")
    releases.confirm(scene.desk("GGZ", case_id), release_id)
    scene.bring("GGZ", case_id, "D07")
    assert "D07" in reads(scene, "JHA", case_id)


def test_a_release_without_confirmation_opens_nothing_nor_does_what_is_added_later(
    play: Play,
) -> None:
    played = play(with_care)
    scene, case_id = played.scene, played.made
    scene.release(case_id, "GGZ", ["D07"], "JHA")
    scene.bring("GGZ", case_id, "D07")
    wider = scene.release(case_id, "GGZ", ["D07", "D14"], "JHA", "SCH", confirmed=False)
    with pytest.raises(SharingDeniedError):
        scene.bring("GGZ", case_id, "D14", recipients=[scene.who("SCH").person_id])
    releases.confirm(scene.desk("GGZ", case_id), wider)
    scene.bring("GGZ", case_id, "D14", recipients=[scene.who("SCH").person_id])
    assert "D14" in reads(scene, "SCH", case_id)


def test_only_the_bound_professional_of_the_provider_confirms_or_declines(play: Play) -> None:
    played = play(with_care)
    scene, case_id = played.scene, played.made
    release_id = scene.release(case_id, "GGZ", ["D07"], "JHA", confirmed=False)
    for do in (releases.confirm, releases.decline):
        with pytest.raises(ForbiddenError):
            do(scene.desk("GCR", case_id), release_id)
        with pytest.raises(NotFoundError):
            do(scene.desk("SCH", case_id), release_id)


def test_at_15_one_parent_missing_or_disagreeing_keeps_a_release_closed(play: Play) -> None:
    played = play(of_fifteen)
    scene, (case_id, mother, father) = played.scene, played.made
    lacking: list[dict[bytes | None, Answer]] = [
        {None: AGREES},
        {None: AGREES, mother: AGREES},
        {mother: AGREES, father: AGREES},
        {None: AGREES, mother: AGREES, father: DISAGREES},
        {None: DISAGREES, mother: AGREES, father: AGREES},
    ]
    for answers in lacking:
        release_id = scene.release(case_id, "GGZ", ["D07"], "JHA", answers=answers, confirmed=False)
        with pytest.raises(InvalidInputError):
            releases.confirm(scene.desk("GGZ", case_id), release_id)
    everyone: dict[bytes | None, Answer] = {None: AGREES, mother: AGREES, father: AGREES}
    scene.release(case_id, "GGZ", ["D07"], "JHA", answers=everyone)
    scene.bring("GGZ", case_id, "D07")
    assert "D07" in reads(scene, "JHA", case_id)
    scene.guardian(case_id)
    assert "D07" not in reads(scene, "JHA", case_id)


def test_a_guardian_institution_does_not_release_to_itself(play: Play) -> None:
    played = play(with_care)
    scene = played.scene
    case_id = scene.case("GGZ", "GI", "JHA", born_on=FIFTEEN)
    guardian = scene.guardian(case_id, institution="GI")
    answers: dict[bytes | None, Answer] = {None: AGREES, guardian: AGREES}
    own = scene.release(case_id, "GGZ", ["D07"], "GI", answers=answers, confirmed=False)
    with pytest.raises(InvalidInputError):
        releases.confirm(scene.desk("GGZ", case_id), own)
    scene.release(case_id, "GGZ", ["D07"], "JHA", answers=answers)


def test_a_release_by_parents_ends_on_the_birthday_of_the_youth(
    play: Play, clock: FrozenClock
) -> None:
    played = play(of_fifteen)
    scene, (case_id, mother, father) = played.scene, played.made
    answers: dict[bytes | None, Answer] = {None: AGREES, mother: AGREES, father: AGREES}
    scene.release(case_id, "GGZ", ["D07"], "JHA", answers=answers, days=360)
    scene.bring("GGZ", case_id, "D07")
    clock.move_to(house_clock.end_of(date(2027, 2, 28)))
    assert "D07" in reads(scene, "JHA", case_id)
    clock.advance(timedelta(seconds=1))
    assert house_clock.today() == date(2027, 3, 1)
    assert "D07" not in reads(scene, "JHA", case_id)


def renewals(case_id: bytes) -> list[bytes | None]:
    """List about which releases a task to ask anew waits."""
    db.session.expire_all()
    return [task.about_id for task in cases.waiting_of_kind(case_id, WorkKind.RENEW_RELEASE)]


def test_the_task_to_ask_anew_comes_30_days_before_the_birthday_once(
    play: Play, clock: FrozenClock
) -> None:
    played = play(of_fifteen)
    scene, (case_id, mother, father) = played.scene, played.made
    answers: dict[bytes | None, Answer] = {None: AGREES, mother: AGREES, father: AGREES}
    release_id = scene.release(case_id, "GGZ", ["D07"], "JHA", answers=answers, days=360)
    last = date(2027, 2, 28)
    clock.move_to(house_clock.end_of(last - timedelta(days=31)))
    renew_tasks()
    assert renewals(case_id) == []
    clock.advance(timedelta(seconds=1))
    renew_tasks()
    renew_tasks()
    assert renewals(case_id) == [release_id]
    task = cases.waiting_of_kind(case_id, WorkKind.RENEW_RELEASE)[0]
    assert (task.partner, task.person_id) == ("GGZ", None)
    assert task.due_at == house_clock.end_of(last)
    made = [e for e in entries_of(played.app) if e.facts.get("change") == "renew-releases"]
    assert [(e.action, e.actor.role) for e in made] == [(Action.CREATE, "worker")]
    tasks.finish(scene.desk("GGZ", case_id), task.id)
    clock.advance(timedelta(days=1))
    renew_tasks()
    assert renewals(case_id) == []


def test_asking_anew_closes_the_task(play: Play, clock: FrozenClock) -> None:
    played = play(with_care)
    scene, case_id = played.scene, played.made
    first = scene.release(case_id, "GGZ", ["D07"], "JHA", days=20)
    other = scene.release(case_id, "GGZ", ["D14"], "SCH", days=20)
    renew_tasks()
    assert sorted(renewals(case_id), key=str) == sorted([first, other], key=str)
    clock.advance(timedelta(days=1))
    scene.release(case_id, "GGZ", ["D07", "D09"], "JHA", days=90, confirmed=False)
    assert renewals(case_id) == [other]


def test_no_task_to_ask_anew_for_a_release_that_is_over_far_off_or_in_an_ended_case(
    play: Play,
) -> None:
    played = play(with_care)
    scene, case_id = played.scene, played.made
    scene.release(case_id, "GGZ", ["D07"], "JHA", days=90)
    scene.release(case_id, "GGZ", ["D09"], "JHA", days=20, confirmed=False)
    gone = scene.release(case_id, "GGZ", ["D14"], "SCH", days=20)
    releases.withdraw(scene.desk("SCH", case_id), gone)
    renew_tasks()
    assert renewals(case_id) == []
    closed = scene.case("GGZ", "JHA")
    scene.release(closed, "GGZ", ["D07"], "JHA", days=20)
    for target in (CaseState.SCALED_DOWN, CaseState.CLOSED):
        steps.take(scene.desk("GPR", closed), target, StepReason.GOALS_REACHED)
    renew_tasks()
    assert renewals(closed) == []


def test_a_faulty_case_gets_no_task_and_keeps_none_from_others(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    played = play(with_care)
    scene, faulty = played.scene, played.made
    whole = scene.case("GGZ", "JHA")
    for case_id in (faulty, whole):
        scene.release(case_id, "GGZ", ["D07"], "JHA", days=20)
    with transaction():
        cases.cases_by_id([faulty])[faulty].manifest = bytes(32)
    renew_tasks()
    assert renewals(faulty) == []
    assert len(renewals(whole)) == 1
    assert "renewal-waits" in [record.__dict__.get("event") for record in caplog.records]
