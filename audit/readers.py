"""What rooms ask of the log about one case or one person: who opened what, who was refused.

The index says where to look; what is told comes from payloads that match their leaves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from audit.entries import Action, Entry, Kind, Outcome
from audit.gate import gate
from audit.models import audit_index
from audit.reading import Opened, Reader, TamperedError

INDEX_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody opened an item: who (hex ids), for whom, when and how."""

    person: str
    organisation: str
    partner: str
    item: str
    at: datetime
    kind: Kind


def readers_of(case_id: str, items: Collection[str]) -> list[Reading]:
    """Tell who read these items (hex ids) of a case, oldest first.

    An entry whose release failed before anything was unwrapped is left out, and so is an item that
    stayed closed while others were shown. Raises TamperedError when an entry was changed.
    """
    reader = gate().reader
    reads = select(audit_index.c.seq).where(
        audit_index.c.case_id == case_id,
        audit_index.c.line == 0,
        audit_index.c.action.in_((Action.CONSULT.value, Action.OUTCOME.value)),
    )
    with reader.engine.connect() as connection:
        numbers = list(connection.scalars(reads))
        opened = [reader.open(row) for row in reader.rows(connection, numbers)]
    outcomes = [one.entry for one in opened if one.entry.action is Action.OUTCOME]
    failed = {outcome.names for outcome in outcomes if not outcome.closed_items}
    closed = {outcome.names: outcome.closed_items for outcome in outcomes}
    wanted = set(items)
    return [
        reading
        for one in opened
        if one.entry.action is Action.CONSULT and one.entry.event_id not in failed
        for reading in _readings(one, wanted - closed.get(one.entry.event_id, frozenset()))
    ]


def _readings(one: Opened, wanted: Collection[str]) -> list[Reading]:
    """List the readings of one entry."""
    actor = one.entry.actor
    return [
        Reading(actor.person, actor.organisation, actor.partner, item, one.at, one.entry.kind)
        for item in sorted(one.entry.allowed_items & set(wanted))
        if one.entry.kind is not None
    ]


def was_stopped(code: str, since: datetime) -> bool:
    """Tell whether since an instant something was not opened for an error of this code."""
    reader = gate().reader
    stopped = select(audit_index.c.seq).where(
        audit_index.c.action == Action.OUTCOME.value,
        audit_index.c.line == 0,
        audit_index.c.ts >= since.strftime(INDEX_TIME),
    )
    with reader.engine.connect() as connection:
        numbers = list(connection.scalars(stopped))
        rows = reader.rows(connection, numbers)
        return any(reader.open(row).entry.reason.startswith(code) for row in rows)


def of_action(action: Action) -> list[Entry]:
    """Read every entry of an action, oldest first; what was changed in the log is left out.

    The verification of the log tells of that. It reads them all, so it is for the night.
    """
    reader = gate().reader
    wanted = select(audit_index.c.seq).where(
        audit_index.c.action == action.value, audit_index.c.line == 0
    )
    with reader.engine.connect() as connection:
        rows = reader.rows(connection, sorted(connection.scalars(wanted)))
        return [one.entry for row in rows if (one := _believed(reader, row)) is not None]


def _believed(reader: Reader, row: Row[Any]) -> Opened | None:
    """Open an entry; None for one that was changed, or whose payload was erased."""
    try:
        return reader.open(row)
    except TamperedError:
        return None


def refusals(person: str, since: datetime) -> int:
    """Count how often a person (hex id) was refused since an instant."""
    with gate().reader.engine.connect() as connection:
        found = connection.scalar(
            select(func.count())
            .select_from(audit_index)
            .where(
                audit_index.c.actor == person,
                audit_index.c.line == 0,
                audit_index.c.outcome == Outcome.DENY.value,
                audit_index.c.ts >= since.strftime(INDEX_TIME),
            )
        )
    return int(found or 0)


def last_opened(person: str, case_ids: Sequence[str]) -> Mapping[str, str]:
    """Tell when a person last opened each of these cases, as UTC text; never opened: left out.

    It only sorts the person's own work list, so the index suffices.
    """
    with gate().reader.engine.connect() as connection:
        rows = connection.execute(
            select(audit_index.c.case_id, func.max(audit_index.c.ts))
            .where(
                audit_index.c.actor == person,
                audit_index.c.line == 0,
                audit_index.c.kind == Kind.OPENED.value,
                audit_index.c.case_id.in_(case_ids),
            )
            .group_by(audit_index.c.case_id)
        )
        return {row[0]: row[1] for row in rows}
