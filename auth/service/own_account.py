"""What people do with their own account: a new password, the language of the pages."""

from auth import passwords, queries
from auth.errors import WeakPasswordError
from auth.models import LoginSession, Person
from auth.rules import Counted, PersonStatus
from auth.service import attempts, entries, sessions
from auth.service.sessions import Opened
from config import clock
from config.database import db, settings, transaction
from config.errors import InvalidInputError, SignInRequiredError
from config.ids import to_hex

LANGUAGES = ("nl", "en")


def account_of(login: LoginSession) -> Person:
    """Read the account of a session as it is now; raises SignInRequiredError when blocked."""
    person = db.session.get_one(Person, login.person_id, populate_existing=True)
    if not person.is_active:
        raise SignInRequiredError
    return person


def prove_password(
    person: Person, password: str, *, access_point: str, field: str = "password"
) -> None:
    """Check a person's own password again; raises InvalidInputError or SignInThrottledError."""
    counted = {Counted.NAME: person.sign_in_name}
    attempts.count(counted, access_point=access_point)
    if not passwords.fits(password, person.id, person.password_hash, settings().argon2):
        entries.sign_in_failed(
            to_hex(person.id), why="wrong-password-again", access_point=access_point
        )
        raise InvalidInputError({field: ["This is not your present password."]})
    with transaction():
        attempts.forgive(counted)


def choose_password(login: LoginSession, new: str) -> Opened:
    """Replace a temporary password by a person's own, right after signing in with it.

    Raises InvalidInputError when it is too easy to guess, and SignInRequiredError when there is
    no temporary password to replace.
    """
    person = account_of(login)
    if person.status is not PersonStatus.PENDING:
        raise SignInRequiredError
    return _store(login, person, new, change="first-password-chosen")


def change_password(login: LoginSession, present: str, new: str, *, access_point: str) -> Opened:
    """Change a password by whoever knows the present one.

    Every session of the person ends and one new session opens. Raises InvalidInputError or
    SignInThrottledError.
    """
    person = account_of(login)
    prove_password(person, present, access_point=access_point, field="present")
    return _store(login, person, new, change="password-changed")


def _store(login: LoginSession, person: Person, new: str, *, change: str) -> Opened:
    """Store a new password after its entry."""
    cost = settings().argon2
    passwords.refuse_weak(new, (person.name, person.sign_in_name))
    if passwords.fits(new, person.id, person.password_hash, cost):
        message = "Choose another password than the one you have."
        raise WeakPasswordError(message)
    opened = sessions.prepare(person.id, login.auth_level, login.absolute_end_at)
    held = queries.live_memberships(person.id, clock.today())
    entries.account_changed(entries.actor_of(person.id, held, opened.login), person.id, change)
    with transaction():
        person.password_hash = passwords.hash_password(new, person.id, cost)
        person.password_until = None
        person.status = PersonStatus.ACTIVE
        sessions.replace(login, opened)
        sessions.end_all(person.id, keep=opened.login.id)
    return opened


def set_language(person_id: bytes, language: str) -> None:
    """Keep the language somebody reads in; raises InvalidInputError for one we do not speak."""
    if language not in LANGUAGES:
        raise InvalidInputError({"language": ["Choose from the list."]})
    with transaction():
        db.session.get_one(Person, person_id).language = language
