"""Walking over the log from its first entry to its last, as far as it still says something."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select, text

from audit.entries import Action, Entry
from audit.leaf import second_of
from audit.models import RARE, audit_entry, audit_index
from audit.reading import PER_QUERY, Opened, Reader


def failures(reader: Reader, since: datetime | None = None) -> dict[str, Entry]:
    """Find by event which releases failed after their entry was made, from an instant on.

    The index says where to look; what is told comes from entries that match their leaves. Raises
    TamperedError when one was changed.
    """
    row = audit_index.c
    query = select(row.seq).where(row.action == Action.OUTCOME.value, text(RARE))
    if since is not None:
        query = query.where(row.ts >= second_of(since))
    with reader.engine.connect() as connection:
        opened = [reader.open(one) for one in reader.rows(connection, [*connection.scalars(query)])]
    return {one.entry.names: one.entry for one in opened if one.entry.names is not None}


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
