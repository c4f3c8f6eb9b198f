"""The case page against its plaintext twin: what deciding, logging and unsealing cost a reader."""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, insert

from config.database import Stores
from tests.benchmarks.asking import Ask, counted, sign_in, without_tokens
from tests.benchmarks.harness import Measured, bench
from tests.benchmarks.town import fill, moved_into
from tests.benchmarks.twin import twin_of

ROUNDS = 61
GOAL = 1.33
ENTRY = 4000  # bytes: about what one entry writes, with its payload and index rows
SIZES = (10, 100, 1000)

bare = Table(
    "bare", MetaData(), Column("id", Integer, primary_key=True), Column("entry", LargeBinary)
)


def took(call: Callable[[], object]) -> float:
    """Time one call in milliseconds."""
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def durable_insert(engine: Engine) -> Callable[[], None]:
    """Make the bare row that waits for the disk as long as an entry does."""
    bare.create(engine)

    def wait() -> None:
        with engine.begin() as connection:
            connection.execute(insert(bare), {"entry": os.urandom(ENTRY)})

    return wait


def case_page(database: str) -> Measured:
    """Measure the page, its twin and a bare durable insert in turns."""
    with ExitStack() as stack:
        played, _ = stack.enter_context(moved_into(database))
        reader = played.scene.who("GCR")
        cookie = sign_in(played.app, reader.person_id)
        path = f"/cases/{played.made.case_id.hex()}"
        twin = twin_of(played.app.extensions["settings"], reader.viewer, played.made.case_id)
        stack.callback(twin.extensions["stores"].dispose)
        stack.callback(twin.extensions["audit"].close)
        stores: Stores = played.app.extensions["stores"]
        page, plain = Ask(played.app, path, cookie), Ask(twin, path, cookie)
        assert without_tokens(page()) == without_tokens(plain())
        turns: list[Callable[[], object]] = [page, plain, durable_insert(stores.audit)]
        for _ in range(3):
            for call in turns:
                call()
        rows = []
        for number in range(ROUNDS):
            order = turns[number % 3 :] + turns[: number % 3]
            found = {call: took(call) for call in order}
            rows.append([found[call] for call in turns])
        with counted(stores) as ours:
            page()
        with counted(twin.extensions["stores"]) as theirs:
            plain()
    ours_ms, plain_ms, durable_ms = (
        statistics.median(column) for column in zip(*rows, strict=True)
    )
    return Measured(
        statistics.median(mine / other for mine, other, _ in rows),
        {
            "ours_ms": ours_ms,
            "plain_ms": plain_ms,
            "durable_insert_ms": durable_ms,
            "share_of_fsync": durable_ms / ours_ms,
            "without_fsync": (ours_ms - durable_ms) / plain_ms,
            "queries": len(ours),
            "plain_queries": len(theirs),
            "rounds": ROUNDS,
        },
    )


for _database in ("sqlite", "postgresql"):
    bench(
        unit="x",
        better="lower",
        goal=GOAL,
        against="the same page in plaintext: same template, rows and session",
        name=f"case_page_{_database}",
    )(partial(case_page, _database))


@bench(
    unit="x",
    better="lower",
    goal=1.0,
    against="the queries of the same page with 10 items",
)
def queries_case_page() -> Measured:
    """Count the queries of the page as its case grows from ten items to a thousand."""
    queries = {}
    with moved_into("sqlite") as (played, _):
        with played.app.app_context():
            case_id = played.scene.case("POL", "SCH")
        ask = Ask(
            played.app,
            f"/cases/{case_id.hex()}",
            sign_in(played.app, played.scene.who("GCR").person_id),
        )
        for size in SIZES:
            with played.app.app_context():
                fill(played.scene, case_id, size)
            ask()
            with counted(played.app.extensions["stores"]) as seen:
                ask()
            queries[size] = len(seen)
    return Measured(
        queries[SIZES[-1]] / queries[SIZES[0]],
        {f"with_{size}": count for size, count in queries.items()},
    )
