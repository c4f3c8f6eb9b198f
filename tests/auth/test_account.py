"""One's own account: what one sees of it and changes in it."""

import pytest
from flask_login import current_user

from audit.entries import Action
from auth import current, service
from auth.names import Names
from auth.rules import Role
from config.database import db, settings
from config.errors import InvalidInputError, SignInRequiredError
from tests.auth.log import entries_of
from tests.auth.world import ADDRESS, OTHER_PASSWORD, PASSWORD, World


def test_it_shows_who_one_is_and_which_roles_one_has(world: World) -> None:
    known = world.person(world.seat(Role.CASE_MANAGER))
    page = world.signed_in(known).get("/account").text
    assert known.sign_in_name in page
    assert "Case manager" in page
    assert "Gemeente Duinstede" in page
    assert "second step off" in page


def test_without_a_role_it_says_whom_to_ask(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        (membership,) = world.memberships(known)
        service.end_membership(service.INSTALLATION, membership.id)
    assert "You have no role now." in world.signed_in(known).get("/account").text


def test_the_language_is_kept_with_the_person(world: World) -> None:
    known = world.person()
    browser = world.signed_in(known)
    assert "My account" in browser.get("/account").text
    browser.post("/account/language", {"language": "nl"})
    assert "Mijn account" in browser.get("/account").text
    with world.app.app_context():
        assert world.read(known).language == "nl"
    assert "Mijn account" in world.signed_in(known).get("/account").text
    assert browser.post("/account/language", {"language": "fr"}).status_code == 422
    assert browser.post("/account/language").status_code == 422
    with world.app.app_context(), pytest.raises(InvalidInputError):
        service.set_language(known.id, "fr")


def test_the_password_is_changed_by_whoever_knows_the_present_one(world: World) -> None:
    known = world.person()
    elsewhere, browser = world.signed_in(known), world.signed_in(known)
    assert "present password" in browser.get("/account/password").text
    old = browser.cookie
    typed = {"present": PASSWORD, "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    answer = browser.post("/account/password", typed)
    assert "Your password is changed." in browser.get(answer.location).text
    assert browser.cookie != old
    assert elsewhere.get("/desk").status_code == 303
    assert world.browser().sign_in(known.sign_in_name, PASSWORD).status_code == 422
    assert world.browser().sign_in(known.sign_in_name, OTHER_PASSWORD).status_code == 303
    change = entries_of(world.app, Action.ROLE_CHANGE)[-1]
    assert change.facts["change"] == "password-changed"
    assert change.actor.person == known.id.hex()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"present": "wrong", "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}, "present password"),
        ({"present": PASSWORD, "new": "Welkom2026!!", "again": "Welkom2026!!"}, "many people"),
        ({"present": PASSWORD, "new": OTHER_PASSWORD, "again": "x"}, "differs"),
        ({"present": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "Choose another password"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    world: World, typed: dict[str, str], said: str
) -> None:
    known = world.person()
    answer = world.signed_in(known).post("/account/password", typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert world.browser().sign_in(known.sign_in_name).status_code == 303


def test_guessing_the_present_password_waits_on_the_page(world: World) -> None:
    browser = world.signed_in(world.person())
    typed = {"present": "wrong", "new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    for _ in range(5):
        browser.post("/account/password", typed)
    assert browser.post("/account/password", typed).status_code == 429


def test_other_sessions_are_ended_and_this_one_stays(world: World) -> None:
    known = world.person()
    elsewhere, browser = world.signed_in(known), world.signed_in(known)
    stranger = world.signed_in(world.person())
    assert "Sign out everywhere else" in browser.get("/account").text
    answer = browser.post("/account/sessions/end-others")
    assert "signed out in 1 other browser" in browser.get(answer.location).text
    assert elsewhere.get("/desk").status_code == 303
    assert browser.get("/desk").status_code == 200
    assert stranger.get("/desk").status_code == 200
    assert "Sign out everywhere else" not in browser.get("/account").text


def test_nobody_is_nobody(world: World) -> None:
    with world.app.test_request_context("/"):
        assert current.current_session() is None
        assert current.live_memberships() == ()
        assert current.language() is None
        assert not current.is_signed_in()
        assert current.access_point() == ""
        current.keep_language("en")
        for ask in (current.current_person, current.actor, current.authority):
            with pytest.raises(SignInRequiredError):
                ask()


def test_who_asks_stays_readable_after_a_rollback(world: World) -> None:
    known = world.person(world.seat(Role.CASE_MANAGER))
    token = world.signed_in(known).cookie
    with world.app.test_request_context(headers={"Cookie": f"pga_session={token}"}):
        person = current.current_person()
        (membership,) = current.live_memberships()
        db.session.rollback()
        assert person.sign_in_name == known.sign_in_name
        assert membership.organisation.name == "Gemeente Duinstede"
        assert current.language() == "en"
        actor = current.actor(membership)
        assert (actor.partner, actor.role) == ("GPR", "case_manager")
        assert current.has_any_role(Role.CASE_MANAGER)
        assert person.is_authenticated
        assert person.is_active
        assert not person.is_anonymous
        assert person.get_id() == known.id.hex()
        current.keep_language("nl")
    with world.app.app_context():
        assert world.read(known).language == "nl"


def test_flask_login_knows_the_same_person(world: World) -> None:
    known = world.person()
    token = world.signed_in(known).cookie
    with world.app.test_request_context(headers={"Cookie": f"pga_session={token}"}):
        assert current_user.id == known.id
    with world.app.test_request_context():
        assert current_user.is_anonymous


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert Names().municipality("GM0999") == "GM0999"
    assert Names().partner("POL") == "POL"


def test_an_open_session_is_counted_by_the_settings(world: World) -> None:
    known = world.person()
    world.signed_in(known)
    with world.app.app_context():
        service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
        assert settings().session_idle.total_seconds() == 900
    assert "another browser" in world.signed_in(known).get("/account").text
