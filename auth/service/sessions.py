"""Login sessions: opened with a fresh token each time, ended on the server.

Each is sealed under a key that is in no database: its token, person, level and absolute end. So who
owns the database can neither put a session in nor give their own to somebody else.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, Update, update

from auth.models import LoginSession
from auth.rules import AuthLevel, PersonStatus
from auth.tokens import fingerprint, new_token
from config import clock
from config.database import db, settings, transaction
from config.errors import SignInRequiredError
from config.ids import new_id
from config.keys import kek

LABEL = "login sessions"
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """A login session that was just opened, with the token that goes into the cookie once."""

    login: LoginSession
    token: str


def prepare(person_id: bytes, level: AuthLevel, absolute_end_at: datetime | None = None) -> Opened:
    """Make a login session with its id and token, not stored yet: its entry comes first.

    A session that follows on another keeps its absolute end.
    """
    at = clock.now()
    token = new_token()
    login = LoginSession(
        id=new_id(),
        token_hash=fingerprint(token),
        person_id=person_id,
        auth_level=level,
        created_at=at,
        last_seen_at=at,
        absolute_end_at=absolute_end_at or at + settings().session_absolute,
    )
    login.seal = _seal(login, token)
    return Opened(login, token)


def is_as_opened(login: LoginSession, token: str) -> bool:
    """Tell whether a session is the one that was opened with this token."""
    return hmac.compare_digest(_seal(login, token), login.seal or b"")


def _seal(login: LoginSession, token: str) -> bytes:
    """Authenticate what never changes in a session; each part but the last has a fixed length."""
    end = login.absolute_end_at.isoformat(timespec="microseconds")
    parts = (fingerprint(token), login.id, login.person_id, f"{end}{login.auth_level}".encode())
    message = b"".join(parts)
    return hmac.digest(kek().derive(LABEL), message, "sha256")


def replace(old: LoginSession, opened: Opened) -> None:
    """End a session and store the one that follows on it; part of the caller's transaction.

    Raises SignInRequiredError when the old one was ended in the meantime.
    """
    if not run(_end().where(LoginSession.id == old.id)):
        raise SignInRequiredError
    db.session.add(opened.login)


def is_usable(login: LoginSession, at: datetime) -> bool:
    """Tell whether a session still counts: not ended, idle or too old, and not blocked."""
    return (
        login.ended_at is None
        and at < login.absolute_end_at
        and at < login.last_seen_at + settings().session_idle
        and login.person.status is not PersonStatus.BLOCKED
    )


def see(login: LoginSession, at: datetime) -> None:
    """Note that a session is used; once a minute is enough, so that a read costs no commit."""
    if at >= login.last_seen_at + SEEN_EVERY:
        with transaction():
            db.session.execute(
                update(LoginSession)
                .where(LoginSession.id == login.id, LoginSession.ended_at.is_(None))
                .values(last_seen_at=at)
            )


def sign_out(login: LoginSession) -> None:
    """End one session; works without the log, because it only takes away."""
    with transaction():
        run(_end().where(LoginSession.id == login.id))


def end_others(login: LoginSession) -> int:
    """End every other session of the same person; tell how many."""
    with transaction():
        return end_all(login.person_id, keep=login.id)


def end_all(person_id: bytes, *, keep: bytes | None = None) -> int:
    """End a person's sessions, perhaps all but one; part of the caller's transaction."""
    ending = _end().where(LoginSession.person_id == person_id)
    return run(ending if keep is None else ending.where(LoginSession.id != keep))


def _end() -> Update:
    """End sessions that are still open."""
    return (
        update(LoginSession)
        .where(LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def run(statement: Update) -> int:
    """Run an update and tell how many rows it changed."""
    return cast("CursorResult[object]", db.session.execute(statement)).rowcount
