"""The worker: one loop that runs the jobs which no request does.

A lease row in the app store lets one worker work at a time. Jobs can be repeated without harm:
the one that decides does so again when it runs, and a worker that takes over starts them anew.
"""

import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from types import FrameType

from flask import Flask
from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.database import IdColumn, Model, UtcDateTime, db, transaction
from config.ids import new_id

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
PACE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is due again after a while; it runs in an app context of its own."""

    name: str
    every: timedelta
    run: Callable[[], None]


class WorkerLease(Model):
    """Which worker works now, and until when nobody else may."""

    __tablename__ = "worker_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[bytes] = mapped_column(IdColumn)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Worker:
    """One worker of one app; `work` is one round, `work_until` the loop."""

    def __init__(self, app: Flask, jobs: Sequence[Job]) -> None:
        """Take the jobs; each is due at once."""
        self._app = app
        self._jobs = jobs
        self._due: dict[str, datetime] = {}
        self._holder = new_id()

    def work(self) -> list[str]:
        """Run every job that is due and name those that ended well; none without the lease.

        A job that fails is logged by its name and tried again when it is due next; the others go
        on. The lease is taken anew before each job, so one job may last as long as the lease.
        """
        done: list[str] = []
        for job in self._jobs:
            at = clock.now()
            if self._due.get(job.name, at) > at:
                continue
            if not self._take_lease():
                self._due.clear()
                return done
            self._due[job.name] = at + job.every
            if self._run(job):
                done.append(job.name)
        return done

    def work_until(self, stopped: Event, pace: timedelta = PACE) -> None:
        """Work until the event is set, with a pause between rounds; then give up the lease.

        A store that cannot be reached ends no worker: it waits for the next round.
        """
        while not stopped.is_set():
            self._try_to_work()
            stopped.wait(pace.total_seconds())
        self.rest()

    def rest(self) -> None:
        """Give up the lease, so that another worker need not wait for its end."""
        ended = {"until": clock.now()}
        mine = update(WorkerLease).where(WorkerLease.holder == self._holder).values(**ended)
        try:
            with self._app.app_context(), transaction():
                db.session.execute(mine)
        except DBAPIError:
            log.exception("the lease ends by itself", extra={"event": "worker-rests"})

    def _try_to_work(self) -> None:
        """Work one round; wait for the next when the lease cannot be read."""
        try:
            self.work()
        except DBAPIError:
            log.exception("the lease cannot be taken", extra={"event": "worker-waits"})

    def _run(self, job: Job) -> bool:
        """Run one job; tell whether it ended well."""
        try:
            with self._app.app_context():
                job.run()
        except Exception:
            log.exception("job failed", extra={"event": f"job:{job.name}"})
            return False
        return True

    def _take_lease(self) -> bool:
        """Take or prolong the lease; tell whether this worker has it now."""
        at = clock.now()
        mine = or_(WorkerLease.holder == self._holder, WorkerLease.until <= at)
        taken = {"holder": self._holder, "until": at + LEASE}
        with self._app.app_context():
            try:
                with transaction():
                    if db.session.scalar(select(WorkerLease.name)) is None:
                        db.session.execute(insert(WorkerLease).values(name="worker", **taken))
                    else:
                        db.session.execute(update(WorkerLease).where(mine).values(**taken))
            except IntegrityError:
                return False  # another worker wrote the first row in the same moment
            holder = db.session.scalar(select(WorkerLease.holder))
        return holder == self._holder


def run(app: Flask, jobs: Sequence[Job]) -> None:
    """Work until the process is told to end (SIGTERM, or SIGINT from a terminal)."""
    stopped = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        _ = number, frame
        stopped.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    Worker(app, jobs).work_until(stopped)
