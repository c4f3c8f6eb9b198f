"""Searching all of the log: each way to narrow it works, within the bench, and is entered."""

import re
from datetime import timedelta

import pytest

from audit import gate
from audit.entries import Action, Actor, Entry, Kind, Line
from config import clock
from tests.oversight.conftest import Desk, wait
from tests.oversight.test_who_saw import rows_of


def found(desk: Desk, query: str, partner: str = "GPR") -> list[str]:
    """Search, and give the rows that were found."""
    page = desk.visitor(partner, "Officer").read(f"/oversight/search?{query}")
    return rows_of(page, "Found") if "Found" in page else []


def emergency(desk: Desk) -> None:
    """Let the police open the case in an emergency."""
    staff = desk.scene.who("POL")
    wait(minutes=1)
    gate.record(
        Entry(
            Action.BREAK_GLASS,
            Actor(
                staff.person_id.hex(),
                desk.scene.organisation("POL").hex(),
                *("POL", "professional", "5e55", "password"),
            ),
            desk.made.case_id.hex(),
            kind=Kind.OPENED,
            case_id=desk.made.case_id.hex(),
            lines=(Line("LPR", "D04", "allowed", "r", "allowed", ("ab" * 16,)),),
        )
    )


def test_a_blank_page_asks_and_looks_at_nothing(desk: Desk) -> None:
    before = len(desk.entries())
    page = desk.officer.read("/oversight/search")
    assert "Found" not in page
    assert len(desk.entries()) == before


def test_a_case_narrows_to_what_was_done_in_it(desk_on: Desk) -> None:
    rows = found(desk_on, f"number={desk_on.number()}")
    assert rows
    assert all(desk_on.number() in row for row in rows)
    other = desk_on.number(desk_on.made.other_id)
    assert all(other in row for row in found(desk_on, f"number={other}"))


def test_an_employee_an_organisation_and_a_kind_narrow_together(desk_on: Desk) -> None:
    person = desk_on.scene.who("GCR").person_id.hex()
    rows = found(desk_on, f"person={person}&kind=opened")
    assert rows
    assert all(desk_on.name("GCR") in row and "Opened" in row for row in rows)
    police = desk_on.scene.organisation("POL").hex()
    rows = found(desk_on, f"organisation={police}&kind=listed")
    assert len(rows) == 3
    assert all(desk_on.organisation("POL") in row for row in rows)
    assert found(desk_on, f"organisation={police}&person={person}") == []


def test_a_category_finds_every_decision_on_it(desk_on: Desk) -> None:
    rows = found(desk_on, "category=D04&kind=opened")
    assert rows
    assert all("Education" in row for row in rows)
    assert found(desk_on, "category=D11") == []


def test_a_purpose_narrows(desk: Desk) -> None:
    assert found(desk, "purpose=HELP")
    assert found(desk, "purpose=PREVENTION") == []


def test_the_log_as_of_a_day_ends_with_that_day(desk: Desk) -> None:
    today = clock.today()
    assert found(desk, f"until={today}&show=opened")
    assert found(desk, f"until={today - timedelta(days=1)}&show=opened") == []
    assert found(desk, f"since={today + timedelta(days=1)}&show=opened") == []


def test_emergencies_have_a_list_of_their_own(desk_on: Desk) -> None:
    page = desk_on.officer.read("/oversight/search?show=emergency")
    assert "Nobody used emergency access" in page
    emergency(desk_on)
    (row,) = found(desk_on, "show=emergency")
    assert "Opened in an emergency" in row
    assert desk_on.organisation("POL") in row
    assert found(desk_on, "show=emergency", "WOC") == []
    assert len(found(desk_on, "show=emergency", "POL")) == 1
    assert "show=emergency" in desk_on.officer.read("/oversight")


def test_a_partners_officer_finds_its_own_staff_alone(desk: Desk) -> None:
    rows = found(desk, "kind=opened", "POL")
    assert rows
    assert all(desk.organisation("POL") in row for row in rows)


def test_a_search_is_entered_with_what_was_asked_before_it_is_answered(desk: Desk) -> None:
    number = desk.number()
    desk.officer.read(f"/oversight/search?number={number}&category=D04&reason=complaint")
    (look, *_) = desk.entries(actions=[Action.LOG_VIEW])
    assert (look.kind, look.reason) == (Kind.SEARCHED, "complaint")
    assert look.case_id == desk.made.case_id.hex()
    assert look.facts == {"category": "D04"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("number=2026-99999", "There is no case with this number that you oversee."),
        ("kind=guessed", "Choose from the list."),
        ("since=soon", "Fill in a date"),
    ],
)
def test_what_cannot_be_searched_for_is_said(desk: Desk, query: str, said: str) -> None:
    before = len(desk.entries())
    answer = desk.officer.get(f"/oversight/search?{query}")
    assert answer.status_code == 422
    assert said in answer.text
    assert len(desk.entries()) == before


def test_a_case_of_the_next_town_is_not_found(desk: Desk) -> None:
    number = desk.number(desk.made.elsewhere_id)
    assert desk.officer.get(f"/oversight/search?number={number}").status_code == 422


def test_a_long_answer_goes_on_on_the_next_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pga.oversight.service.asking.PER_PAGE", 5)
    page = desk.officer.read(f"/oversight/search?number={desk.number()}")
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    following = desk.officer.read(older.group(1).replace("&amp;", "&"))
    assert "Newest" in following
    assert not set(rows_of(page, "Found")) & set(rows_of(following, "Found"))
