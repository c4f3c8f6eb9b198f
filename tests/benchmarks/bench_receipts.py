"""Receipts of the log against the bare durable insert: what believing every read costs.

A receipt seals the facts, writes five tables and grows the tree before it commits; the bare insert
writes one row of the size of a leaf and commits. Both wait for the disk.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, insert

from audit.gate import Gate
from config.database import audit_metadata, make_engine
from config.keys import LocalKek
from tests.audit.conftest import ALLOWED, DENIED, read_of
from tests.benchmarks.harness import Measured, bench
from tests.databases import Cluster

ROUNDS = 5
SECONDS = 0.6
LEAF = 460  # bytes
GOALS = {1: 0.5, 16: 0.75, 64: 1.0}

bare = Table(
    "bare", MetaData(), Column("id", Integer, primary_key=True), Column("leaf", LargeBinary)
)


@contextmanager
def durable_log(database: str) -> Iterator[Engine]:
    """Lay an empty log, and a bare table beside it, on a database that waits for its disk."""
    with ExitStack() as stack:
        if database == "postgresql":
            cluster = Cluster(durable=True)
            cluster.start()
            stack.callback(cluster.stop)
            url = cluster.url(cluster.create())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{folder}/audit.db"
        engine = make_engine(url)
        stack.callback(engine.dispose)
        audit_metadata.create_all(engine)
        bare.create(engine)
        yield engine


def per_second(deed: Callable[[], object], threads: int) -> float:
    """Repeat a deed in so many threads for a while; give how often a second it was done."""
    done = [0] * threads
    end = time.perf_counter() + SECONDS

    def work(place: int) -> None:
        while time.perf_counter() < end:
            deed()
            done[place] += 1

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(done) / (time.perf_counter() - start)


def receipts(database: str, threads: int) -> Measured:
    """Measure receipts against bare inserts in turns."""
    with durable_log(database) as engine:
        gate = Gate(engine, LocalKek([os.urandom(32)], "bench"))

        def receipt() -> None:
            gate.record(read_of(ALLOWED, DENIED))

        def plain() -> None:
            with engine.begin() as connection:
                connection.execute(insert(bare), {"leaf": os.urandom(LEAF)})

        for deed in (receipt, plain):
            per_second(deed, threads)
        rates = [(per_second(receipt, threads), per_second(plain, threads)) for _ in range(ROUNDS)]
        gate.close()
    ours, theirs = (statistics.median(column) for column in zip(*rates, strict=True))
    ratio = statistics.median(mine / other for mine, other in rates)
    return Measured(ratio, {"receipts_per_s": ours, "inserts_per_s": theirs, "rounds": ROUNDS})


for _database in ("sqlite", "postgresql"):
    for _threads, _goal in GOALS.items():
        bench(
            unit="x",
            better="higher",
            goal=_goal,
            against=f"bare durable inserts, {_threads} threads",
            name=f"receipts_{_database}_{_threads}",
        )(partial(receipts, _database, _threads))
