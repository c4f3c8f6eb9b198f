"""The pages of a decision over living cases: proposed, looked at, approved, withdrawn."""

import pytest

from config import clock
from pga.changeover.service import moves
from tests.changeover.conftest import Room, unknown, who
from tests.changeover.test_moving import WHY, in_force, proposal, version_of
from tests.changeover.test_preview import path, words
from tests.changeover.versions import crowd, drafted


def form_of(room: Room) -> str:
    """Give the address of the form."""
    return f"/changeover/{room.target.id.hex()}/move"


def test_a_decision_is_proposed_and_approved_by_two_people_on_the_pages(room: Room) -> None:
    case_id = room.scene.case("JWK")
    in_force(room)
    lead, second = room.visitor("lead"), room.visitor("second lead")
    assert "lie still" in words(lead.read("/changeover"))
    assert "Decide over these cases" in words(lead.read(path(room.target)))
    page = words(lead.read(form_of(room)))
    assert "gains Education" in page
    given = {"source": room.source.id.hex(), "reason": WHY, "from_on": clock.today().isoformat()}
    where = lead.do(form_of(room), given).headers["Location"]
    page = words(lead.read(where))
    assert "waits for a second person" in page
    assert "Approve as the second person" not in page
    assert lead.post(f"{where}/approve").status_code == 403
    page = words(second.read(where))
    assert WHY in page
    assert "gains Education" in page
    second.do(f"{where}/approve")
    page = words(second.read(where))
    assert "carried out" in page
    assert "Cases that went over <10" in page
    assert version_of(case_id) == room.played.made.target
    page = words(second.read("/changeover"))
    assert "Decisions over living cases" in page
    assert "lie still" not in page


def test_what_was_typed_stays_when_it_cannot_be_taken(room: Room) -> None:
    crowd(room.scene, 1)
    lead = room.visitor("lead")
    answer = lead.post(form_of(room), {"reason": "Because of the summer", "from_on": "2020-01-01"})
    assert answer.status_code == 422
    assert "Because of the summer" in answer.text
    assert "within the term of the new version" in words(answer.text)
    answer = lead.post(form_of(room), {"reason": "Because", "from_on": "soon"})
    assert answer.status_code == 422
    assert "Because" in answer.text


def test_a_decision_that_waits_says_for_what(room: Room) -> None:
    crowd(room.scene, 1)
    move_id = proposal(room).id
    moves.approve(who(room.scene, "second lead").viewer, move_id)
    page = words(room.visitor("lead").read(f"/changeover/moves/{move_id.hex()}"))
    assert "The cases go over later" in page


def test_cases_that_wait_for_the_worker_are_told_as_going(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.scene.signal()
    in_force(room)
    monkeypatch.setattr(moves, "AT_ONCE", 0)
    move_id = proposal(room).id
    second = room.visitor("second lead")
    where = f"/changeover/moves/{move_id.hex()}"
    second.do(f"{where}/approve")
    assert "The cases are going over now" in words(second.read(where))


def test_a_decision_is_withdrawn_on_its_page(room: Room) -> None:
    crowd(room.scene, 1)
    where = f"/changeover/moves/{proposal(room).id.hex()}"
    lead = room.visitor("lead")
    lead.do(f"{where}/withdraw")
    page = words(lead.read(where))
    assert "withdrawn" in page
    assert "Withdraw this decision" not in page


@pytest.mark.parametrize("key", ["lawyer", "officer"])
def test_who_does_not_lead_the_process_finds_no_form(room: Room, key: str) -> None:
    crowd(room.scene, 1)
    visitor = room.visitor(key)
    assert visitor.get(form_of(room)).status_code == 404
    assert "Decide over these cases" not in words(visitor.read(path(room.target)))
    move_id = proposal(room).id
    assert visitor.get(f"/changeover/moves/{move_id.hex()}").status_code == 200


def test_a_draft_offers_no_decision(room: Room) -> None:
    crowd(room.scene, 1)
    draft = drafted(room.scene, version="9.0")
    assert "Decide over these cases" not in words(room.visitor("lead").read(path(draft)))


def test_a_version_that_breaks_a_limit_shows_no_changes_beside_its_form(room: Room) -> None:
    crowd(room.scene, 1)
    draft = drafted(room.scene, {("WOC", "D05"): "X/R1"}, "9.1")
    page = words(room.visitor("lead").read(f"/changeover/{draft.id.hex()}/move"))
    assert "This version cannot be compared yet" in page


def test_without_a_version_to_leave_there_is_no_form(room: Room) -> None:
    in_force(room)
    assert room.visitor("lead").get(form_of(room)).status_code == 404


def test_an_unknown_decision_is_not_there(room: Room) -> None:
    assert room.visitor("lead").get(f"/changeover/moves/{unknown()}").status_code == 404
