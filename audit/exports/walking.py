"""Walking over the log from its first entry to its last, as far as it still says something."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from audit.models import audit_entry
from audit.reading import PER_QUERY, Opened, Reader


def walk(
    reader: Reader, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Opened]:
    """Open the entries of a span of time in the order of the log; an erased one says nothing.

    Both ends are included; None is the beginning or the end. Raises TamperedError at the first
    entry that was changed.
    """
    with reader.engine.connect() as connection:
        last = connection.scalar(select(func.max(audit_entry.c.seq)))
        size = 0 if last is None else last + 1
        for first in range(0, size, PER_QUERY):
            for row in reader.rows(connection, range(first, min(first + PER_QUERY, size))):
                if row.salts is None:
                    continue
                opened = reader.open(row)
                if until is not None and opened.at > until:
                    return
                if since is None or opened.at >= since:
                    yield opened
