"""The second factor at sign-in and its enrolment; a code works once."""

from typing import NoReturn

from sqlalchemy import or_, update

from auth import queries, second_factor
from auth.errors import CodeRefusedError
from auth.models import LoginSession, Person
from auth.rules import AuthLevel, Counted
from auth.service import attempts, entries, own_account, sessions
from auth.service.sessions import Opened
from auth.service.signing_in import record_sign_in
from config import clock
from config.database import db, settings, transaction
from config.errors import InvalidInputError
from config.ids import to_hex
from config.keys import kek

SEED_LABEL = b"auth.totp:"


def prove_code(login: LoginSession, code: str, *, access_point: str) -> Opened:
    """Check a code of the second factor and open the session that has proven it.

    The code is used up before anything opens, so it works once, also for two requests at the
    same moment. Raises CodeRefusedError or SignInThrottledError.
    """
    person = own_account.account_of(login)
    counted = {Counted.CODE: to_hex(person.id)}
    attempts.count(counted, access_point=access_point)
    if person.totp_sealed is None:
        raise CodeRefusedError
    if not _use_up(person, _step_of(person.id, person.totp_sealed, code, person.totp_last_step)):
        _refuse_code(login, access_point)
    opened = sessions.prepare(person.id, AuthLevel.TOTP, login.absolute_end_at)
    record_sign_in(opened.login, access_point)
    with transaction():
        sessions.replace(login, opened)
        attempts.forgive(counted)
    return opened


def prove_again(
    login: LoginSession, *, code: str = "", password: str = "", access_point: str
) -> AuthLevel:
    """Let somebody prove anew, in the middle of a session, that it is them; tell what was proven.

    Who has a second factor gives a fresh code of it. The password alone is asked only where the
    installation asks no second factor of anybody. No session opens and none ends. Raises
    InvalidInputError beside the field, or SignInThrottledError.
    """
    person = own_account.account_of(login)
    if person.totp_sealed is None:
        if settings().second_factor:
            raise InvalidInputError({"code": ["Set up a second factor first, at My account."]})
        own_account.prove_password(person, password, access_point=access_point)
        return AuthLevel.PASSWORD
    counted = {Counted.CODE: to_hex(person.id)}
    attempts.count(counted, access_point=access_point)
    try:
        if not _use_up(
            person, _step_of(person.id, person.totp_sealed, code, person.totp_last_step)
        ):
            _refuse_code(login, access_point)
    except CodeRefusedError as refused:
        raise InvalidInputError({"code": [refused.text]}) from refused
    with transaction():
        attempts.forgive(counted)
    return AuthLevel.TOTP


def propose_second_factor(login: LoginSession) -> str:
    """Give the secret a person is to put in an authenticator app; the same until confirmed."""
    row = db.session.get_one(LoginSession, login.id)
    if row.proposed_seed is None:
        with transaction():
            row.proposed_seed = kek().wrap(second_factor.new_seed(), _bound_to(login.person_id))
    return _secret(login.person_id, row.proposed_seed)


def enrol(login: LoginSession, code: str, *, access_point: str, password: str = "") -> Opened:
    """Confirm the proposed second factor with its first code and open a session that has it.

    Whoever has one already proves the password again first (ASVS 7.5.1). Every other session of
    the person ends. Raises CodeRefusedError, InvalidInputError (password) or
    SignInThrottledError.
    """
    person = own_account.account_of(login)
    if person.is_enrolled:
        own_account.prove_password(person, password, access_point=access_point)
    sealed = db.session.get_one(LoginSession, login.id).proposed_seed
    counted = {Counted.CODE: to_hex(person.id)}
    attempts.count(counted, access_point=access_point)
    step = None if sealed is None else _step_of(person.id, sealed, code, None)
    if step is None:
        _refuse_code(login, access_point)
    opened = sessions.prepare(person.id, AuthLevel.TOTP, login.absolute_end_at)
    held = queries.live_memberships(person.id, clock.today())
    actor = entries.actor_of(person.id, held, opened.login)
    entries.account_changed(actor, person.id, "second-factor-set-up")
    with transaction():
        person.totp_sealed = sealed
        person.totp_last_step = step
        sessions.replace(login, opened)
        sessions.end_all(person.id, keep=opened.login.id)
        attempts.forgive(counted)
    return opened


def _refuse_code(login: LoginSession, access_point: str) -> NoReturn:
    """Record a wrong code and raise."""
    actor = entries.actor_of(login.person_id, (), login)
    entries.sign_in_failed(actor.person, why="wrong-code", access_point=access_point, actor=actor)
    raise CodeRefusedError


def _bound_to(person_id: bytes) -> bytes:
    """Give what a sealed seed is bound to: its person, so a seed copied to another row fails."""
    return SEED_LABEL + person_id


def _secret(person_id: bytes, sealed: bytes) -> str:
    """Open a sealed seed and give the secret in it."""
    seed = kek().unwrap(sealed, _bound_to(person_id))
    try:
        return second_factor.secret_of(seed)
    finally:
        seed[:] = bytes(len(seed))


def _step_of(person_id: bytes, sealed: bytes, code: str, last_step: int | None) -> int | None:
    """Give the time step of a right and unused code."""
    secret = _secret(person_id, sealed)
    return second_factor.accepted_step(secret, code, clock.now(), last_step)


def _use_up(person: Person, step: int | None) -> bool:
    """Use up a time step; of two requests with the same code only one succeeds."""
    if step is None:
        return False
    unused = or_(Person.totp_last_step.is_(None), Person.totp_last_step < step)
    with transaction():
        return bool(
            sessions.run(
                update(Person)
                .where(Person.id == person.id, unused)
                .values(totp_last_step=step)
                .execution_options(synchronize_session=False)
            )
        )
