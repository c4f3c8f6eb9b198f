"""Deleting what has served its time; the worker calls it, and calling it twice does no harm."""

from datetime import timedelta

from sqlalchemy import delete

from auth.models import FailedAttempts, HeldPost, LoginSession
from auth.queries import HELD_FOR
from config import clock
from config.database import db, transaction

SESSIONS_FOR = timedelta(days=1)
ATTEMPTS_FOR = timedelta(days=1)


def sweep() -> None:
    """Delete kept text after an hour, and old sessions and counters after a day."""
    at = clock.now()
    with transaction():
        db.session.execute(delete(HeldPost).where(HeldPost.created_at <= at - HELD_FOR))
        db.session.execute(
            delete(LoginSession).where(LoginSession.absolute_end_at <= at - SESSIONS_FOR)
        )
        db.session.execute(
            delete(FailedAttempts).where(FailedAttempts.last_at <= at - ATTEMPTS_FOR)
        )
