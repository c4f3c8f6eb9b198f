"""Login sessions: a fresh token at every step, an end on the server, a look at every request."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from auth import queries, service
from auth.models import LoginSession
from auth.rules import PersonStatus, Role
from auth.service import INSTALLATION, sessions
from config import database
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import SignInRequiredError
from config.settings import Settings
from tests.auth.conftest import composed
from tests.auth.world import PASSWORD, Browser, World, code_of


def is_in(browser: Browser) -> bool:
    """Tell whether a browser gets to its desk."""
    return browser.get("/desk").status_code == 200


def test_signing_in_changes_the_token_and_the_old_one_opens_nothing(world: World) -> None:
    known = world.person()
    browser = world.signed_in(known)
    first = browser.cookie
    browser.sign_in(known.sign_in_name)
    assert browser.cookie != first
    assert is_in(browser)


def test_a_token_planted_before_signing_in_is_never_taken_over(world: World) -> None:
    browser = world.browser()
    browser.carry("planted-by-somebody-else")
    browser.sign_in(world.person().sign_in_name)
    assert browser.cookie != "planted-by-somebody-else"
    thief = world.browser()
    thief.carry("planted-by-somebody-else")
    assert not is_in(thief)


def test_after_signing_out_the_token_opens_nothing_in_any_browser(world: World) -> None:
    browser = world.signed_in(world.person())
    stolen = browser.cookie
    assert stolen
    answer = browser.post("/sign-out")
    assert answer.status_code == 303
    assert browser.cookie is None
    thief = world.browser()
    thief.carry(stolen)
    assert not is_in(thief)
    assert "You are signed out." in browser.get(answer.location).text


def test_signing_out_when_nobody_is_signed_in_does_no_harm(world: World) -> None:
    assert world.browser().post("/sign-out").status_code == 303


def test_going_on_without_a_session_leads_to_sign_in(world: World) -> None:
    assert world.browser().get("/sign-in/on?next=/desk").location == "/sign-in?next=/desk"


def test_signing_out_by_a_link_is_not_possible(world: World) -> None:
    browser = world.signed_in(world.person())
    assert browser.get("/sign-out").status_code == 405
    assert is_in(browser)


def test_the_token_of_before_the_code_opens_nothing_after_it(
    strict: World, clock: FrozenClock
) -> None:
    known = strict.person()
    secret = strict.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = strict.signed_in(known)
    half = browser.cookie
    assert half
    assert not is_in(browser)
    browser.post("/sign-in/code", {"code": code_of(secret)})
    assert is_in(browser)
    assert browser.cookie != half
    thief = strict.browser()
    thief.carry(half)
    assert not is_in(thief)


def test_a_session_ends_after_an_idle_quarter_of_an_hour(world: World, clock: FrozenClock) -> None:
    browser = world.signed_in(world.person())
    for _ in range(5):
        clock.advance(timedelta(minutes=14))
        assert is_in(browser)
    clock.advance(timedelta(minutes=15))
    assert not is_in(browser)


def test_a_session_ends_after_ten_hours_however_busy(world: World, clock: FrozenClock) -> None:
    browser = world.signed_in(world.person())
    for _ in range(59):
        clock.advance(timedelta(minutes=10))
        assert is_in(browser)
    clock.advance(timedelta(minutes=10))
    assert not is_in(browser)


def test_a_further_step_does_not_stretch_the_ten_hours(strict: World, clock: FrozenClock) -> None:
    known = strict.person()
    secret = strict.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = strict.signed_in(known)
    clock.advance(timedelta(minutes=10))
    browser.post("/sign-in/code", {"code": code_of(secret)})
    with strict.app.app_context():
        first, second = strict.sessions(known)[-2:]
        assert second.absolute_end_at == first.absolute_end_at


def test_use_is_noted_once_a_minute_so_that_reading_costs_no_commit(
    world: World, clock: FrozenClock
) -> None:
    browser = world.signed_in(world.person())
    written = []
    engine = world.app.extensions["stores"].app
    event.listen(engine, "commit", lambda _: written.append(1))
    browser.get("/desk")
    browser.get("/desk")
    assert written == []
    clock.advance(timedelta(minutes=1))
    browser.get("/desk")
    browser.get("/desk")
    assert len(written) == 1


def test_a_blocked_account_loses_its_other_sessions_at_the_next_request(world: World) -> None:
    known = world.person()
    here, there = world.signed_in(known), world.signed_in(known)
    with world.app.app_context():
        service.block_person(INSTALLATION, known.id)
    assert not is_in(here)
    assert not is_in(there)


def test_a_blocked_account_gets_nowhere_with_a_session_that_was_left_open(world: World) -> None:
    known = world.person()
    browser = world.signed_in(known)
    with world.app.app_context(), transaction():
        world.read(known).status = PersonStatus.BLOCKED
    assert not is_in(browser)


def test_a_role_that_ends_is_gone_at_the_next_request(world: World) -> None:
    known = world.person(world.seat(Role.PRIVACY_OFFICER))
    browser = world.signed_in(known)
    assert browser.get("/watch").status_code == 200
    with world.app.app_context():
        (membership,) = world.memberships(known)
        service.end_membership(INSTALLATION, membership.id)
    assert browser.get("/watch").status_code == 403
    assert is_in(browser)


def test_a_role_ends_at_midnight_in_amsterdam(world: World, clock: FrozenClock) -> None:
    known = world.person(world.seat(Role.PRIVACY_OFFICER))
    with world.app.app_context(), transaction():
        (membership,) = world.memberships(known)
        membership.until_on = clock.now().date()
    clock.advance(timedelta(hours=13, minutes=55))  # 22:55 in UTC, 23:55 in Amsterdam
    browser = world.signed_in(known)
    assert browser.get("/watch").status_code == 200
    clock.advance(timedelta(minutes=5))
    assert browser.get("/watch").status_code == 403


def test_a_session_that_was_ended_is_not_followed_by_another(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        opened = service.sign_in(known.sign_in_name, PASSWORD, access_point="")
        login = opened.login
        with transaction():
            sessions.end_all(known.id)
        next_one = sessions.prepare(known.id, login.auth_level)
        with pytest.raises(SignInRequiredError), transaction():
            sessions.replace(login, next_one)
        assert len(world.sessions(known)) == 1


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    answer = world.browser().sign_in(world.person().sign_in_name)
    cookies = [value for name, value in answer.headers if name == "Set-Cookie"]
    (ours,) = [one for one in cookies if one.startswith("pga_session=")]
    assert "HttpOnly" in ours
    assert "SameSite=Lax" in ours
    assert "Path=/" in ours
    assert "Max-Age" not in ours


def test_over_https_the_cookies_are_held_to_this_host(
    settings: Settings, clock: FrozenClock
) -> None:
    _ = clock
    with composed(replace(settings, secure_cookies=True)) as app:
        world = World(app)
        known = world.person()
        client = app.test_client()
        base = "https://localhost"
        page = client.get("/sign-in", base_url=base)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        typed = {
            "sign_in_name": known.sign_in_name,
            "password": PASSWORD,
            "csrf_token": token,
        }
        answer = client.post("/sign-in", base_url=base, data=typed)
        assert answer.status_code == 303
        names = [value for name, value in answer.headers if name == "Set-Cookie"]
        assert {one.split("=")[0] for one in names} == {"__Host-session", "__Host-form"}
        assert all("Secure" in one and "Domain" not in one for one in names)
        assert client.get("/desk", base_url=base).status_code == 200


def test_the_cookies_of_flask_login_open_nothing(world: World) -> None:
    known = world.person()
    browser = world.browser()
    with browser.client.session_transaction() as kept:
        kept["_user_id"] = known.id.hex()
        kept["_fresh"] = True
    browser.client.set_cookie("remember_token", f"{known.id.hex()}|whatever")
    assert not is_in(browser)


def test_a_page_reads_who_asks_with_a_fixed_number_of_queries(world: World) -> None:
    few = world.person(world.seat(Role.PRIVACY_OFFICER))
    many = world.person(
        *[
            world.seat(Role.PRIVACY_OFFICER, municipality=f"GM{number:04}")
            for number in range(1, 30)
        ]
    )
    counts = []
    engine = world.app.extensions["stores"].app
    for known in (few, many):
        browser = world.signed_in(known)
        seen: list[str] = []

        def note(*args: object, seen: list[str] = seen) -> None:
            seen.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        assert browser.get("/watch").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts == [2, 2]


def test_without_a_cookie_nothing_is_read(world: World) -> None:
    engine = world.app.extensions["stores"].app
    seen: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args))
    world.browser().get("/desk")
    assert seen == []


def test_old_sessions_and_counters_are_swept_and_open_ones_stay(
    world: World, clock: FrozenClock
) -> None:
    known = world.person()
    world.signed_in(known)
    world.browser().sign_in("niemand@duinstede.example")
    clock.advance(timedelta(hours=35))
    world.signed_in(known)
    with world.app.app_context():
        service.sweep()
        service.sweep()
        assert len(world.sessions(known)) == 1
        assert queries.open_sessions(known.id, clock.now(), database.settings().session_idle)


def test_an_ended_session_is_not_revived_by_being_used(world: World, clock: FrozenClock) -> None:
    known = world.person()
    browser = world.signed_in(known)
    with world.app.app_context(), transaction():
        db.session.execute(update(LoginSession).values(ended_at=clock.now()))
    clock.advance(timedelta(minutes=5))
    assert not is_in(browser)
    with world.app.app_context():
        (login,) = world.sessions(known)
        assert login.last_seen_at == login.created_at
