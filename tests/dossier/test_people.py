"""People of a case: whom a lead may manage, and what is told of whom one may not know."""

import pytest

from config.errors import ForbiddenError, NotFoundError
from pga.cases.models import Participant, ParticipantTask
from pga.dossier.service import people
from pga.records.service import drafts
from pga.sharing.service.changes import Desk
from tests.dossier.conftest import Table
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def hidden(scene: Scene) -> bytes:
    """Play a case in which the process lead named mental health care, with a stand-in for it."""
    case_id = scene.case("GGZ", "SCH")
    desk = scene.desk("GGZ", case_id)
    colleague = scene.who("GGZ", "Colleague").person_id
    people.stand_in(desk, named(desk, "GGZ").id, colleague, desk.seat.until_on)
    return case_id


@pytest.fixture
def played(play: Play) -> Played[bytes]:
    return play(hidden)


def named(desk: Desk, partner: str) -> Participant:
    return next(p for p in desk.facts.participants if p.partner == partner)


def name(scene: Scene, case_id: bytes, by: str, partner: str) -> None:
    """Let somebody name somebody of a partner."""
    staff, desk = scene.who(partner), scene.desk(by, case_id)
    task, until = ParticipantTask.CONTRIBUTION, desk.seat.until_on
    new = people.NewPerson(staff.person_id, staff.organisation_id, partner, task, until)
    people.name_participant(desk, new)


@pytest.mark.parametrize("partner", ["GCR", "SCH"])
def test_a_participant_one_may_not_know_is_answered_as_one_that_is_not_there(
    played: Played[bytes], partner: str
) -> None:
    desk = played.scene.desk(partner, played.made)
    colleague = played.scene.who("GGZ", "Colleague").person_id
    until = desk.today
    replacement = desk.facts.replacements[0].id
    for participant_id, replacement_id in (
        (named(desk, "GGZ").id, replacement),
        (bytes(16), bytes(16)),
    ):
        with pytest.raises(NotFoundError):
            people.end_task(desk, participant_id)
        with pytest.raises(NotFoundError):
            people.stand_in(desk, participant_id, colleague, until)
        with pytest.raises(NotFoundError):
            people.end_stand_in(desk, replacement_id)


def test_somebody_one_sees_but_did_not_bring_is_managed_by_others(played: Played[bytes]) -> None:
    desk = played.scene.desk("SCH", played.made)
    with pytest.raises(ForbiddenError):
        people.end_task(desk, named(desk, "GCR").id)


def test_who_was_named_twice_stays_until_both_namings_ended(played: Played[bytes]) -> None:
    scene, case_id = played.scene, played.made
    name(scene, case_id, "GCR", "GGZ")
    care = scene.who("GGZ")
    drafts.save_draft(care.person_id, "contribute", {"title": "half"}, case_id=case_id)
    for by in ("GCR", "GPR"):
        assert drafts.drafts_of(care.person_id)
        desk = scene.desk(by, case_id)
        people.end_task(desk, own_naming(desk).id)
    assert not drafts.drafts_of(care.person_id)
    with pytest.raises(NotFoundError):
        scene.desk("GGZ", case_id)


def own_naming(desk: Desk) -> Participant:
    return next(
        p
        for p in desk.facts.participants
        if p.partner == "GGZ" and p.added_by == desk.viewer.person_id
    )


def test_who_is_known_to_take_part_is_not_named_again(table: Table) -> None:
    form = {
        "person": table.scene.who("POL").membership_id.hex(),
        "task": "contribution",
        "until_on": "2027-02-01",
    }
    for partner in ("GPR", "GCR"):
        answer = table.visitor(partner).post(f"{table.path}/participants", form)
        assert answer.status_code == 422
        assert "already takes part" in answer.text
