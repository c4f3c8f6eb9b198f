"""Whose accesses an officer sees, and that everything else looks as if it did not exist."""

import re

import pytest

from audit import queries
from audit.entries import Action, Outcome
from auth.models import Membership, Person
from auth.rules import Role
from config import clock
from config.database import db, transaction
from config.ids import new_id
from pga.sharing.service.disclose import disclose_one
from tests.oversight.conftest import NEXT_TOWN, Desk


def test_the_data_protection_officer_sees_what_the_privacy_officer_sees(desk: Desk) -> None:
    shown = [
        without_own_looks(v.read(desk.path)) for v in (desk.officer, desk.visitor("GPR", "Fg"))
    ]
    assert shown[0] == shown[1]


def without_own_looks(page: str) -> str:
    """Give the table of what was opened, which no look of an officer is part of."""
    return page.split("Opened, written or refused")[1].split("</table>", maxsplit=1)[0]


def test_a_partners_officer_sees_own_staff_by_name_and_nobody_else(desk: Desk) -> None:
    page = desk.visitor("POL", "Officer").read(desk.path)
    assert desk.name("POL") in page
    assert "You see what the people of your own organisation did in this case" in page
    for partner in ("GPR", "LPR", "WOC", "GGZ"):
        assert desk.organisation(partner) not in page


def test_an_attempt_of_own_staff_is_seen_and_does_not_tell_which_case_it_was(desk: Desk) -> None:
    page = desk.visitor("WOC", "Officer").read("/oversight/refusals")
    assert desk.name("WOC") in page
    assert "Not named in this case" in page
    assert "No case, or one outside your oversight" in page
    assert desk.number() not in page


@pytest.mark.parametrize("what", ["elsewhere", "unknown", "not-a-party-to-it"])
def test_outside_the_bench_the_answer_is_that_of_an_unknown_case(desk: Desk, what: str) -> None:
    visitor = desk.visitor("WOC", "Officer") if what.startswith("not") else desk.officer
    case_id = {
        "elsewhere": desk.made.elsewhere_id,
        "unknown": bytes(16),
        "not-a-party-to-it": desk.made.case_id,
    }[what]
    nobody = visitor.get(f"/oversight/cases/{'1' * 32}")
    assert nobody.status_code == 404
    before = len(desk.entries(limit=500))
    answer = visitor.get(f"/oversight/cases/{case_id.hex()}")
    assert answer.status_code == 404
    assert tidy(answer.text, case_id.hex()) == tidy(nobody.text, "1" * 32)
    after = desk.entries(limit=500)
    assert len(after) == before + 1
    entry = after[0]
    assert (entry.action, entry.decided, entry.case_id) == (Action.LOG_VIEW, Outcome.DENY, None)
    answer = visitor.post(f"/oversight/cases/{case_id.hex()}/identity", {"reason": "request"})
    assert answer.status_code == 404
    assert len(desk.entries(limit=500)) == before + 2


def tidy(page: str, address: str) -> str:
    """Leave out the address that was asked, the token of forms, and how many entries there are."""
    said = re.sub(r'name="csrf_token" value="[^"]+"', "", page).replace(address, "")
    return re.sub(r'<section id="health">.*?</section>', "", said, flags=re.DOTALL)


def test_refused_looks_of_an_officer_count_against_the_budget(desk: Desk) -> None:
    answers = [desk.officer.get(f"/oversight/cases/{n:032x}").status_code for n in range(40)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_attempts_outside_show_with_the_officers_own_organisation(desk: Desk) -> None:
    desk.officer.get(f"/oversight/cases/{'1' * 32}")
    page = desk.officer.read("/oversight/refusals")
    assert "Looked into the log" in page


@pytest.mark.parametrize("partner", ["GCR", "POL", "GPR"])
def test_who_is_no_officer_has_no_bench(desk: Desk, partner: str) -> None:
    visitor = desk.visitor(partner)
    assert visitor.get("/oversight").status_code == 403
    assert visitor.get(desk.path).status_code == 403
    assert "/oversight" not in visitor.read("/")
    assert "/oversight" in desk.officer.read("/")


def test_losing_the_role_closes_the_bench_at_the_next_request(desk: Desk) -> None:
    assert desk.officer.get(desk.path).status_code == 200
    membership_id = desk.scene.who("GPR", "Officer").membership_id
    with transaction():
        db.session.get_one(Membership, membership_id).ended_at = clock.now()
    assert desk.officer.get(desk.path).status_code == 403


def add_place(desk: Desk, partner: str, organisation_id: bytes, municipality: str) -> None:
    """Make the municipality's officer an officer somewhere else as well."""
    with transaction():
        db.session.add(
            Membership(
                id=new_id(),
                person_id=desk.scene.who("GPR", "Officer").person_id,
                organisation_id=organisation_id,
                municipality=municipality,
                partner=partner,
                role=Role.DPO,
                from_on=clock.today(),
            )
        )


def test_an_officer_of_two_places_has_both_benches_and_chooses(desk: Desk) -> None:
    add_place(desk, "GPR", desk.made.elsewhere.organisation("GPR"), NEXT_TOWN)
    assert desk.officer.get(f"/oversight/cases/{desk.made.elsewhere_id.hex()}").status_code == 200
    page = desk.officer.read("/oversight/people")
    assert "Where you oversee" in page
    assert "Haarlem" in page
    other = re.search(r'href="([^"]*place=[^"]*)"[^>]*>[^<]*Haarlem', page)
    assert other is not None
    there = desk.officer.read(other.group(1).replace("&amp;", "&"))
    person = db.session.get_one(Person, desk.made.elsewhere.who("GPR").person_id)
    assert person.id.hex() in there
    assert desk.scene.who("GCR").person_id.hex() not in there
    assert "Where you oversee" in desk.officer.read("/oversight/refusals")


def test_the_bench_that_sees_a_case_whole_comes_first(desk: Desk) -> None:
    add_place(desk, "POL", desk.scene.organisation("POL"), desk.scene.municipality)
    page = desk.officer.read(desk.path)
    assert desk.organisation("LPR") in page
    assert desk.name("POL") not in page


def test_two_roles_in_one_place_make_one_bench(desk: Desk) -> None:
    add_place(desk, "GPR", desk.scene.organisation("GPR"), desk.scene.municipality)
    assert "Where you oversee" not in desk.officer.read("/oversight/people")


def test_a_bench_of_somebody_else_is_never_found(desk: Desk) -> None:
    police = desk.scene.who("POL", "Officer").membership_id.hex()
    page = desk.officer.read(f"/oversight/people?place={police}")
    assert desk.name("GCR") in page
    assert desk.name("POL") not in page


def test_what_an_officer_did_stays_within_reach_of_no_other_organisation(desk: Desk) -> None:
    disclose_one(desk.scene.who("LPR").viewer, desk.made.case_id)
    page = desk.visitor("POL", "Officer").read("/oversight/refusals?parts=true")
    assert desk.organisation("LPR") not in page
    faults = [access.fault for access in queries.accesses(limit=500)]
    assert faults == [None] * len(faults)
