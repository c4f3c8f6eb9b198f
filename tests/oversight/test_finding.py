"""Finding a case: by number, or by what an officer already knows; nothing of it in an address."""

import re
from datetime import date

import pytest

from audit.entries import Action, Kind
from config.database import db, transaction
from pga.cases.models import Case
from tests.oversight.conftest import NEXT_TOWN, Desk
from tests.oversight.test_scope import add_place, tidy


def test_a_case_is_found_by_its_number_in_one_step(desk: Desk) -> None:
    answer = desk.officer.do(
        "/oversight/find", {"number": f" {desk.number()} ", "reason": "request"}
    )
    assert answer.location == f"{desk.path}?reason=request"


def test_a_number_outside_the_bench_is_not_found_like_one_that_is_not_there(desk: Desk) -> None:
    pages = [
        desk.officer.post("/oversight/find", {"number": number, "reason": "routine"})
        for number in (desk.number(desk.made.elsewhere_id), "2026-00000")
    ]
    assert [page.status_code for page in pages] == [200, 200]
    shown = [
        tidy(page.text, number)
        for page, number in zip(
            pages, (desk.number(desk.made.elsewhere_id), "2026-00000"), strict=True
        )
    ]
    assert shown[0] == shown[1]
    assert "No case found" in shown[0]


def test_a_search_is_entered_with_a_hash_and_the_number_of_hits(desk: Desk) -> None:
    desk.officer.do("/oversight/find", {"number": desk.number(), "reason": "incident"})
    desk.officer.post("/oversight/find", {"number": "2026-00000"})
    nothing, shown, search = desk.entries(actions=[Action.LOG_VIEW])
    assert (search.kind, search.facts, search.reason) == (Kind.SEARCHED, {"hits": 1}, "incident")
    assert shown.case_id == desk.made.case_id.hex()
    assert (nothing.facts, nothing.case_id) == ({"hits": 0}, None)
    assert re.fullmatch("[0-9a-f]{64}", search.object)
    assert search.object != nothing.object


@pytest.mark.parametrize(
    "wanted",
    [
        {"surname": "de Bruin", "born_on": "2009-05-01"},
        {"surname": "Bruyn", "born_on": "2009-05-01"},
    ],
)
def test_a_youth_is_found_by_name_and_birth_date(desk: Desk, wanted: dict[str, str]) -> None:
    answer = desk.officer.do("/oversight/find-person", {**wanted, "reason": "request"})
    assert answer.location == f"{desk.path}?reason=request"
    assert "Bruin" not in str(answer.location)
    search = desk.entries(actions=[Action.LOG_VIEW])[-1]
    assert "ruin" not in str(search)
    assert search.facts == {"hits": 1}


def test_a_name_without_birth_date_is_not_searched(desk: Desk) -> None:
    answer = desk.officer.post("/oversight/find-person", {"surname": "de Bruin"})
    assert answer.status_code == 422
    assert "Fill in a surname with a birth date, or a BSN." in answer.text
    assert 'value="de Bruin"' in answer.text
    assert desk.entries(actions=[Action.LOG_VIEW]) == []


def test_a_bsn_that_cannot_be_right_is_refused_beside_its_field(desk: Desk) -> None:
    answer = desk.officer.post("/oversight/find-person", {"bsn": "123456789"})
    assert answer.status_code == 422
    assert "This is not a valid BSN." in answer.text


def test_nobody_is_found_for_an_unknown_youth_or_outside_the_bench(desk: Desk) -> None:
    for surname, born_on in (("Visser", date(2009, 5, 1)), ("de Bruin", date(2010, 5, 1))):
        answer = desk.officer.post(
            "/oversight/find-person", {"surname": surname, "born_on": str(born_on)}
        )
        assert answer.status_code == 200
        assert "Nobody with these details has a case that you oversee" in answer.text
    housing = desk.visitor("WOC", "Officer").post(
        "/oversight/find-person", {"surname": "de Bruin", "born_on": "2009-05-01"}
    )
    assert "Nobody with these details" in housing.text


def test_two_youths_who_may_be_meant_are_listed_by_number_alone(desk: Desk) -> None:
    add_place(desk, "GPR", desk.made.elsewhere.organisation("GPR"), NEXT_TOWN)
    twin = desk.made.elsewhere.signal(born_on=date(2009, 5, 1))
    page = desk.officer.post(
        "/oversight/find-person", {"surname": "de Bruin", "born_on": "2009-05-01"}
    ).text
    assert "These cases may be about this person" in page
    assert desk.number() in page
    assert desk.number(twin) in page
    assert "Sem" not in page


def test_of_two_cases_of_one_youth_the_newest_stands_for_both(desk: Desk) -> None:
    again = desk.scene.signal(born_on=date(2009, 5, 1))
    subject = db.session.get_one(Case, desk.made.case_id).subject_id
    with transaction():
        db.session.get_one(Case, again).subject_id = subject
    answer = desk.officer.do(
        "/oversight/find-person", {"surname": "de Bruin", "born_on": "2009-05-01"}
    )
    newest = max((desk.number(one), one) for one in (again, desk.made.case_id))[1]
    assert newest.hex() in str(answer.location)


def test_an_empty_number_is_asked_again(desk: Desk) -> None:
    answer = desk.officer.post("/oversight/find", {"number": "", "reason": "complaint"})
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert re.search(r'value="complaint" selected', answer.text)


def test_the_forms_open_empty_with_the_usual_reason(desk: Desk) -> None:
    for path in ("/oversight", "/oversight/find-person"):
        assert re.search(r'value="routine" selected', desk.officer.read(path))
