"""Signing in: one answer for everything that is wrong, an entry before anything opens."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from audit.entries import Action
from auth import passwords, service
from auth.demo import DemoAccount
from auth.errors import SignInRefusedError, SignInThrottledError
from auth.models import FailedAttempts, LoginSession
from auth.rules import AuthLevel, PersonStatus, Role
from auth.service import INSTALLATION
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import StoreUnavailableError
from config.settings import Argon2Cost, Mode, Settings
from tests.auth.conftest import composed
from tests.auth.log import break_log, entries_of
from tests.auth.world import ADDRESS, PASSWORD, Known, World

NOBODY = "niemand@duinstede.example"


def visible(answer: TestResponse) -> tuple[int, str, list[str]]:
    """What a browser sees of an answer, without its token and what was typed."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)
    text = re.sub(r'value="[^"]*@[^"]*"', "", text)
    return answer.status_code, text, sorted(answer.headers.keys())


def test_a_right_password_opens_the_page_one_was_going_to(world: World) -> None:
    browser = world.browser()
    answer = browser.sign_in(world.person().sign_in_name, going="/desk")
    assert answer.status_code == 303
    landed = browser.get(answer.location)
    assert landed.location == "/desk"
    assert browser.get("/desk").text == "taken: "


def test_a_sign_in_name_is_read_without_capitals_and_spaces(world: World) -> None:
    known = world.person()
    assert world.browser().sign_in(f" {known.sign_in_name.upper()} ").status_code == 303


def test_whoever_is_signed_in_already_goes_on(world: World) -> None:
    browser = world.signed_in(world.person())
    assert browser.get("/sign-in?next=/desk").location == "/desk"
    assert browser.get("/sign-in?next=//evil.example").location == "/"


@pytest.mark.parametrize("missing", ["sign_in_name", "password"])
def test_an_empty_field_is_asked_for_again(world: World, missing: str) -> None:
    typed = {"sign_in_name": NOBODY, "password": PASSWORD, "next": ""} | {missing: " "}
    answer = world.browser().post("/sign-in", typed)
    assert answer.status_code == 422
    assert "Fill this in." in answer.text
    assert PASSWORD not in answer.text


def test_a_field_nobody_asked_for_is_refused(world: World) -> None:
    known = world.person()
    typed = {"sign_in_name": known.sign_in_name, "password": PASSWORD, "role": "dpo"}
    assert world.browser().post("/sign-in", typed).status_code == 422


def blocked(world: World) -> Known:
    known = world.person()
    with world.app.app_context():
        service.block_person(INSTALLATION, known.id)
    return known


def test_unknown_wrong_and_blocked_get_the_same_answer(world: World) -> None:
    someone, shut_out = world.person(), blocked(world)
    answers = [
        visible(world.browser().sign_in(NOBODY)),
        visible(world.browser().sign_in(someone.sign_in_name, "not this password")),
        visible(world.browser().sign_in(shut_out.sign_in_name, PASSWORD)),
    ]
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2]


