"""Receipts of the log against the bare durable insert, and against a log without a tree.

A receipt seals the facts, writes five tables and grows the tree before it commits; the bare insert
writes one row of the size of a leaf and commits. The log without a tree writes the same rows in the
same shared commits, and only hashes nothing together: what it gains is what the tree costs. All of
them wait for the disk.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, insert

from audit.appending import Batch, Head
from audit.gate import Gate
from audit.preparing import Rows
from audit.writer import Writer
from config.database import audit_metadata, make_engine
from config.keys import LocalKek
from tests.audit.conftest import ALLOWED, DENIED, read_of
from tests.benchmarks.harness import Measured, bench
from tests.databases import Cluster

ROUNDS = 5
SECONDS = 0.6
LEAF = 460  # bytes
GOALS = {1: 0.5, 16: 0.75, 64: 1.0}
WITHOUT_TREE = 0.7

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


class Treeless(Writer):
    """The writer of a log that keeps its entries as rows and nothing over them."""

    def _batch(self, head: Head, rows: Sequence[Rows]) -> Batch:
        """Put the rows of new entries together, under no tree."""
        return Batch(
            entries=[row.entry for row in rows],
            payloads=[row.payload for row in rows],
            lines=[line for row in rows for line in row.lines],
            subjects=[subject for row in rows for subject in row.subjects],
            tiles=(),
            size=head.size + len(rows),
            frontier=b"",
            root=bytes(32),
            second=rows[-1].second,
        )


def opened(engine: Engine) -> Gate:
    """Open a log on a database."""
    return Gate(engine, LocalKek([os.urandom(32)], "bench"))


def receipt_at(gate: Gate) -> None:
    """Make one entry durable."""
    gate.record(read_of(ALLOWED, DENIED))


def in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], threads: int, name: str
) -> Measured:
    """Measure receipts against something else, each first as often."""
    deeds = {"receipts_per_s": ours, name: theirs}
    for deed in deeds.values():
        per_second(deed, threads)
    rates: dict[str, list[float]] = {one: [] for one in deeds}
    for number in range(ROUNDS):
        for one in sorted(deeds, reverse=bool(number % 2)):
            rates[one].append(per_second(deeds[one], threads))
    pairs = zip(rates["receipts_per_s"], rates[name], strict=True)
    medians = {one: statistics.median(found) for one, found in rates.items()}
    return Measured(
        statistics.median(mine / other for mine, other in pairs), {**medians, "rounds": ROUNDS}
    )


def receipts(database: str, threads: int) -> Measured:
    """Measure receipts against bare inserts."""
    with durable_log(database) as engine:
        gate = opened(engine)

        def plain() -> None:
            with engine.begin() as connection:
                connection.execute(insert(bare), {"leaf": os.urandom(LEAF)})

        found = in_turns(partial(receipt_at, gate), plain, threads, "inserts_per_s")
        gate.close()
    return found


def receipts_without_tree(database: str, threads: int) -> Measured:
    """Measure receipts against those of a log without a tree, each on a database of its own."""
    with durable_log(database) as engine, durable_log(database) as other:
        gate, treeless = opened(engine), opened(other)
        treeless.writer = Treeless(other, lambda: None)
        with_tree, without = (partial(receipt_at, one) for one in (gate, treeless))
        found = in_turns(with_tree, without, threads, "without_tree_per_s")
        gate.close()
        treeless.close()
    return found


for _database in ("sqlite", "postgresql"):
    for _threads, _goal in GOALS.items():
        bench(
            unit="x",
            better="higher",
            goal=_goal,
            against=f"bare durable inserts, {_threads} threads",
            name=f"receipts_{_database}_{_threads}",
        )(partial(receipts, _database, _threads))
        bench(
            unit="x",
            better="higher",
            goal=WITHOUT_TREE,
            against=f"the same commits of the same rows without a tree, {_threads} threads",
            name=f"tree_{_database}_{_threads}",
        )(partial(receipts_without_tree, _database, _threads))
