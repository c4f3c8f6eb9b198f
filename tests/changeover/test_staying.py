"""A case whose lead keeps it where it is, and how a case shows under which version it is."""

import re

import pytest

from config.errors import ConflictError, ForbiddenError, NotFoundError
from config.ids import new_id
from pga.agreements import service as agreement_service
from pga.changeover.rules import StayReason
from pga.changeover.service import moves, staying
from tests.changeover.conftest import Room, who
from tests.changeover.test_moving import approval, changes, in_force, proposal, version_of
from tests.changeover.test_preview import words
from tests.factories.browserless import Visitor
from tests.factories.scene import INSTALLATION

WEIGH = StayReason.WEIGH_FIRST


def page_of(room: Room, case_id: bytes, partner: str = "GCR") -> tuple[Visitor, str]:
    """Give somebody a browser and the address of the page of a case about its version."""
    return room.browser(room.scene.who(partner)), f"/cases/{case_id.hex()}/version"


@pytest.mark.parametrize("lead", ["GCR", "GPR"])
def test_a_case_whose_lead_objects_stays_and_the_others_go(room_on: Room, lead: str) -> None:
    kept, other = room_on.scene.case(), room_on.scene.case()
    move_id = proposal(room_on).id
    staying.keep(room_on.scene.desk(lead, kept), move_id, WEIGH)
    in_force(room_on)
    approval(room_on, move_id)
    assert version_of(kept) == room_on.played.made.source
    assert version_of(other) == room_on.played.made.target
    (stays,) = changes(room_on, "stays-under-version")
    assert (stays.case_id, stays.reason) == (kept.hex(), WEIGH)


def test_a_case_that_stayed_may_follow_later(room_on: Room) -> None:
    kept = room_on.scene.case()
    move_id = proposal(room_on).id
    staying.keep(room_on.scene.desk("GCR", kept), move_id, WEIGH)
    in_force(room_on)
    approval(room_on, move_id)
    assert version_of(kept) == room_on.played.made.source
    staying.let_go(room_on.scene.desk("GCR", kept), move_id)
    assert version_of(kept) == room_on.played.made.target
    (moved,) = changes(room_on, "moved-to-version")
    assert moved.actor.person == room_on.scene.who("GCR").person_id.hex()


def test_a_case_that_is_let_go_before_the_decision_waits_for_it(room: Room) -> None:
    case_id = room.scene.case()
    move_id = proposal(room).id
    staying.keep(room.scene.desk("GCR", case_id), move_id, WEIGH)
    staying.let_go(room.scene.desk("GCR", case_id), move_id)
    assert version_of(case_id) == room.played.made.source
    staying.keep(room.scene.desk("GCR", case_id), move_id, StayReason.ENDS_SOON)
    in_force(room)
    approval(room, move_id)
    assert version_of(case_id) == room.played.made.source


@pytest.mark.parametrize("partner", ["LPR", "POL"])
def test_who_does_not_lead_a_case_does_not_keep_it_there(room: Room, partner: str) -> None:
    case_id = room.scene.case("POL")
    move_id = proposal(room).id
    for act in (staying.keep, staying.let_go):
        arguments = (WEIGH,) if act is staying.keep else ()
        with pytest.raises(ForbiddenError):
            act(room.scene.desk(partner, case_id), move_id, *arguments)


def test_a_case_stays_only_at_a_decision_that_is_about_it(room: Room) -> None:
    case_id = room.scene.case()
    with pytest.raises(NotFoundError):
        staying.keep(room.scene.desk("GCR", case_id), new_id(), WEIGH)
    move_id = proposal(room).id
    with pytest.raises(NotFoundError):
        staying.keep(room.scene.desk("GCR", case_id), new_id(), WEIGH)
    with pytest.raises(NotFoundError):
        staying.let_go(room.scene.desk("GCR", case_id), move_id)
    in_force(room)
    approval(room, move_id)
    with pytest.raises(NotFoundError):
        staying.keep(room.scene.desk("GCR", case_id), move_id, WEIGH)


def test_a_case_stays_once_and_goes_once(room: Room) -> None:
    case_id = room.scene.case()
    move_id = proposal(room).id
    staying.keep(room.scene.desk("GCR", case_id), move_id, WEIGH)
    with pytest.raises(ConflictError):
        staying.keep(room.scene.desk("GCR", case_id), move_id, WEIGH)
    staying.let_go(room.scene.desk("GCR", case_id), move_id)
    with pytest.raises(ConflictError):
        staying.let_go(room.scene.desk("GCR", case_id), move_id)


def test_a_case_shows_since_when_it_is_under_which_version(room: Room) -> None:
    case_id = room.scene.case("JWK")
    visitor, path = page_of(room, case_id)
    assert "from its start" in words(visitor.read(path))
    in_force(room)
    assert "This version is not in force" in words(visitor.read(path))
    approval(room, proposal(room).id)
    page = words(visitor.read(path))
    assert "Since 2 November 2026 this case is under version 2.0" in page
    assert "Earlier versions" in page
    assert "since 2 Nov" in words(visitor.read(f"/cases/{case_id.hex()}"))


def test_everybody_in_a_case_reads_beforehand_what_changes_for_them(room: Room) -> None:
    case_id = room.scene.case("JWK")
    proposal(room)
    visitor, path = page_of(room, case_id, "JWK")
    page = words(visitor.read(path))
    assert "A decision: to version 2.0" in page
    assert "What changes for your organisation" in page
    assert re.search(r"gains Education from [\w ,]*School attendance officer", page)
    assert "Keep this case where it is" not in page
    visitor, path = page_of(room, case_id, "LPR")
    assert "Nothing changes for your organisation" in words(visitor.read(path))


def test_the_lead_keeps_and_lets_go_on_the_page_of_the_case(room: Room) -> None:
    case_id = room.scene.case()
    move_id = proposal(room).id
    visitor, path = page_of(room, case_id)
    assert "Keep this case where it is" in words(visitor.read(path))
    answer = visitor.post(f"{path}/stay", {"move": move_id.hex()})
    assert answer.status_code == 422
    assert "Fill this in" in words(answer.text)
    visitor.do(f"{path}/stay", {"move": move_id.hex(), "reason": "inform_first"})
    page = words(visitor.read(path))
    assert "We tell the young person and the parents first" in page
    assert visitor.post(f"{path}/go", {"move": "x"}).status_code == 422
    visitor.do(f"{path}/go", {"move": move_id.hex()})
    assert "We tell the young person" not in visitor.read(path).split("<form")[0]


def test_a_case_that_stayed_still_shows_the_decision_it_stayed_at(room: Room) -> None:
    kept = room.scene.case()
    room.scene.case()
    move_id = proposal(room).id
    staying.keep(room.scene.desk("GCR", kept), move_id, WEIGH)
    agreement_service.activate(room.target, INSTALLATION)
    assert approval(room, move_id) == "carried_out"
    visitor, path = page_of(room, kept)
    page = words(visitor.read(path))
    assert "carried out" in page
    assert "Let this case go over after all" in page


def test_who_keeps_a_case_counts_only_in_numbers_on_the_decision(room: Room) -> None:
    kept = room.scene.case()
    move_id = proposal(room).id
    staying.keep(room.scene.desk("GCR", kept), move_id, WEIGH)
    page = words(room.visitor("officer").read(f"/changeover/moves/{move_id.hex()}"))
    assert re.search(r"Cases whose leads keep them where they are\s+<10", page)
    assert moves.decided(who(room.scene, "officer").viewer, move_id).is_open
