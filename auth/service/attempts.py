"""Counting failed attempts: counted before the check and forgiven after, so none runs beside it."""

import hmac
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from auth.errors import SignInThrottledError
from auth.models import FailedAttempts
from auth.rules import PATIENCE, Counted, wait_after
from auth.service import entries
from config import clock
from config.database import db, transaction
from config.keys import kek

LABEL = "auth.failed-attempts"
ONE_MINUTE = 60


def pseudonym(kind: Counted, value: str) -> bytes:
    """Give the keyed hash under which attempts of a name or address are counted and logged."""
    return hmac.digest(kek().derive(LABEL), f"{kind}:{value}".encode(), "sha256")


def count(values: Mapping[Counted, str], *, access_point: str) -> None:
    """Count one attempt for each value; raises SignInThrottledError while one has to wait.

    The first refusal of a waiting time is an entry in the log; the attempts refused in it are
    not counted, so whoever waits gets a turn.
    """
    at = clock.now()
    keys = {kind: pseudonym(kind, value) for kind, value in values.items()}
    try:
        with transaction():
            for kind, key in keys.items():
                _count_one(kind, key, at)
    except _WaitingError as waiting:
        _refuse(waiting.counted, at, access_point)


class _WaitingError(Exception):
    """An attempt came while it had to wait."""

    def __init__(self, counted: bytes) -> None:
        """Keep what is waiting."""
        self.counted = counted
        super().__init__()


def _count_one(kind: Counted, key: bytes, at: datetime) -> None:
    """Count one attempt in one statement, so that attempts side by side all count."""
    patience = PATIENCE[kind]
    row = FailedAttempts
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(row)
        .values(counted=key, failures=1, last_at=at, wait_until=at, is_wait_logged=False)
        .on_conflict_do_update(
            index_elements=[row.counted],
            set_={
                "failures": case(
                    (row.last_at < at - patience.forgotten_after, 1), else_=row.failures + 1
                ),
                "last_at": at,
                "is_wait_logged": False,
            },
            where=row.wait_until <= at,
        )
        .returning(row.failures)
    )
    failures = db.session.scalar(statement)
    if failures is None:
        raise _WaitingError(key)
    wait = wait_after(failures, patience)
    if wait:
        db.session.execute(update(row).where(row.counted == key).values(wait_until=at + wait))


def _refuse(key: bytes, at: datetime, access_point: str) -> None:
    """Log the first refusal of a waiting time and raise."""
    row = db.session.scalars(select(FailedAttempts).where(FailedAttempts.counted == key)).one()
    seconds = (row.wait_until - at).total_seconds()
    if not row.is_wait_logged:
        entries.sign_in_failed(key.hex(), why="throttled", access_point=access_point)
        with transaction():
            row.is_wait_logged = True
    raise SignInThrottledError(minutes=max(1, -int(-seconds // ONE_MINUTE)))


def forgive(values: Mapping[Counted, str]) -> None:
    """Forget the failures of these values; part of the caller's transaction."""
    keys = [pseudonym(kind, value) for kind, value in values.items()]
    db.session.execute(delete(FailedAttempts).where(FailedAttempts.counted.in_(keys)))


def take_back(kind: Counted, value: str) -> None:
    """Take back the one attempt that turned out right; earlier failures stay counted.

    An address keeps its failures: who knows one right password is not forgiven the others.
    """
    row = FailedAttempts
    db.session.execute(
        update(row)
        .where(row.counted == pseudonym(kind, value))
        .values(failures=row.failures - 1, wait_until=row.last_at)
    )
