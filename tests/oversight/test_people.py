"""What did this employee see."""

import re

from audit.entries import Action
from auth.models import Membership
from config import clock
from config.database import db, transaction
from tests.oversight.conftest import Desk, wait
from tests.oversight.test_who_saw import happened


def test_own_staff_is_chosen_from_a_list_that_also_holds_who_left(desk: Desk) -> None:
    with transaction():
        membership = db.session.get_one(Membership, desk.scene.who("GCR").membership_id)
        membership.until_on = clock.today()
    wait(days=1)
    page = desk.officer.read("/oversight/people")
    now, before = page.split("Worked here before")
    assert desk.name("GPR") in now
    assert desk.name("GCR") in before
    assert desk.name("POL") not in page
    seen = desk.officer.read(f"/oversight/people/{desk.scene.who('GCR').person_id.hex()}")
    assert desk.name("GCR") in seen
    assert desk.number() in seen


def test_choosing_an_employee_is_no_look_and_opening_one_is(desk: Desk) -> None:
    desk.officer.read("/oversight/people")
    assert desk.entries(actions=[Action.LOG_VIEW]) == []
    person = desk.scene.who("GCR").person_id.hex()
    desk.officer.read(f"/oversight/people/{person}?reason=incident")
    (look,) = desk.entries(actions=[Action.LOG_VIEW])
    assert (look.object, look.reason, look.case_id) == (person, "incident", None)


def test_an_employee_of_a_partner_is_reached_from_a_case_and_stays_unnamed(desk: Desk) -> None:
    person = desk.scene.who("POL").person_id.hex()
    assert f"/oversight/people/{person}" in desk.officer.read(desk.path)
    page = desk.officer.read(f"/oversight/people/{person}")
    assert f"An employee of {desk.organisation('POL')}" in page
    assert desk.name("POL") not in page
    assert "ask its privacy officer" in page
    assert desk.number() in page


def test_nobody_and_somebody_elsewhere_give_the_same_empty_answer(desk: Desk) -> None:
    elsewhere = desk.made.elsewhere.who("LPR").person_id.hex()
    pages = [desk.officer.read(f"/oversight/people/{one}") for one in (elsewhere, "1" * 32)]
    tidied = [
        re.sub(r'name="csrf_token" value="[^"]+"', "", page).replace(one, "")
        for page, one in zip(pages, (elsewhere, "1" * 32), strict=True)
    ]
    assert tidied[0] == tidied[1]
    assert "this employee did nothing of this kind" in tidied[0]


def test_a_long_list_of_an_employee_narrows_and_continues(desk: Desk) -> None:
    happened(desk, 120)
    path = f"/oversight/people/{desk.scene.who('POL').person_id.hex()}"
    page = desk.officer.read(path)
    assert "Older" in page
    assert "Nothing found" in desk.officer.read(
        f"{path}?show=written&since={clock.today()}&until=2020-01-01"
    )
    assert "Nothing found" in desk.officer.read(f"{path}?show=listed&until=2020-01-01")
    assert desk.officer.get(f"{path}?show=nonsense").status_code == 422


def test_a_partners_officer_sees_what_its_own_employee_saw(desk: Desk) -> None:
    officer = desk.visitor("POL", "Officer")
    page = officer.read(f"/oversight/people/{desk.scene.who('POL').person_id.hex()}")
    assert desk.name("POL") in page
    assert "Seen in a list 3 times" in page
    other = officer.read(f"/oversight/people/{desk.scene.who('GCR').person_id.hex()}")
    assert desk.number() not in other


def test_a_place_where_nobody_works_says_so(desk: Desk) -> None:
    with transaction():
        for staff in desk.scene.staff.values():
            if staff.partner in {"GPR", "GCR"} and staff != desk.scene.who("GPR", "Officer"):
                db.session.delete(db.session.get_one(Membership, staff.membership_id))
    assert "Work here now" in desk.officer.read("/oversight/people")
