"""Which tests count the lines they run: counting doubles their time.

A test is not counted when another runs the same lines, or when chance chooses what it runs:

- one marked `unmeasured`, which says so itself;
- one whose examples are generated, for a line that only some example reaches is covered by chance;
- one on PostgreSQL that also runs on SQLite, but where our own code differs by database.

Scenes and other set-up that tests share are counted whoever asks for them first.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from coverage import Coverage

# Rooms of tests about code that does something else on PostgreSQL.
BY_DATABASE = ("tests/audit/", "tests/auth/", "tests/config/", "tests/demo/")
_paused: list[Coverage] = []


def put_measured_first(items: list[pytest.Item]) -> None:
    """Mark every test whose lines need not be counted, and let those that count come first.

    What a process works out once, and keeps, would else be counted by chance. Those that say so
    themselves are the long ones, and go before the others, so that no worker ends with them alone.
    """
    names = {item.nodeid for item in items}
    turns = {}
    for item in items:
        is_generated = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        turns[item] = 1 if item.get_closest_marker("unmeasured") else 0
        if not turns[item] and (is_generated or _is_twin(item.nodeid, names)):
            turns[item] = 2
            item.add_marker(pytest.mark.unmeasured)
    items.sort(key=turns.__getitem__)


def _is_twin(name: str, names: set[str]) -> bool:
    """Tell whether a test on PostgreSQL runs the lines that its like on SQLite runs."""
    other = name.replace("[postgresql", "[sqlite").replace("-postgresql", "-sqlite")
    return other != name and other in names and not name.startswith(BY_DATABASE)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Count no lines in this block."""
    measuring = None if _paused else Coverage.current()
    if measuring is None:
        yield
        return
    measuring.stop()
    _paused.append(measuring)
    try:
        yield
    finally:
        _paused.pop().start()


@contextmanager
def measured() -> Iterator[None]:
    """Count lines in this block, also where a test that is not counted asked for it."""
    if not _paused:
        yield
        return
    measuring = _paused.pop()
    measuring.start()
    try:
        yield
    finally:
        measuring.stop()
        _paused.append(measuring)
