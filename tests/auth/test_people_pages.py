"""The pages of people: what an administrator sees and does, in the browser."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from auth import queries, service
from auth.names import Names
from auth.rules import Domain, PersonStatus, Role, Seat
from auth.service import INSTALLATION, Appointment
from config import clock
from tests.auth.world import NEXT_TOWN, Browser, Known, World, day

TEMPORARY = re.compile(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}")


@pytest.fixture
def lead(world: World) -> Browser:
    """A process lead of Duinstede at the pages."""
    return world.signed_in(world.person(world.seat(Role.PROCESS_LEAD)))


def filled(world: World, **changed: str) -> dict[str, str]:
    return {
        "name": "Noor van den Berg-Özdemir",
        "sign_in_name": "noor@duinstede.example",
        "organisation": world.police.hex(),
        "municipality": "GM0001",
        "partner": "POL",
        "role": "professional",
        "from_on": "2026-11-02",
        "until_on": "",
    } | changed


def role(world: World, **changed: str) -> dict[str, str]:
    data = filled(world, **changed)
    return {name: data[name] for name in data if name not in {"name", "sign_in_name"}}


def path(known: Known, rest: str = "") -> str:
    return f"/people/{known.id.hex()}{rest}"


def title(answer: TestResponse) -> str:
    return answer.text.split("<title>")[1].split("</title>")[0]


def test_the_list_holds_everybody_within_reach_and_nobody_else(world: World, lead: Browser) -> None:
    near = world.person(world.seat(Role.PROFESSIONAL, world.police))
    far = world.person(world.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN))
    page = lead.get("/people").text
    assert near.sign_in_name in page
    assert far.sign_in_name not in page
    assert "Politie Duinstede" in page
    assert "Security" in page


def test_a_role_elsewhere_is_not_shown(world: World, lead: Browser) -> None:
    known = world.person(
        world.seat(Role.PROFESSIONAL), world.seat(Role.DPO, municipality=NEXT_TOWN)
    )
    assert NEXT_TOWN not in lead.get("/people").text
    page = lead.get(path(known)).text
    assert NEXT_TOWN not in page
    assert "cannot block it" in page


def test_the_list_can_be_of_one_organisation(world: World, lead: Browser) -> None:
    here = world.person(world.seat(Role.PROFESSIONAL))
    there = world.person(world.seat(Role.PROFESSIONAL, world.police))
    page = lead.get(f"/people?organisation={world.police.hex()}").text
    assert there.sign_in_name in page
    assert here.sign_in_name not in page
    assert "Nobody works here yet." in lead.get("/people?organisation=none").text


def test_a_long_list_comes_in_pages(world: World, lead: Browser) -> None:
    for _ in range(60):
        world.person()
    first, second = lead.get("/people").text, lead.get("/people?page=2").text
    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second
    assert "Page 2 of 2" in lead.get("/people?page=99").text
    for nonsense in ("0", "x", "-1"):
        assert "Page 1 of 2" in lead.get(f"/people?page={nonsense}").text


def test_codes_are_shown_by_the_names_the_product_gives(world: World, lead: Browser) -> None:
    world.app.extensions["auth_names"] = Names({"GM0001": "Duinstede"}, str.lower)
    page = lead.get("/people").text
    assert "Process lead · Gemeente Duinstede · Duinstede" in page
    assert "bur, gcr, gpr" in page


def test_an_account_is_opened_and_its_password_shown_once(world: World, lead: Browser) -> None:
    assert "New account" in lead.get("/people/new").text
    answer = lead.post("/people/new", filled(world))
    assert answer.status_code == 200
    found = TEMPORARY.search(answer.text)
    assert found
    assert answer.headers["Cache-Control"] == "no-store"
    browser = world.browser()
    assert browser.sign_in("noor@duinstede.example", found.group()).status_code == 303
    page = lead.get("/people").text
    assert "Noor van den Berg-Özdemir" in unescape(page)
    assert found.group() not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"sign_in_name": "geen adres"}, "Fill in an e-mail address"),
        ({"role": "koning"}, "Choose from the list."),
        ({"partner": "GPR"}, "does not take part as this"),
        ({"until_on": "2026-11-01"}, "The last day lies before the first."),
        ({"from_on": "gisteren"}, "Fill in a date"),
        ({"status": "active"}, "does not belong to the form"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(
    world: World, lead: Browser, changed: dict[str, str], said: str
) -> None:
    answer = lead.post("/people/new", filled(world, **changed))
    assert answer.status_code == 422
    assert said in answer.text
    if "name" not in changed:
        assert "Noor van den Berg-Özdemir" in unescape(answer.text)
    assert "noor@duinstede.example" not in lead.get("/people").text


def test_a_role_outside_ones_reach_is_refused_however_it_is_posted(
    world: World, lead: Browser
) -> None:
    known = world.person()
    for changed in ({"municipality": NEXT_TOWN}, {"role": "dpo"}):
        assert lead.post("/people/new", filled(world, **changed)).status_code == 403
        assert lead.post(path(known, "/roles"), role(world, **changed)).status_code == 403


def test_the_form_offers_only_what_could_be_given(world: World, lead: Browser) -> None:
    admin = world.signed_in(world.person(world.seat(Role.ORG_ADMIN, world.police)))
    of_lead, of_admin = lead.get("/people/new").text, admin.get("/people/new").text
    assert 'value="process_lead"' in of_lead
    assert 'value="dpo"' not in of_lead
    assert 'value="process_lead"' not in of_admin
    assert 'value="dpo"' in of_admin
    assert world.town.hex() in of_lead
    assert world.town.hex() not in of_admin


def test_a_list_with_one_choice_is_filled_in(world: World, lead: Browser) -> None:
    admin = world.signed_in(world.person(world.seat(Role.ORG_ADMIN, world.police)))
    page = admin.get("/people/new").text
    for value in (world.police.hex(), "GM0001", "POL"):
        assert f'value="{value}" selected' in page
    assert f'value="{world.police.hex()}" selected' not in lead.get("/people/new").text


def test_somebody_with_an_account_gets_the_role_in_it(world: World, lead: Browser) -> None:
    known = world.person(world.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN))
    typed = filled(world, sign_in_name=known.sign_in_name.upper())
    answer = lead.post("/people/new", typed)
    assert answer.status_code == 422
    assert "Is it the same person?" in answer.text
    answer = lead.post("/people/new", {**typed, "known": "true"})
    assert answer.location == path(known)
    assert "The role is given." in lead.get(path(known)).text
    nobody = filled(world, sign_in_name="niemand@duinstede.example", known="true")
    assert lead.post("/people/new", nobody).status_code == 404


def test_somebody_out_of_reach_is_not_there(world: World, lead: Browser) -> None:
    far = world.person(world.seat(Role.PROFESSIONAL, municipality=NEXT_TOWN))
    assert lead.get(path(far)).status_code == 404
    assert lead.get("/people/" + "0" * 32).status_code == 404
    for rest in ("/block", "/unblock", "/reset", "/roles"):
        assert lead.post(path(far, rest), role(world)).status_code == 404


def test_a_name_is_in_no_title_and_no_address(world: World, lead: Browser) -> None:
    known = world.person()
    answer = lead.get(path(known))
    assert "Persoon 2" in answer.text
    assert "Persoon" not in title(answer)


def test_a_role_is_given_and_ended(world: World, lead: Browser) -> None:
    known = world.person(world.seat(Role.PROFESSIONAL, world.police))
    answer = lead.post(path(known, "/roles"), role(world))
    assert answer.status_code == 422
    assert "This person has this role already." in answer.text
    assert lead.post(path(known, "/roles"), role(world, from_on="")).status_code == 422
    manager = role(world, role="case_manager", until_on="2026-12-31")
    answer = lead.post(path(known, "/roles"), manager)
    assert "The role is given." in lead.get(answer.location).text
    with world.app.app_context():
        ids = {one.role: one.id.hex() for one in world.memberships(known)}
    answer = lead.post(path(known, f"/roles/{ids[Role.CASE_MANAGER]}/end"))
    page = lead.get(answer.location).text
    assert "The role is ended." in page
    assert "ended on 2 November 2026" in page


def test_a_role_of_somebody_else_is_not_ended_through_this_page(
    world: World, lead: Browser
) -> None:
    one, other = world.person(), world.person()
    with world.app.app_context():
        (membership,) = world.memberships(other)
        wrong = path(one, f"/roles/{membership.id.hex()}/end")
    assert lead.post(wrong).status_code == 404


def test_the_button_is_missing_where_a_role_cannot_be_ended(world: World, lead: Browser) -> None:
    watcher = world.person(world.seat(Role.PRIVACY_OFFICER))
    assert "End this role" not in lead.get(path(watcher)).text
    assert "End this role" in lead.get(path(world.person())).text


def test_an_account_is_blocked_and_let_in_again(world: World, lead: Browser) -> None:
    known = world.person()
    browser = world.signed_in(known)
    assert "Unblock" not in lead.get(path(known)).text
    answer = lead.post(path(known, "/block"))
    page = lead.get(answer.location).text
    assert "blocked and signed out everywhere" in page
    assert "Unblock account" in page
    assert "Give a temporary password" not in page
    assert browser.get("/desk").status_code == 303
    answer = lead.post(path(known, "/unblock"))
    assert "can sign in again" in lead.get(answer.location).text
    assert lead.post(path(known, "/unblock")).status_code == 409
    with world.app.app_context():
        assert world.read(known).status is PersonStatus.ACTIVE


def test_a_lost_password_is_replaced_by_a_temporary_one(world: World, lead: Browser) -> None:
    known = world.person()
    answer = lead.post(path(known, "/reset"))
    found = TEMPORARY.search(answer.text)
    assert found
    assert "new temporary password" in answer.text
    assert world.browser().sign_in(known.sign_in_name, found.group()).status_code == 303


def test_ones_own_page_offers_nothing(world: World) -> None:
    known = world.person(world.seat(Role.PROCESS_LEAD))
    browser = world.signed_in(known)
    page = browser.get(path(known)).text
    assert "This is you." in page
    assert "Block account" not in page
    assert "Give this role" not in page
    assert browser.post(path(known, "/block")).status_code == 403


def test_somebody_whose_roles_all_ended_is_still_found(world: World, lead: Browser) -> None:
    known = world.person()
    with world.app.app_context():
        (membership,) = world.memberships(known)
        service.end_membership(INSTALLATION, membership.id)
    assert "no role now" in lead.get("/people").text
    page = lead.get(path(known)).text
    assert "No role now." in page
    assert "Earlier roles" in page


def test_a_role_that_begins_later_is_shown_already(world: World, lead: Browser) -> None:
    known = world.person()
    with world.app.app_context():
        later = Appointment(world.seat(Role.CASE_MANAGER), day("2027-01-01"), day("2027-02-01"))
        service.add_membership(INSTALLATION, known.id, later)
        assert clock.today() < later.from_on
    assert "1 January 2027" in lead.get(path(known)).text


def test_a_fictional_organisation_says_so(world: World, lead: Browser) -> None:
    with world.app.app_context():
        school = service.create_organisation(
            name="School Duinstede", partners=("SCH",), domain=Domain.SOCIAL, is_fictional=True
        )
        seat = Seat(school, "GM0001", "SCH", Role.PROFESSIONAL)
        service.create_person(
            INSTALLATION,
            name="Leraar",
            sign_in_name="leraar@duinstede.example",
            appointment=Appointment(seat, clock.today()),
        )
    assert "fictional" in lead.get("/people").text


def test_the_pages_speak_dutch_to_whoever_reads_dutch(world: World, lead: Browser) -> None:
    lead.post("/account/language", {"language": "nl"})
    page = lead.get("/people").text
    assert "Mensen en organisaties" in page
    assert "Procesregisseur" in page
    assert "Aanmelden" in world.browser().get("/sign-in", **{"Accept-Language": "nl"}).text


def test_a_new_colleague_first_reads_the_language_of_who_opened_the_account(
    world: World, lead: Browser
) -> None:
    lead.post("/people/new", filled(world))
    with world.app.app_context():
        created = queries.person_by_sign_in_name("noor@duinstede.example")
        assert created
        assert created.language == "en"
