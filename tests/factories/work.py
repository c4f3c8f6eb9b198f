"""The work a request costs: the statements each of the three stores is sent."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine, MetaData, event, select

from config.database import Stores


@contextmanager
def counted(app: Flask) -> Iterator[Counter[str]]:
    """Count the statements sent to each store while the block runs."""
    seen: Counter[str] = Counter()
    stores: Stores = app.extensions["stores"]
    engines = {"app": stores.app, "keys": stores.keys, "audit": stores.audit}
    listeners = [(engine, _counter(seen, name)) for name, engine in engines.items()]
    for engine, listener in listeners:
        event.listen(engine, "before_cursor_execute", listener)
    try:
        yield seen
    finally:
        for engine, listener in listeners:
            event.remove(engine, "before_cursor_execute", listener)


def _counter(seen: Counter[str], name: str) -> Callable[..., None]:
    def count(*args: object) -> None:
        _ = args
        seen[name] += 1

    return count


def dumped(engine: Engine, *leave_out: str) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table of a store but those left out, to compare."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in tables.sorted_tables
            if table.name not in leave_out
        }
