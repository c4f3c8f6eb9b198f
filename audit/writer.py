"""The writer: entries of many threads in one commit, under one lock, in every process.

There is no thread of its own: the first to come leads, takes the lock of the log and commits for
all who wait by then; then it hands the lead to the first who came meanwhile. With nobody waiting
an append costs no hand-over.

After an I/O error of SQLite the file is not touched again by this process, not even to close it:
the kernel may hold pages as clean that never reached the disk (Rebello et al., 2020). The process
must end; the next one recovers from the write-ahead log. PostgreSQL does the same by itself.
"""

import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Engine

from audit import tiles
from audit.appending import PATIENCE_MS, Appender, Batch, Head, appender_for
from audit.auditctl import tree
from audit.preparing import Prepared, Rows
from config.errors import StoreUnavailableError

LARGEST_BATCH = 256
PATIENCE = PATIENCE_MS / 1000 + 5
"""Seconds a thread waits for whoever leads; longer than the database itself waits."""

_IO_ERRORS = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

log = logging.getLogger(__name__)


class Placed(NamedTuple):
    """The number of an entry in the log; not new when its event was there already."""

    seq: int
    is_new: bool


def _taken_for_new(event_id: str) -> int | None:
    """Take an event for new; if it is not, the database refuses the batch."""
    _ = event_id
    return None


class _Job:
    """The entries of one request, waiting to be committed together."""

    __slots__ = ("_signal", "entries", "error", "leads", "placed")

    def __init__(self, entries: Sequence[Prepared]) -> None:
        """Start unsettled."""
        self.entries = entries
        self.placed: list[Placed] | None = None
        self.error: BaseException | None = None
        self.leads = False
        self._signal = Lock()
        self._signal.acquire()

    def wait(self) -> bool:
        """Wait until woken; False when nobody came in time."""
        return self._signal.acquire(timeout=PATIENCE)

    def wake(self) -> None:
        """Wake the thread that waits, once: when it is to lead, or when its job is settled."""
        self._signal.release()


