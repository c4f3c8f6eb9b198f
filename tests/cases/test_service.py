"""Changes and reads of the skeleton that no other room exercises by itself."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from audit.entries import Action
from config.clock import FrozenClock
from config.errors import ConflictError
from pga.cases import queries
from pga.cases import service as cases
from pga.cases.rules import CaseState, WorkKind
from pga.cases.service import StepNotAllowedError
from pga.dossier.service import people, tasks
from pga.sharing.service.changes import Act, write
from tests.factories.fixtures import Play
from tests.factories.scene import Scene


def in_triage(scene: Scene) -> bytes:
    """Bring a case to triage."""
    return scene.case("SCH", state=CaseState.TRIAGE)


def test_a_number_that_is_taken_is_drawn_again(play: Play) -> None:
    played = play(in_triage)
    taken = played.scene.desk("GPR", played.made).facts.case.number
    draws = [int(taken[5:]), int(taken[5:]), 4711 if taken != "2026-04711" else 4712]
    with patch("pga.cases.service.secrets.randbelow", side_effect=draws):
        made = played.scene.signal()
    number = queries.cases_by_id([made])[made].number
    assert number == f"2026-{draws[-1]:05d}"
    found = queries.case_by_number(number)
    assert found is not None
    assert found.id == made
    assert queries.case_by_number("2026-99999x") is None


def test_every_case_of_a_youth_is_found_by_the_pseudonym(play: Play) -> None:
    played = play(in_triage)
    case = played.scene.desk("GPR", played.made).facts.case
    assert [one.id for one in queries.cases_of_subject(case.subject_id)] == [played.made]
    assert queries.cases_of_subject(bytes(16)) == []


def test_the_skeleton_takes_no_step_that_does_not_exist(play: Play) -> None:
    played = play(in_triage)
    desk = played.scene.desk("GPR", played.made)

    def then() -> None:
        cases.take_step(desk.facts.case, CaseState.MEETING, in_force=True)

    with pytest.raises(StepNotAllowedError):
        write(desk, Act(Action.TRANSITION), (), then)
    assert played.scene.desk("GPR", played.made).facts.case.state == CaseState.TRIAGE


def test_cases_of_a_person_run_from_naming_to_ending_and_in_between_for_a_replacement(
    play: Play, clock: FrozenClock
) -> None:
    played = play(in_triage)
    scene, case_id = played.scene, played.made
    school, colleague = scene.who("SCH").person_id, scene.who("SCH", "Colleague").person_id

    def has_it(person_id: bytes) -> bool:
        desk = scene.desk("GPR", case_id)
        return case_id in {case.id for case in queries.cases_of_person(person_id, desk.today)}

    assert has_it(school)
    assert not has_it(colleague)
    desk = scene.desk("GPR", case_id)
    mine = next(p for p in desk.facts.participants if p.partner == "SCH")
    people.stand_in(desk, mine.id, colleague, desk.today + timedelta(days=2))
    assert has_it(colleague)
    clock.advance(timedelta(days=3))
    assert not has_it(colleague)
    people.stand_in(scene.desk("GPR", case_id), mine.id, colleague, mine.until_on)
    replacement = scene.desk("GPR", case_id).facts.replacements[-1]
    people.end_stand_in(scene.desk("GPR", case_id), replacement.id)
    assert not has_it(colleague)
    people.end_task(scene.desk("GPR", case_id), mine.id)
    assert not has_it(school)


def test_a_task_waits_for_a_person_or_for_everybody_of_a_place(play: Play) -> None:
    played = play(in_triage)
    scene, case_id = played.scene, played.made
    place = (scene.organisation("SCH"), "SCH")
    desk = scene.desk("GPR", case_id)

    def then() -> None:
        for new in (
            cases.NewWork(WorkKind.QUESTION, person_id=scene.who("SCH").person_id),
            cases.NewWork(WorkKind.CONFIRM_RELEASE, organisation_id=place[0], partner="SCH"),
            cases.NewWork(WorkKind.REVIEW_CASE, organisation_id=place[0]),
            cases.NewWork(WorkKind.STOP_USING, organisation_id=place[0], partner="GPR"),
        ):
            cases.add_work(case_id, new)

    write(desk, Act(Action.UPDATE), (), then)
    waiting = queries.open_work(scene.who("SCH").person_id, [place], [case_id])
    assert {t.kind for t in waiting} == {"question", "confirm_release", "review_case"}
    others = queries.open_work(scene.who("SCH", "Colleague").person_id, [place], [case_id])
    assert {t.kind for t in others} == {"confirm_release", "review_case"}
    assert queries.open_work(scene.who("SCH").person_id, [], [case_id])[0].kind == "question"
    tasks.finish(scene.desk("SCH", case_id), waiting[0].id)
    with pytest.raises(ConflictError):
        tasks.finish(scene.desk("SCH", case_id), waiting[0].id)