def test_each_refusal_does_the_same_work_and_is_one_entry(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    real = passwords.fits

    def counted(password: str, owner: bytes, hashed: str | None, cost: Argon2Cost) -> bool:
        done.append(password)
        return real(password, owner, hashed, cost)

    monkeypatch.setattr(passwords, "fits", counted)
    someone, shut_out = world.person(), blocked(world)
    for name in (NOBODY, someone.sign_in_name, shut_out.sign_in_name):
        before = len(entries_of(world.app, Action.LOGIN_FAIL))
        world.browser().sign_in(name, "not this password")
        assert len(entries_of(world.app, Action.LOGIN_FAIL)) == before + 1
    assert len(done) == 3


def test_the_log_says_why_and_never_what_was_typed(world: World) -> None:
    someone, shut_out = world.person(), blocked(world)
    world.browser().sign_in("mijn geheime wachtwoord in het naamveld")
    world.browser().sign_in(someone.sign_in_name, "not this password")
    world.browser().sign_in(shut_out.sign_in_name)
    found = entries_of(world.app, Action.LOGIN_FAIL)
    assert [one.facts["why"] for one in found] == ["unknown", "wrong-password", "blocked"]
    assert [one.object for one in found[1:]] == [someone.id.hex(), shut_out.id.hex()]
    assert "geheim" not in str(found)
    assert len(found[0].object) == 64


def test_a_temporary_password_stops_after_seven_days(world: World, clock: FrozenClock) -> None:
    known, temporary = world.pending(world.seat(Role.PROFESSIONAL))
    clock.advance(timedelta(days=7))
    assert world.browser().sign_in(known.sign_in_name, temporary).status_code == 422
    last = entries_of(world.app, Action.LOGIN_FAIL)[-1]
    assert last.facts["why"] == "temporary-password-too-old"


def test_signing_in_is_an_entry_with_person_organisation_and_session(world: World) -> None:
    known = world.person(world.seat(Role.CASE_MANAGER))
    world.signed_in(known)
    (entry,) = entries_of(world.app, Action.LOGIN)
    with world.app.app_context():
        (login,) = world.sessions(known)
        assert entry.actor.person == known.id.hex()
        assert entry.actor.organisation == world.town.hex()
        assert entry.actor.role == "case_manager"
        assert entry.actor.session == login.id.hex()
        assert entry.actor.auth_level == AuthLevel.PASSWORD
    assert entry.facts["access_point"] == "127.0.0.1"


def test_two_organisations_are_both_left_out_of_the_entry(world: World) -> None:
    world.signed_in(
        world.person(world.seat(Role.PROFESSIONAL), world.seat(Role.PROFESSIONAL, world.police))
    )
    (entry,) = entries_of(world.app, Action.LOGIN)
    assert entry.actor.organisation == ""
    assert entry.actor.role == "professional"


def test_without_an_entry_no_session_opens(world: World) -> None:
    known = world.person()
    break_log(world.app)
    browser = world.browser()
    assert browser.sign_in(known.sign_in_name).status_code == 503
    assert browser.cookie is None
    with world.app.app_context():
        assert world.sessions(known) == []


def test_without_a_log_a_wrong_password_gets_no_answer_either(world: World) -> None:
    known = world.person()
    break_log(world.app)
    with world.app.app_context(), pytest.raises(StoreUnavailableError):
        service.sign_in(known.sign_in_name, "not this password", access_point=ADDRESS)


def fail(world: World, name: str, times: int, address: str = ADDRESS) -> None:
    for _ in range(times):
        with world.app.app_context(), pytest.raises(SignInRefusedError):
            service.sign_in(name, "not this password", access_point=address)


@pytest.mark.parametrize("exists", [True, False], ids=["account", "nobody"])
def test_after_five_failures_one_waits_whether_the_account_exists_or_not(
    world: World,
    exists: bool,  # noqa: FBT001
) -> None:
    name = world.person().sign_in_name if exists else NOBODY
    fail(world, name, 5)
    answer = world.browser().sign_in(name)
    assert answer.status_code == 429
    assert "Try again in 1 minutes." in answer.text
    assert "taken" not in answer.text


def test_after_waiting_the_right_password_works_again(world: World, clock: FrozenClock) -> None:
    known = world.person()
    fail(world, known.sign_in_name, 5)
    clock.advance(timedelta(seconds=30))
    assert world.browser().sign_in(known.sign_in_name).status_code == 303
    fail(world, known.sign_in_name, 4)


def test_every_further_failure_doubles_the_wait(world: World, clock: FrozenClock) -> None:
    known = world.person()
    fail(world, known.sign_in_name, 5)
    clock.advance(timedelta(seconds=30))
    fail(world, known.sign_in_name, 1)
    clock.advance(timedelta(seconds=59))
    with world.app.app_context(), pytest.raises(SignInThrottledError):
        service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)


def test_failures_of_yesterday_are_forgotten(world: World, clock: FrozenClock) -> None:
    known = world.person()
    fail(world, known.sign_in_name, 4)
    clock.advance(timedelta(hours=25))
    fail(world, known.sign_in_name, 4)


