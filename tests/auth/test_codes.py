"""The second factor in the product: set up once, asked every time, a code works once."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from audit.entries import Action
from auth import service
from auth.errors import CodeRefusedError, SignInThrottledError
from auth.models import LoginSession, Person
from auth.rules import AuthLevel, Role
from auth.service import INSTALLATION
from config.clock import FrozenClock
from config.database import db, transaction
from config.errors import InvalidInputError, SettingsError, SignInRequiredError
from config.keys import KeyUnavailableError
from config.settings import Mode, Settings
from tests.auth.log import break_log, entries_of
from tests.auth.world import ADDRESS, OTHER_PASSWORD, PASSWORD, Browser, Known, World, code_of


def secret_on(browser: Browser, path: str) -> str:
    """Read the secret a page shows for typing over."""
    found = re.search(r'class="number">([A-Z2-7 ]+)<', browser.get(path).text)
    assert found
    return found.group(1).replace(" ", "")


def signed_in_session(world: World, known: Known) -> LoginSession:
    """Open a session that has proven a password, in the app context of the caller."""
    opened = service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
    return db.session.get_one(LoginSession, opened.login.id)


def test_production_does_not_start_without_a_second_factor(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="second factor"):
        Settings(
            mode=Mode.PRODUCTION,
            data_dir=settings.data_dir,
            app_url=settings.app_url,
            keys_url=settings.keys_url,
            audit_url=settings.audit_url,
            secret_key=settings.secret_key,
            kek=settings.kek,
            second_factor=False,
        )


def test_where_it_is_asked_nobody_gets_in_before_setting_it_up(strict: World) -> None:
    browser = strict.signed_in(strict.person())
    landed = browser.get("/sign-in/on?next=/desk")
    assert landed.location == "/sign-in/second-factor?next=/desk"
    secret = secret_on(browser, "/sign-in/second-factor")
    assert secret_on(browser, "/sign-in/second-factor") == secret
    answer = browser.post("/sign-in/second-factor?next=/desk", {"code": code_of(secret)})
    assert browser.get(answer.location).location == "/desk"
    assert browser.get("/desk").status_code == 200


def test_the_picture_is_drawn_without_asking_anybody_else(strict: World) -> None:
    page = strict.signed_in(strict.person()).get("/sign-in/second-factor").text
    assert 'src="data:image/svg+xml' in page


def test_a_wrong_first_code_sets_nothing_up(strict: World) -> None:
    known = strict.person()
    browser = strict.signed_in(known)
    browser.get("/sign-in/second-factor")
    answer = browser.post("/sign-in/second-factor", {"code": "000000"})
    assert answer.status_code == 422
    assert "not right or was used before" in answer.text
    with strict.app.app_context():
        assert not strict.read(known).is_enrolled


def test_an_empty_code_is_asked_for_again(strict: World) -> None:
    browser = strict.signed_in(strict.person())
    assert browser.post("/sign-in/second-factor", {"code": ""}).status_code == 422


def test_once_set_up_the_code_is_asked_at_every_sign_in(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = world.signed_in(known)
    assert browser.get("/desk").location == "/sign-in/code?next=/desk"
    page = browser.get("/sign-in/code?next=/desk")
    assert "one-time-code" in page.text
    assert browser.post("/sign-in/code", {"code": " "}).status_code == 422
    answer = browser.post("/sign-in/code?next=/desk", {"code": code_of(secret)})
    assert browser.get(answer.location).location == "/desk"
    assert browser.get("/desk").status_code == 200


def test_a_step_that_is_not_asked_sends_on(world: World) -> None:
    browser = world.signed_in(world.person())
    for path in ("/sign-in/code", "/sign-in/second-factor", "/sign-in/new-password"):
        assert browser.get(f"{path}?next=/desk").location == "/sign-in/on?next=/desk"
        assert browser.post(path).location == "/sign-in/on"


def test_a_code_that_was_used_opens_no_second_session(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    code = code_of(secret)
    assert world.signed_in(known).post("/sign-in/code", {"code": code}).status_code == 303
    answer = world.signed_in(known).post("/sign-in/code", {"code": code})
    assert answer.status_code == 422
    assert "used before" in answer.text


def test_the_code_that_confirmed_the_set_up_cannot_be_used_again(world: World) -> None:
    known = world.person()
    secret = world.enrol(known)
    answer = world.signed_in(known).post("/sign-in/code", {"code": code_of(secret)})
    assert answer.status_code == 422


def test_of_two_requests_with_the_same_code_one_gets_in(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    code = code_of(secret)
    with world.app.app_context():
        ids = [signed_in_session(world, known).id for _ in range(2)]
    gate = threading.Barrier(2)
    outcomes: list[str] = []

    def prove(session_id: bytes) -> None:
        with world.app.app_context():
            login = db.session.get_one(LoginSession, session_id)
            gate.wait()
            try:
                service.prove_code(login, code, access_point=ADDRESS)
                outcomes.append("in")
            except CodeRefusedError:
                outcomes.append("refused")

    threads = [threading.Thread(target=prove, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused"]


def test_a_code_is_used_up_even_when_the_log_then_fails(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = world.signed_in(known)
    break_log(world.app)
    assert browser.post("/sign-in/code", {"code": code_of(secret)}).status_code == 503
    with world.app.app_context():
        assert [one.auth_level for one in world.sessions(known)].count(AuthLevel.TOTP) == 1
        assert world.read(known).totp_last_step == int(clock.now().timestamp()) // 30


def test_guessing_codes_has_to_wait(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = world.signed_in(known)
    for _ in range(5):
        assert browser.post("/sign-in/code", {"code": "000000"}).status_code == 422
    answer = browser.post("/sign-in/code", {"code": code_of(secret)})
    assert answer.status_code == 429
    assert "Try again in" in answer.text


def test_guessing_goes_on_counting_over_a_new_sign_in(world: World, clock: FrozenClock) -> None:
    known = world.person()
    world.enrol(known)
    clock.advance(timedelta(minutes=1))
    for _ in range(5):
        world.signed_in(known).post("/sign-in/code", {"code": "000000"})
    assert world.signed_in(known).post("/sign-in/code", {"code": "000000"}).status_code == 429


def test_guessing_at_the_set_up_has_to_wait_too(strict: World) -> None:
    browser = strict.signed_in(strict.person())
    browser.get("/sign-in/second-factor")
    for _ in range(5):
        browser.post("/sign-in/second-factor", {"code": "000000"})
    assert browser.post("/sign-in/second-factor", {"code": "000000"}).status_code == 429


def test_signing_in_with_a_code_is_an_entry_of_its_own(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    world.signed_in(known).post("/sign-in/code", {"code": code_of(secret)})
    levels = [one.actor.auth_level for one in entries_of(world.app, Action.LOGIN)]
    assert levels == ["password", "password", "totp"]
    (change,) = [
        one
        for one in entries_of(world.app, Action.ROLE_CHANGE)
        if one.facts["change"] == "second-factor-set-up"
    ]
    assert change.actor.person == change.object == known.id.hex()


def test_setting_it_up_ends_every_other_session(world: World) -> None:
    known = world.person()
    elsewhere = world.signed_in(known)
    browser = world.signed_in(known)
    secret = secret_on(browser, "/account/second-factor")
    answer = browser.post("/account/second-factor", {"code": code_of(secret)})
    assert "signed out everywhere else" in browser.get(answer.location).text
    assert elsewhere.get("/desk").status_code == 303


def test_replacing_it_needs_the_password_again(world: World, clock: FrozenClock) -> None:
    known = world.person()
    old = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    browser = world.signed_in(known)
    browser.post("/sign-in/code", {"code": code_of(old)})
    new = secret_on(browser, "/account/second-factor")
    typed = {"code": code_of(new), "password": "not this password"}
    refused = browser.post("/account/second-factor", typed)
    assert refused.status_code == 422
    assert "This is not your present password." in refused.text
    assert browser.post("/account/second-factor", {"code": code_of(new)}).status_code == 422
    assert browser.post("/account/second-factor", {"code": " "}).status_code == 422
    wrong = browser.post("/account/second-factor", {"code": "000000", "password": PASSWORD})
    assert wrong.status_code == 422
    typed["password"] = PASSWORD
    assert browser.post("/account/second-factor", typed).status_code == 303
    clock.advance(timedelta(minutes=1))
    again = world.signed_in(known)
    assert again.post("/sign-in/code", {"code": code_of(old)}).status_code == 422
    assert again.post("/sign-in/code", {"code": code_of(new)}).status_code == 303


def test_a_secret_copied_to_somebody_elses_account_does_not_open(world: World) -> None:
    one, other = world.person(), world.person()
    world.enrol(one)
    with world.app.app_context():
        sealed = world.read(one).totp_sealed
        with transaction():
            db.session.execute(
                update(Person).where(Person.id == other.id).values(totp_sealed=sealed)
            )
        login = signed_in_session(world, other)
        with pytest.raises(KeyUnavailableError):
            service.prove_code(login, "000000", access_point=ADDRESS)


def test_the_secret_is_not_in_the_database(world: World) -> None:
    known = world.person()
    secret = world.enrol(known)
    with world.app.app_context():
        person = world.read(known)
        assert person.totp_sealed
        assert secret.encode() not in person.totp_sealed


def test_without_a_second_factor_no_code_is_right(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        login = signed_in_session(world, known)
        with pytest.raises(CodeRefusedError):
            service.prove_code(login, "000000", access_point=ADDRESS)
        with pytest.raises(CodeRefusedError):
            service.enrol(login, "000000", access_point=ADDRESS)


def test_blocking_between_password_and_code_wins(world: World, clock: FrozenClock) -> None:
    known = world.person()
    secret = world.enrol(known)
    clock.advance(timedelta(minutes=1))
    with world.app.app_context():
        login = signed_in_session(world, known)
        service.block_person(INSTALLATION, known.id)
        with pytest.raises(SignInRequiredError):
            service.prove_code(login, code_of(secret), access_point=ADDRESS)


# A person's own password, here because it shares the counting and the fresh session.


def test_a_temporary_password_is_replaced_before_anything_else(world: World) -> None:
    known, temporary = world.pending(world.seat(Role.PROFESSIONAL))
    browser = world.browser()
    browser.sign_in(known.sign_in_name, temporary)
    assert browser.get("/desk").location == "/sign-in/new-password?next=/desk"
    assert "temporary password" in browser.get("/sign-in/new-password").text
    typed = {"new": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    answer = browser.post("/sign-in/new-password?next=/desk", typed)
    assert browser.get(answer.location).location == "/desk"
    assert browser.get("/desk").status_code == 200
    assert world.browser().sign_in(known.sign_in_name, temporary).status_code == 422
    assert world.browser().sign_in(known.sign_in_name, OTHER_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("kort", "kort", "at least 12"),
        (OTHER_PASSWORD, PASSWORD, "This differs from the password above."),
        ("", "", "Fill this in."),
    ],
)
def test_a_first_password_that_will_not_do_is_asked_for_again(
    world: World, new: str, again: str, said: str
) -> None:
    known, temporary = world.pending(world.seat(Role.PROFESSIONAL))
    browser = world.browser()
    browser.sign_in(known.sign_in_name, temporary)
    answer = browser.post("/sign-in/new-password", {"new": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.text
    assert browser.get("/desk").status_code == 303


def test_the_temporary_password_cannot_stay(world: World) -> None:
    known, temporary = world.pending(world.seat(Role.PROFESSIONAL))
    browser = world.browser()
    browser.sign_in(known.sign_in_name, temporary)
    answer = browser.post("/sign-in/new-password", {"new": temporary, "again": temporary})
    assert "Choose another password than the one you have." in answer.text


def test_only_a_temporary_password_can_be_replaced_without_the_present_one(
    world: World,
) -> None:
    known = world.person()
    with world.app.app_context():
        login = signed_in_session(world, known)
        with pytest.raises(SignInRequiredError):
            service.choose_password(login, OTHER_PASSWORD)


def test_guessing_the_present_password_has_to_wait(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        login = signed_in_session(world, known)
        for _ in range(5):
            with pytest.raises(InvalidInputError):
                service.change_password(login, "wrong", OTHER_PASSWORD, access_point=ADDRESS)
        with pytest.raises(SignInThrottledError):
            service.change_password(login, PASSWORD, OTHER_PASSWORD, access_point=ADDRESS)