class Writer:
    """Appends to the log of one database, for all threads of this process."""

    def __init__(self, engine: Engine, on_fault: Callable[[], None]) -> None:
        """Keep the database, and what to do once this process may not touch its file again."""
        self._engine = engine
        self._on_fault = on_fault
        self.is_broken = False
        self.problem: str | None = None
        self._is_closed = False
        self.start()

    def start(self) -> None:
        """Begin with nobody waiting and no connection: at first, and in a forked child."""
        if not self.is_broken:
            self._appender: Appender = appender_for(self._engine)
        self._mutex = Lock()
        self._queue: deque[_Job] = deque()
        self._is_led = False

    def append(self, entries: Sequence[Prepared]) -> list[Placed]:
        """Commit the entries of one request together and tell their numbers.

        Raises StoreUnavailableError when they are not known to be durable; the same entries may
        then be appended again.
        """
        job = _Job(entries)
        with self._mutex:
            if self.is_broken or self._is_closed:
                raise StoreUnavailableError
            self._queue.append(job)
            job.leads = not self._is_led
            self._is_led = True
        if not job.leads and not job.wait():
            self._leave(job)
        if job.leads:
            self._lead()
        if job.placed is None:
            raise StoreUnavailableError from job.error
        return job.placed

    def _leave(self, job: _Job) -> None:
        """Stop waiting, unless just now the turn came; what a leader took may still commit."""
        with self._mutex:
            if not job.leads and job in self._queue:
                self._queue.remove(job)

    def _lead(self) -> None:
        """Take the lock, commit for all who wait by then, wake them and hand the lead over."""
        jobs: list[_Job] = []
        try:
            try:
                head = self._begin()
            finally:
                jobs = self._take()
            self._settle(jobs, head)
        except BaseException as error:  # whatever went wrong, nothing was acknowledged
            self._give_up(jobs, error)
            if not isinstance(error, Exception):
                raise
        finally:
            for job in jobs[1:]:  # the first is the leader's own
                job.wake()
            self._hand_over()

    def _begin(self) -> Head:
        """Take the lock and read the head; raises StoreUnavailableError once the file failed."""
        if self.is_broken:
            raise StoreUnavailableError
        return self._appender.begin()

    def _take(self) -> list[_Job]:
        """Take who came first, and then as many as fit without splitting a request."""
        with self._mutex:
            jobs = [self._queue.popleft()]
            count = len(jobs[0].entries)
            while self._queue and count + len(self._queue[0].entries) <= LARGEST_BATCH:
                jobs.append(self._queue.popleft())
                count += len(jobs[-1].entries)
        return jobs

    def _hand_over(self) -> None:
        """Let the first who waits lead, or nobody."""
        with self._mutex:
            following = self._queue[0] if self._queue else None
            self._is_led = following is not None
            if following:
                following.leads = True
                following.wake()
            elif self._is_closed and not self.is_broken:
                self._appender.close()

    def _settle(self, jobs: Sequence[_Job], head: Head) -> None:
        """Commit the jobs together; when the database refuses a row, each by itself.

        So an event that is in the log already, or a value that does not fit, fails nobody else.
        """
        try:
            self._commit(jobs, head, _taken_for_new)
        except self._refusals:
            self._appender.rollback()
            for job in jobs:
                self._settle_alone(job)

    def _settle_alone(self, job: _Job) -> None:
        """Commit one job, looking up which of its events are in the log already."""
        try:
            self._commit([job], self._begin(), self._appender.number)
        except self._refusals as error:
            self._appender.rollback()
            log.exception("entry-refused-by-store")
            job.error = error

    @property
    def _refusals(self) -> tuple[type[Exception], ...]:
        """Give the errors with which a driver refuses a row, not the whole database."""
        driver = self._engine.dialect.loaded_dbapi
        return (driver.IntegrityError, driver.DataError)

    def _commit(
        self, jobs: Sequence[_Job], head: Head, number_of: Callable[[str], int | None]
    ) -> None:
        """Place the entries behind the head and commit them in one transaction."""
        rows: list[Rows] = []
        second = head.second
        here: dict[str, int] = {}
        placed = []
        for job in jobs:
            mine = []
            for entry in job.entries:
                seq = here.get(entry.event_id, number_of(entry.event_id))
                if seq is None:
                    seq = here[entry.event_id] = head.size + len(rows)
                    rows.append(entry.place(seq, second))
                    second = rows[-1].second
                    mine.append(Placed(seq, is_new=True))
                else:
                    mine.append(Placed(seq, is_new=False))
            placed.append(mine)
        if rows:
            self._appender.commit(self._batch(head, rows))
            self.problem = None
        else:
            self._appender.rollback()
        for job, mine in zip(jobs, placed, strict=True):
            job.placed = mine

    def _batch(self, head: Head, rows: Sequence[Rows]) -> Batch:
        """Put the rows of new entries together with the tree as it grows by them."""
        hashes = [row.entry[-1] for row in rows]
        frontier = tree.append(head.frontier, head.size, hashes)
        return Batch(
            entries=[row.entry for row in rows],
            payloads=[row.payload for row in rows],
            lines=[line for row in rows for line in row.lines],
            subjects=[subject for row in rows for subject in row.subjects],
            tiles=tiles.completed(
                head.size, hashes, self._appender.leaf_hashes, self._appender.tile
            ),
            size=head.size + len(rows),
            frontier=b"".join(frontier),
            root=tree.root(frontier),
            second=rows[-1].second,
        )

    def _give_up(self, jobs: Sequence[_Job], error: BaseException) -> None:
        """Close the connection, which undoes what a failed batch left open; the next is fresh."""
        for job in jobs:
            job.error = job.error or error
        if self.is_broken:
            return
        log.error("append-failed", exc_info=error)
        self.problem = f"the last append failed: {type(error).__name__}"
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _IO_ERRORS:
            self.is_broken = True
            self.problem = "the file of the log failed; this process must end"
            self._on_fault()
            return
        with suppress(Exception):  # the connection may be lost, and with it its transaction
            self._appender.close()

    def pause(self) -> None:
        """Wait until nobody leads, keep the lead and close the connection: a fork may follow."""
        while True:
            with self._mutex:
                if not self._is_led:
                    self._is_led = True
                    break
            time.sleep(0.001)
        if not self.is_broken:
            self._appender.close()

    def resume(self) -> None:
        """Let whoever came during the pause go on."""
        self._hand_over()

    def close(self) -> None:
        """Take no more entries; those that wait are still committed."""
        with self._mutex:
            self._is_closed = True
            if not self._is_led and not self.is_broken:
                self._appender.close()
