"""The worker runs what is due, alone, and a failing job takes nothing with it."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask, current_app
from sqlalchemy import text

from config import worker
from config.clock import FrozenClock
from config.database import Stores
from config.worker import LEASE, Job, Worker

MINUTE = timedelta(minutes=1)


class Tally:
    """Jobs that count their runs."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    def job(self, name: str, every: timedelta = MINUTE) -> Job:
        return Job(name, every, lambda: self.runs.append(f"{name} in {current_app.name}"))


@pytest.fixture
def tally() -> Tally:
    return Tally()


def fail() -> None:
    message = "the job broke"
    raise RuntimeError(message)


def test_a_new_worker_runs_every_job_in_an_app_context(
    bare_app: Flask, clock: FrozenClock, tally: Tally
) -> None:
    assert Worker(bare_app, [tally.job("sweep"), tally.job("expire")]).work() == ["sweep", "expire"]
    assert tally.runs == ["sweep in bare", "expire in bare"]


def test_a_job_runs_again_when_its_time_has_passed(
    bare_app: Flask, clock: FrozenClock, tally: Tally
) -> None:
    one = Worker(bare_app, [tally.job("sweep"), tally.job("report", every=2 * MINUTE)])
    one.work()
    clock.advance(MINUTE - timedelta(seconds=1))
    assert one.work() == []
    clock.advance(timedelta(seconds=1))
    assert one.work() == ["sweep"]
    clock.advance(MINUTE)
    assert one.work() == ["sweep", "report"]


def test_a_failing_job_is_logged_and_stops_no_other(
    bare_app: Flask, clock: FrozenClock, tally: Tally, caplog: pytest.LogCaptureFixture
) -> None:
    one = Worker(bare_app, [Job("broken", MINUTE, fail), tally.job("sweep")])
    assert one.work() == ["sweep"]
    assert [record.__dict__["event"] for record in caplog.records] == ["job:broken"]
    clock.advance(MINUTE)
    assert one.work() == ["sweep"]


def test_a_second_worker_waits_until_the_lease_ends(
    bare_app: Flask, clock: FrozenClock, tally: Tally
) -> None:
    first, second = (Worker(bare_app, [tally.job("sweep")]) for _ in range(2))
    first.work()
    assert second.work() == []
    clock.advance(LEASE)
    assert second.work() == ["sweep"]
    assert first.work() == []


def test_a_worker_that_rests_gives_up_its_lease(
    bare_app: Flask, clock: FrozenClock, tally: Tally
) -> None:
    first, second = (Worker(bare_app, [tally.job("sweep")]) for _ in range(2))
    first.work()
    first.rest()
    assert second.work() == ["sweep"]


def test_of_two_workers_that_start_at_once_one_works(bare_app: Flask, tally: Tally) -> None:
    together = Barrier(2)

    def start() -> None:
        together.wait()
        Worker(bare_app, [tally.job("sweep")]).work()

    threads = [Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.runs == ["sweep in bare"]


def test_a_worker_outlives_a_store_that_cannot_be_reached(
    bare_app: Flask, tally: Tally, caplog: pytest.LogCaptureFixture
) -> None:
    stores: Stores = bare_app.extensions["stores"]
    stopped = Event()
    working = Thread(
        target=Worker(bare_app, [tally.job("sweep")]).work_until,
        args=(stopped, timedelta(milliseconds=5)),
    )
    with stores.app.begin() as connection:
        connection.execute(text("ALTER TABLE worker_lease RENAME TO gone"))
    working.start()
    while not caplog.records:
        stopped.wait(0.005)
    with stores.app.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO worker_lease"))
    while not tally.runs:
        stopped.wait(0.005)
    stopped.set()
    working.join()
    assert caplog.records[0].__dict__["event"] == "worker-waits"


def test_a_worker_ends_quietly_when_its_lease_cannot_be_given_up(
    bare_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with bare_app.extensions["stores"].app.begin() as connection:
        connection.execute(text("DROP TABLE worker_lease"))
    Worker(bare_app, []).rest()
    assert caplog.records[0].__dict__["event"] == "worker-rests"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_loop_ends_when_the_process_is_told_to(
    bare_app: Flask, number: signal.Signals, own_handlers: None
) -> None:
    worker.run(bare_app, [Job("end", MINUTE, lambda: os.kill(os.getpid(), number))])
    with bare_app.extensions["stores"].app.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM worker_lease")) == 1


@pytest.fixture
def own_handlers() -> Iterator[None]:
    """Put back the handlers of signals that the loop replaces."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
