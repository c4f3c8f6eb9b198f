"""Questions about a closed section: who gets them."""

from datetime import date

import pytest
from sqlalchemy import select

from config.database import db
from config.errors import ConflictError
from pga.cases.models import WorkTask
from pga.cases.rules import CaseState, ParticipantTask, WorkKind
from pga.dossier.service import people, steps
from pga.dossier.service.contributions import ask_case_manager
from pga.dossier.service.signals import start
from tests.factories.paper import new_signal
from tests.factories.scene import Scene


def in_triage(scene: Scene) -> bytes:
    """A case that a colleague of the case manager sent in, with the school attendance officer."""
    scene.who("GPR")
    sender = scene.who("GCR", "Neighbourhood")
    signal = new_signal(scene.municipality, "youth", date(2010, 5, 1))
    case_id = start(sender.viewer, sender.place, signal)
    for target in (CaseState.ADMISSIBLE, CaseState.TRIAGE):
        steps.take(scene.desk("GPR", case_id), target)
    scene.join(case_id, "LPR")
    return case_id


def asked(scene: Scene, case_id: bytes) -> list[bytes | None]:
    ask_case_manager(scene.desk("LPR", case_id), "D05")
    rows = select(WorkTask.person_id).where(
        WorkTask.case_id == case_id, WorkTask.kind == WorkKind.QUESTION
    )
    return list(db.session.scalars(rows))


def test_a_question_goes_to_the_case_manager_not_to_a_colleague_who_sent_the_signal(
    scene: Scene,
) -> None:
    case_id = in_triage(scene)
    scene.join(case_id, "GCR", task=ParticipantTask.CASE_MANAGEMENT)
    assert asked(scene, case_id) == [scene.who("GCR").person_id]


def test_a_question_goes_to_the_process_lead_while_there_is_no_case_manager(scene: Scene) -> None:
    assert asked(scene, in_triage(scene)) == [scene.who("GPR").person_id]


def test_a_question_waits_until_somebody_leads_the_case(scene: Scene) -> None:
    case_id = in_triage(scene)
    desk = scene.desk("GPR", case_id)
    lead = next(p for p in desk.facts.participants if p.person_id == scene.who("GPR").person_id)
    people.end_task(desk, lead.id)
    with pytest.raises(ConflictError):
        asked(scene, case_id)
