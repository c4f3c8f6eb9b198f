"""Guards: closed by default, and each lets in exactly whom it names."""

import pytest

from auth import guards
from auth.guards import HasRole, everyone, has_role
from auth.rules import Role
from tests.auth.world import World


def test_a_blueprint_that_is_not_listed_is_closed_to_everybody(world: World) -> None:
    browser = world.signed_in(world.person(*[world.seat(role) for role in Role]))
    assert world.browser().get("/attic").status_code == 403
    assert browser.get("/attic").status_code == 403


def test_an_unknown_address_is_not_found(world: World) -> None:
    assert world.browser().get("/no-such-page").status_code == 404
    assert world.browser().post("/desk/no-such-page").status_code == 404


def test_a_method_nobody_takes_says_so(world: World) -> None:
    answer = world.browser().get("/sign-out")
    assert answer.status_code == 405


def test_a_view_outside_any_blueprint_is_listed_by_its_endpoint(world: World) -> None:
    assert world.browser().get("/alone").status_code == 200


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_comes_back(world: World) -> None:
    answer = world.browser().get("/desk?tab=2")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/desk?tab%3D2"


def test_a_role_elsewhere_is_no_role_at_all(world: World) -> None:
    browser = world.signed_in(world.person(world.seat(Role.CASE_MANAGER)))
    assert browser.get("/watch").status_code == 403


def test_whoever_holds_the_role_is_let_in(world: World) -> None:
    browser = world.signed_in(world.person(world.seat(Role.PRIVACY_OFFICER)))
    assert browser.get("/watch").status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ORG_ADMIN, Role.PROCESS_LEAD}))
def test_only_administrators_and_process_leads_see_people(world: World, role: Role) -> None:
    browser = world.signed_in(world.person(world.seat(role)))
    assert browser.get("/people").status_code == 403
    assert browser.post("/people/new").status_code == 403


def test_a_half_signed_in_person_gets_no_further_than_the_next_step(strict: World) -> None:
    browser = strict.signed_in(strict.person())
    for path in ("/desk", "/watch", "/account", "/people"):
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.location == f"/sign-in/second-factor?next={path}"


def test_the_steps_of_sign_in_need_a_right_password_first(world: World) -> None:
    for path in ("/sign-in/code", "/sign-in/new-password", "/sign-in/second-factor"):
        assert world.browser().get(path).location.startswith("/sign-in?next=")


def test_a_guard_can_be_compared_and_named() -> None:
    assert has_role(Role.DPO, Role.PRIVACY_OFFICER) == has_role(Role.PRIVACY_OFFICER, Role.DPO)
    assert has_role(Role.DPO) == HasRole(frozenset({Role.DPO}))


def test_the_list_of_guards_can_be_read_from_the_app(world: World) -> None:
    assert world.app.extensions["guards"]["sign_in"] is everyone
    assert world.app.extensions["guards"]["desk"] is guards.signed_in


def test_no_page_may_be_kept_by_the_browser(world: World) -> None:
    browser = world.signed_in(world.person(world.seat(Role.ORG_ADMIN)))
    for path in ("/sign-in", "/account", "/account/password", "/people", "/people/new"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