def test_the_first_refusal_of_a_wait_is_an_entry_and_the_others_are_not(
    world: World, clock: FrozenClock
) -> None:
    known = world.person()
    fail(world, known.sign_in_name, 5)
    for _ in range(3):
        world.browser().sign_in(known.sign_in_name)
    found = [one.facts["why"] for one in entries_of(world.app, Action.LOGIN_FAIL)]
    assert found.count("throttled") == 1
    clock.advance(timedelta(seconds=30))
    fail(world, known.sign_in_name, 1)
    world.browser().sign_in(known.sign_in_name)
    found = [one.facts["why"] for one in entries_of(world.app, Action.LOGIN_FAIL)]
    assert found.count("throttled") == 2


def test_one_address_that_tries_many_names_has_to_wait(world: World) -> None:
    known = world.person()
    for number in range(50):
        fail(world, f"naam{number}@duinstede.example", 1)
    with world.app.app_context():
        with pytest.raises(SignInThrottledError):
            service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
        service.sign_in(known.sign_in_name, PASSWORD, access_point="192.0.2.8")


def test_a_proxy_on_our_own_machine_never_has_to_wait(world: World) -> None:
    known = world.person()
    for number in range(60):
        fail(world, f"naam{number}@duinstede.example", 1, address="127.0.0.1")
    assert world.browser().sign_in(known.sign_in_name).status_code == 303


def test_an_office_that_signs_in_all_day_never_has_to_wait(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        for _ in range(60):
            service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
        assert db.session.scalar(select(func.max(FailedAttempts.failures))) == 0


def test_one_right_password_does_not_forgive_an_address_its_failures(world: World) -> None:
    known = world.person()
    fail(world, NOBODY, 4)
    with world.app.app_context():
        service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
        assert db.session.scalar(select(func.max(FailedAttempts.failures))) == 4


def test_what_is_counted_is_kept_as_a_keyed_hash(world: World) -> None:
    fail(world, NOBODY, 1)
    with world.app.app_context():
        kept = db.session.scalars(select(FailedAttempts.counted)).all()
    assert all(len(one) == 32 and NOBODY.encode() not in one for one in kept)


def test_a_dearer_setting_rehashes_at_the_next_sign_in(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        before = world.read(known).password_hash
        cheap = world.app.extensions["settings"].argon2
        with transaction():
            dear = Argon2Cost(time=2, memory_kib=cheap.memory_kib, parallelism=1)
            world.read(known).password_hash = passwords.hash_password(PASSWORD, known.id, dear)
    world.signed_in(known)
    with world.app.app_context():
        after = world.read(known).password_hash
    assert after.split("$")[3] == before.split("$")[3]


def test_a_session_is_stored_as_a_hash_and_never_as_its_token(world: World) -> None:
    known = world.person()
    browser = world.signed_in(known)
    assert browser.cookie is not None
    assert len(browser.cookie) == 43
    with world.app.app_context():
        (kept,) = db.session.scalars(select(LoginSession.token_hash))
    assert browser.cookie.encode() not in kept
    assert len(kept) == 32


def test_an_account_that_waits_for_its_own_password_is_pending(world: World) -> None:
    known, _ = world.pending(world.seat(Role.PROFESSIONAL))
    with world.app.app_context():
        assert world.read(known).status is PersonStatus.PENDING


def test_a_demo_shows_its_accounts(settings: Settings, clock: FrozenClock) -> None:
    _ = clock
    with composed(replace(settings, mode=Mode.DEMO)) as app:
        world = World(app)
        known = world.person()
        shown = DemoAccount(known.sign_in_name, PASSWORD, "Sanne", "Case manager")
        app.extensions["demo_accounts"] = (shown,)
        page = world.browser().get("/sign-in").text
        assert "Accounts to try" in page
        assert known.sign_in_name in page


def test_no_other_installation_shows_accounts(world: World) -> None:
    shown = DemoAccount("sanne@duinstede.example", PASSWORD, "Sanne", "Case manager")
    world.app.extensions["demo_accounts"] = (shown,)
    page = world.browser().get("/sign-in").text
    assert "Accounts to try" not in page
    assert PASSWORD not in page
