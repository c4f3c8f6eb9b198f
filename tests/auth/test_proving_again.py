"""Proving anew, in the middle of a session, that it is you."""

from datetime import timedelta

import pytest

from auth import service
from auth.errors import SignInThrottledError
from auth.models import LoginSession
from auth.rules import AuthLevel
from config.clock import FrozenClock
from config.database import db
from config.errors import InvalidInputError
from tests.auth.world import ADDRESS, PASSWORD, Known, World, code_of


def session(world: World, known: Known) -> LoginSession:
    """Open a session, in the app context of the caller."""
    opened = service.sign_in(known.sign_in_name, PASSWORD, access_point=ADDRESS)
    return db.session.get_one(LoginSession, opened.login.id)


def refused(login: LoginSession, **given: str) -> set[str]:
    with pytest.raises(InvalidInputError) as found:
        service.prove_again(login, access_point=ADDRESS, **given)
    return set(found.value.fields)


def test_who_has_a_second_factor_proves_it_with_a_fresh_code_that_works_once(
    world: World, clock: FrozenClock
) -> None:
    known = world.person()
    secret = world.enrol(known)
    with world.app.app_context():
        login = session(world, known)
        assert refused(login, code=code_of(secret)) == {"code"}
        clock.advance(timedelta(minutes=1))
        before = len(world.sessions(known))
        code = code_of(secret)
        assert service.prove_again(login, code=code, access_point=ADDRESS) is AuthLevel.TOTP
        assert refused(login, code=code) == {"code"}
        assert len(world.sessions(known)) == before


def test_a_password_does_not_stand_in_for_the_code(world: World) -> None:
    known = world.person()
    world.enrol(known)
    with world.app.app_context():
        assert refused(session(world, known), password=PASSWORD) == {"code"}


def test_where_no_second_factor_is_asked_the_password_is(world: World) -> None:
    known = world.person()
    with world.app.app_context():
        login = session(world, known)
        assert refused(login, password="something else") == {"password"}
        proven = service.prove_again(login, password=PASSWORD, access_point=ADDRESS)
        assert proven is AuthLevel.PASSWORD


def test_where_a_second_factor_is_asked_the_password_alone_proves_nothing(strict: World) -> None:
    known = strict.person()
    with strict.app.app_context():
        assert refused(session(strict, known), password=PASSWORD) == {"code"}


def test_guessing_has_to_wait_here_too(world: World) -> None:
    known = world.person()
    world.enrol(known)
    with world.app.app_context():
        login = session(world, known)
        for _ in range(5):
            assert refused(login, code="000000") == {"code"}
        with pytest.raises(SignInThrottledError):
            service.prove_again(login, code="000000", access_point=ADDRESS)
