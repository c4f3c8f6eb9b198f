"""Signing in with a name and password: no entry in the log, no session."""

from auth import passwords, queries
from auth.errors import SignInRefusedError
from auth.models import LoginSession, Person
from auth.rules import AuthLevel, Counted, PersonStatus, network_of
from auth.service import attempts, entries, sessions
from auth.service.sessions import Opened
from config import clock
from config.database import db, settings, transaction
from config.ids import to_hex


def normal_name(sign_in_name: str) -> str:
    """Write a sign-in name the way it is stored: trimmed, in lower case."""
    return sign_in_name.strip().casefold()


def sign_in(sign_in_name: str, password: str, *, access_point: str) -> Opened:
    """Check a name and password and open a session that has proven a password.

    An unknown name, a wrong password, a blocked account and a temporary password that is too old
    cost the same work and get the same answer (ASVS 6.3.8). Raises SignInRefusedError or
    SignInThrottledError; without an entry in the log the gate raises and no session opens.
    """
    name = normal_name(sign_in_name)
    counted = {Counted.NAME: name}
    network = network_of(access_point)
    if network:
        counted[Counted.ADDRESS] = network
    attempts.count(counted, access_point=access_point)
    person = queries.person_by_sign_in_name(name)
    owner, hashed = (person.id, person.password_hash) if person else (passwords.NOBODY, None)
    fits = passwords.fits(password, owner, hashed, settings().argon2)
    why = _refusal(person, fits=fits)
    if person is None or why:
        object_ = to_hex(person.id) if person else attempts.pseudonym(Counted.NAME, name).hex()
        entries.sign_in_failed(object_, why=why or "", access_point=access_point)
        raise SignInRefusedError
    opened = sessions.prepare(person.id, AuthLevel.PASSWORD)
    record_sign_in(opened.login, access_point)
    with transaction():
        if passwords.needs_new_hash(person.password_hash, settings().argon2):
            person.password_hash = passwords.hash_password(password, person.id, settings().argon2)
        db.session.add(opened.login)
        attempts.forgive({Counted.NAME: name})
        if network:
            attempts.take_back(Counted.ADDRESS, network)
    return opened


def _refusal(person: Person | None, *, fits: bool) -> str | None:
    """Say for the log alone why somebody cannot sign in, or nothing."""
    if person is None:
        return "unknown"
    if not fits:
        return "wrong-password"
    if person.status is PersonStatus.BLOCKED:
        return "blocked"
    if person.password_until and clock.now() >= person.password_until:
        return "temporary-password-too-old"
    return None


def record_sign_in(login: LoginSession, access_point: str) -> None:
    """Write the entry of a session that is about to open."""
    held = queries.live_memberships(login.person_id, clock.today())
    entries.signed_in(entries.actor_of(login.person_id, held, login), access_point=access_point)
