"""Replay: what a partner could see on a day and what it opened, from the log alone."""

from datetime import timedelta

from audit.entries import Action, Kind
from config import clock
from config.ids import new_id
from tests.oversight.conftest import SECRET, Desk, wait


def address(desk: Desk, partner: str, days_ago: int = 0) -> str:
    organisation = desk.scene.organisation(partner).hex()
    day = clock.today() - timedelta(days=days_ago)
    return f"{desk.path}/replay?organisation={organisation}&day={day.isoformat()}"


def test_a_day_shows_every_part_as_it_was_decided_then_and_what_was_opened(desk_on: Desk) -> None:
    page = desk_on.officer.read(address(desk_on, "POL"))
    assert "Part by part" in page
    assert "could be seen" in page
    assert "closed" in page
    assert SECRET not in page
    (look, *_) = desk_on.entries(actions=[Action.LOG_VIEW], kinds=[Kind.OPENED])
    assert look.case_id == desk_on.made.case_id.hex()


def test_a_later_day_shows_the_last_decision_and_that_nothing_was_opened(desk: Desk) -> None:
    wait(days=2)
    page = desk.officer.read(address(desk, "POL"))
    assert "Part by part" in page
    assert "Nobody of this organisation opened the case that day." in page


def test_before_anybody_asked_nothing_was_decided(desk: Desk) -> None:
    assert "Nothing was decided up to that day" in desk.officer.read(address(desk, "POL", 30))


def test_without_a_partner_and_a_day_only_the_question_is_shown(desk: Desk) -> None:
    page = desk.officer.read(f"{desk.path}/replay")
    assert "Part by part" not in page
    assert desk.organisation("POL") in page


def test_a_day_that_is_none_is_said(desk: Desk) -> None:
    assert desk.officer.get(f"{desk.path}/replay?day=yesterday").status_code == 422


def test_a_partners_officer_replays_its_own_organisation_alone(desk: Desk) -> None:
    police = desk.visitor("POL", "Officer")
    page = police.read(f"{desk.path}/replay")
    assert desk.organisation("POL") in page
    assert desk.organisation("LPR") not in page
    assert "Nothing was decided up to that day" in police.read(address(desk, "LPR"))


def test_a_case_outside_the_bench_is_not_there(desk: Desk) -> None:
    for case_id in (new_id(), desk.made.elsewhere_id):
        path = f"/oversight/cases/{case_id.hex()}/replay"
        assert desk.officer.get(path).status_code == 404
