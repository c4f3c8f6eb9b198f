"""People of a case: whom a lead may manage, and what is told of whom one may not know."""

import pytest

from audit.entries import Action
from config.errors import ForbiddenError, NotFoundError
from pga.cases.models import Participant, ParticipantTask
from pga.dossier.service import people
from pga.records.service import drafts
from pga.sharing.service.changes import Desk
from pga.sharing.service.disclose import disclose_one
from tests.dossier.conftest import Table
from tests.factories.fixtures import Play
from tests.factories.log import entries_of
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def hidden(scene: Scene) -> bytes:
    """Play a case in which the process lead named mental health care, with a stand-in for it."""
    case_id = scene.case("GGZ", "SCH", "JHA")
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
        assert "To name this person for something else, end that task first" in answer.text


def test_a_second_naming_for_another_purpose_counts_at_once(played: Played[bytes]) -> None:
    scene, case_id = played.scene, played.made
    care = scene.who("GGZ")

    def reads() -> set[str]:
        return {i.category for i in disclose_one(care.viewer, case_id).items if not i.is_own}

    scene.release(case_id, "JHA", ["D07"], "GGZ", by="JHA", purpose="PROTECTION")
    scene.bring("JHA", case_id, "D07", "how to approach")
    assert "D07" not in reads()
    desk = scene.desk("GCR", case_id)
    until = desk.seat.until_on
    task = ParticipantTask.CONTRIBUTION
    new = people.NewPerson(
        care.person_id, care.organisation_id, "GGZ", task, until, purpose="PROTECTION"
    )
    people.name_participant(desk, new)
    assert "D07" in reads()
    entry = entries_of(played.app, Action.CONSULT)[-1]
    assert {entry.purpose, entry.facts["also_for"]} == {"HELP", "PROTECTION"}
    people.end_task(scene.desk("GCR", case_id), own_naming(scene.desk("GCR", case_id)).id)
    assert "D07" not in reads()


def test_who_stands_in_has_every_purpose_of_the_one_who_is_away(played: Played[bytes]) -> None:
    scene, case_id = played.scene, played.made
    care, colleague = scene.who("GGZ"), scene.who("GGZ", "Colleague")
    desk = scene.desk("GCR", case_id)
    task, until = ParticipantTask.CONTRIBUTION, desk.seat.until_on
    new = people.NewPerson(
        care.person_id, care.organisation_id, "GGZ", task, until, purpose="ORDER"
    )
    people.name_participant(desk, new)
    assert scene.desk("GGZ", case_id, "Colleague").seat.purposes == ("HELP",)
    second = own_naming(scene.desk("GCR", case_id))
    people.stand_in(scene.desk("GGZ", case_id), second.id, colleague.person_id, desk.today)
    assert set(scene.desk("GGZ", case_id, "Colleague").seat.purposes) == {"HELP", "ORDER"}
