"""What an officer asks of the log, at a million entries against ten thousand.

The answers are of the same size; what lies around them must not count.
"""

import atexit
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cache, partial
from types import MappingProxyType
from typing import cast

import psycopg
from sqlalchemy import Engine

from audit import proofs
from audit.acts import acts
from audit.appending import _copy_into
from audit.entries import Action, Kind, Outcome
from audit.queries import accesses, payload, refusals_by_rule
from audit.reading import Reader
from audit.sealing import Keyring
from config.database import audit_metadata, make_engine
from tests.benchmarks.harness import Measured, bench, paired
from tests.benchmarks.kept_logs import index_all, kept, key, say, without_indexes
from tests.benchmarks.long_log import DENIED, END, EVERY, SHORT, name_of, reach
from tests.databases import Cluster

SIZES = (1_000_000, SHORT)
DATABASES = ("sqlite", "postgresql")
PAGE = 26
PERIOD = END - EVERY * (SHORT // 2)  # in the middle of what every log has
TOLD = frozenset(Action) - {Action.LOGIN, Action.LOGIN_FAIL, Action.APPLIED, Action.LOG_VIEW}
WHOLE = (Kind.OPENED, Kind.PRINTED, Kind.EXPORTED, None)
EMERGENCY = frozenset({Action.BREAK_GLASS})
OVERSIGHT = frozenset({Action.LOG_VIEW, Action.OVERSEE})
RULE = f"{DENIED.rule}:2"

Question = Callable[[Reader, int], object]

QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "who_saw_a_youth": lambda log, _: accesses(
            log, limit=PAGE, actions=TOLD, kinds=WHOLE, within=reach(7)
        ),
        "who_saw_a_youth_long_ago": lambda log, size: accesses(
            log, limit=PAGE, actions=TOLD, kinds=WHOLE, within=reach(7 if size == SHORT else 777)
        ),
        "accesses_by_subject": lambda log, _: accesses(
            log, limit=PAGE, subject=name_of("youth", 7)
        ),
        "what_a_person_saw": lambda log, _: accesses(
            log, limit=PAGE, actor=name_of("person", 3), actions=TOLD, kinds=WHOLE, within=reach()
        ),
        "the_newest_within_reach": lambda log, _: accesses(
            log, limit=PAGE, actions=TOLD, kinds=WHOLE, within=reach()
        ),
        "half_a_day_long_ago": lambda log, size: accesses(
            log,
            limit=PAGE,
            actions=TOLD,
            since=END - EVERY * (size * 9 // 10),
            until=END - EVERY * (size * 9 // 10) + timedelta(hours=12),
        ),
        "every_emergency": lambda log, _: accesses(
            log, limit=PAGE, actions=EMERGENCY, within=reach()
        ),
        "what_officers_looked_at": lambda log, _: accesses(
            log, limit=PAGE, actions=OVERSIGHT, within=reach()
        ),
        "what_was_refused": lambda log, _: accesses(
            log, limit=PAGE, actions=TOLD, kinds=WHOLE, outcome=Outcome.DENY, within=reach()
        ),
        "what_one_rule_refused": lambda log, _: accesses(
            log, limit=PAGE, actions=TOLD, rule=RULE, decision="denied", within=reach()
        ),
        "refusals_counted_by_rule": lambda log, _: refusals_by_rule(
            reach(), (Outcome.DENY,), since=PERIOD, reader=log
        ),
        "a_day_for_the_rules": lambda log, _: acts(END - timedelta(days=1), END, (), log),
        "one_entry": lambda log, size: payload(size - 10, log),
        "one_proof": lambda log, size: proofs.inclusion_proof(size - 10, log),
        "one_proof_long_ago": lambda log, size: proofs.inclusion_proof(size // 3, log),
    }
)


@contextmanager
def opened(database: str, size: int) -> Iterator[Engine]:
    """Open a log of this size; for PostgreSQL its rows are copied to a server of their own."""
    engine = make_engine(f"sqlite:///{kept(size)}")
    try:
        if database == "sqlite":
            yield engine
        else:
            cluster = Cluster()
            cluster.start()
            try:
                with _copied(engine, cluster.url(cluster.create())) as copied:
                    yield copied
            finally:
                cluster.stop()
    finally:
        engine.dispose()


@contextmanager
def _copied(source: Engine, url: str) -> Iterator[Engine]:
    """Copy every row of a log to an empty database."""
    engine = make_engine(url)
    audit_metadata.create_all(engine)
    indexes = without_indexes(engine)
    pooled = engine.raw_connection()
    target = cast("psycopg.Connection", pooled.driver_connection)
    pooled.detach()
    with source.connect().execution_options(yield_per=1000) as connection:
        for table in audit_metadata.sorted_tables:
            with target.cursor() as cursor, cursor.copy(_copy_into(table)) as stream:
                for row in connection.execute(table.select()):
                    stream.write_row(tuple(row))
            say(f"copying a log: {table.name}", is_last=True)
    target.commit()
    target.close()
    index_all(engine, indexes)
    try:
        yield engine
    finally:
        engine.dispose()


@cache
def reader(database: str, size: int) -> Reader:
    """Open a log, once in this process."""
    engine = kept_open.enter_context(opened(database, size))
    return Reader(engine, Keyring(engine, key()))


kept_open = ExitStack()
atexit.register(kept_open.close)


def asked(database: str, question: Question) -> Measured:
    """Time one question in the long log against the same in the short one."""
    long, short = (partial(question, reader(database, size), size) for size in SIZES)
    long(), short()
    return paired(long, short)


for _database in DATABASES:
    for _name, _question in QUESTIONS.items():
        bench(
            unit="x",
            better="lower",
            goal=1.5,
            against="the same in a log of 10,000 entries",
            name=f"million_{_name}_{_database}",
        )(partial(asked, _database, _question))
