"""What the privacy officer asks the log: who saw whom, what did a person see, what was refused.

The index finds, the payload answers: every entry shown is held against its leaf, and its index
rows against what the payload says, so a doctored row shows. A row that was taken away from the
index does not show here; `audit.verify` finds it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    exists,
    func,
    select,
    text,
    union_all,
)

from audit.derived import DerivedRows, IndexRow, SubjectRow
from audit.entries import Action, Entry, Kind, Outcome
from audit.gate import gate
from audit.leaf import second_of
from audit.models import FREQUENT, RARE, REFUSED, audit_index, audit_subject
from audit.reach import Reach
from audit.reading import Opened, Reader, TamperedError
from config.errors import NotFoundError

LARGEST_PAGE = 500

_OUTCOMES = {
    "allowed": (Outcome.PERMIT, Outcome.MIXED),
    "denied": (Outcome.DENY, Outcome.MIXED),
}
_REFUSED = (Outcome.DENY, Outcome.MIXED)


@dataclass(frozen=True, slots=True)
class Access:
    """One entry as the officer sees it.

    `fault` says in one sentence how the entry or its index rows were doctored; then `opened` is
    what can still be believed, or None.
    """

    seq: int
    opened: Opened | None
    fault: str | None = None

    @property
    def entry(self) -> Entry | None:
        """Give the facts, when they can be believed."""
        return self.opened.entry if self.opened else None


class Search(TypedDict, total=False):
    """What to look for; what is left out, or None, does not narrow.

    `decision` keeps the entries with at least one such line; `outcome` looks at the entry as a
    whole, `rule` at its refused lines, and None among `kinds` stands for acts that are no read.
    `since` is included and `until` is not; `before` is the last number of the page before.
    `within` bounds what is shown: a row that leads to an entry outside it shows as doctored, and
    that entry stays closed.
    """

    subject: str | None
    actor: str | None
    case_id: str | None
    case_ids: Collection[str] | None
    organisation: str | None
    category: str | None
    purpose: str | None
    decision: Literal["allowed", "denied"] | None
    outcome: Outcome | None
    actions: Collection[Action] | None
    kinds: Collection[Kind | None] | None
    rule: str | None
    since: datetime | None
    until: datetime | None
    before: int | None
    within: Reach | None


def _with_part(category: str) -> ColumnElement[bool]:
    """Select the entries with a line about a category of data."""
    line = audit_index.alias("part").c
    return exists().where(line.seq == audit_index.c.seq, line.category == category)


_NARROWING: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "actor": lambda person: audit_index.c.actor == person,
    "case_id": lambda case_id: audit_index.c.case_id == case_id,
    "case_ids": audit_index.c.case_id.in_,
    "organisation": lambda organisation: audit_index.c.org == organisation,
    "category": _with_part,
    "purpose": lambda purpose: audit_index.c.purpose == purpose,
    "decision": lambda decision: audit_index.c.outcome.in_(_OUTCOMES[decision]),
    "outcome": lambda outcome: audit_index.c.outcome == outcome.value,
    "actions": lambda actions: audit_index.c.action.in_([action.value for action in actions]),
    "kinds": lambda kinds: audit_index.c.kind.in_([kind.value if kind else "" for kind in kinds]),
    "since": lambda since: audit_index.c.ts >= second_of(since),
    "until": lambda until: audit_index.c.ts < second_of(until),
    "before": lambda seq: audit_index.c.seq < seq,
    "within": lambda reach: (
        audit_index.c.seq.in_(reach.numbers()) if reach.is_narrow else reach.rows()
    ),
}


def accesses(
    reader: Reader | None = None, *, limit: int = 100, **wanted: Unpack[Search]
) -> list[Access]:
    """List entries, the newest first, at most `limit` (500 at most), in four queries.

    Without a reader the log of the current app is read.
    """
    reader = reader or gate().reader
    query = _numbers(wanted, max(1, min(limit, LARGEST_PAGE)))
    with reader.engine.connect() as connection:
        found = _believed(connection, reader, list(connection.scalars(query)))
    within = wanted.get("within")
    return found if within is None else [_bounded(access, within) for access in found]


def _bounded(access: Access, within: Reach) -> Access:
    """Close an entry to which a doctored row leads from outside what may be shown."""
    if access.entry is None or within.holds(access.entry):
        return access
    return Access(access.seq, None, "The index leads to an entry of something else.")


@dataclass(frozen=True, slots=True)
class Refusals:
    """How many entries a rule refused, wholly or in part; without a rule: a refusal as a whole."""

    rule: str
    code: str
    entries: int


def refusals_by_rule(
    within: Reach,
    outcomes: Collection[Outcome],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    reader: Reader | None = None,
) -> list[Refusals]:
    """Count refusals by rule, the most first, in one query.

    Counted in the index; `audit.verify` is what holds all of it against the entries.
    """
    row, line = audit_index.c, audit_index.alias("refused").c
    acts = select(row.seq).where(
        text(REFUSED), row.outcome.in_([outcome.value for outcome in outcomes]), within.rows()
    )
    if since is not None:
        acts = acts.where(row.ts >= second_of(since))
    if until is not None:
        acts = acts.where(row.ts < second_of(until))
    found = acts.subquery()
    number = func.count(line.seq.distinct())
    query = (
        select(line.rule_id, line.code, number)
        .where(line.seq == found.c.seq, line.decision == "denied")
        .group_by(line.rule_id, line.code)
        .order_by(number.desc(), line.rule_id, line.code)
    )
    with (reader or gate().reader).engine.connect() as connection:
        return [Refusals(*found) for found in connection.execute(query)]


def payload(seq: int, reader: Reader | None = None) -> Access:
    """Read one entry by its number; raises NotFoundError when the log has none."""
    reader = reader or gate().reader
    with reader.engine.connect() as connection:
        rows = reader.rows(connection, [seq])
        if not rows:
            raise NotFoundError
        return _believed(connection, reader, [seq])[0]


def accesses_at(
    numbers: Collection[int], within: Reach, reader: Reader | None = None
) -> list[Access]:
    """Read entries by number, in their order; one that is not in the log is left out.

    What lies outside `within` stays closed. Four queries per 500 numbers.
    """
    reader = reader or gate().reader
    ordered, found = sorted(set(numbers)), list[Access]()
    with reader.engine.connect() as connection:
        for first in range(0, len(ordered), LARGEST_PAGE):
            some = ordered[first : first + LARGEST_PAGE]
            there = [row.seq for row in reader.rows(connection, some)]
            found += _believed(connection, reader, there)
    return [_bounded(access, within) for access in found]


def _numbers(wanted: Search, limit: int) -> Select[Any]:
    """Select the numbers of the entries searched for, from the index, the newest first.

    Times never fall in the log, so the order of time, in which some indexes stand, is the order of
    the numbers. How a search is written decides which index serves it: no search may read all of
    the log to find little in it.
    """
    row = audit_index.c
    query = select(row.seq).where(text("audit_index.line = 0"))
    given = {name: value for name, value in wanted.items() if value is not None}
    for name, narrow in _NARROWING.items():
        if name in given:
            query = query.where(narrow(given[name]))
    rule, within, actions = (wanted.get("rule"), wanted.get("within"), wanted.get("actions"))
    if "subject" in given:
        query = query.join(audit_subject, audit_subject.c.seq == row.seq)
        query = query.where(audit_subject.c.subject_hmac == given["subject"])
    if rule is not None:
        return _refused_by(query, rule, limit)
    is_refused = given.get("decision") == "denied" or given.get("outcome") in _REFUSED
    if is_refused:
        # In the words of the index that holds only refusals, so that it is used.
        query = query.where(text(REFUSED))
    if "subject" in given:
        return query.order_by(audit_subject.c.seq.desc()).limit(limit)
    by_time = query.order_by(row.ts.desc(), row.seq.desc()).limit(limit)
    if is_refused or given.keys() & {"actor", "case_id"}:
        return by_time
    is_narrow = within is not None and within.is_narrow
    if not is_narrow and actions and all(action.value not in FREQUENT for action in actions):
        return _each(by_time, actions, limit)
    if not is_narrow and given.keys() & {"since", "until"}:
        return by_time
    return query.order_by(row.seq.desc()).limit(limit)


def _refused_by(query: Select[Any], rule: str, limit: int) -> Select[Any]:
    """Search for entries with a line that a rule refused, from the index of such lines.

    Whether the entry is one that is sought is asked line by line, the newest first, until there
    are enough: as a value and not as a join, which PostgreSQL would make of all lines at once.
    """
    line = audit_index.alias("line").c
    sought = query.where(audit_index.c.seq == line.seq).limit(1).scalar_subquery()
    found = (
        select(line.ts, line.seq)
        .where(line.rule_id == rule, text("line.decision = 'denied'"), sought.is_not(None))
        .order_by(line.ts.desc(), line.seq.desc())
        .distinct()
        .limit(limit)
        .subquery()
    )
    return select(found.c.seq).order_by(found.c.seq.desc())


def _each(query: Select[Any], actions: Collection[Action], limit: int) -> Select[Any]:
    """Search for acts that are rare one by one, in the words of the index that holds only them."""
    row = audit_index.c
    newest = [
        query.where(row.action == action.value, text(RARE)).subquery() for action in sorted(actions)
    ]
    found = union_all(*(select(one.c.seq) for one in newest)).subquery()
    return select(found.c.seq).order_by(found.c.seq.desc()).limit(limit)


def _believed(connection: Connection, reader: Reader, numbers: Sequence[int]) -> list[Access]:
    """Open entries and hold their index and subject rows against them, keeping the order."""
    rows = {row.seq: row for row in reader.rows(connection, numbers)}
    lines = derived_rows(connection, audit_index, numbers)
    subjects = derived_rows(connection, audit_subject, numbers)
    return [_judge(reader, seq, rows.get(seq), lines[seq], subjects[seq]) for seq in numbers]


def derived_rows(
    connection: Connection, table: Table, numbers: Sequence[int]
) -> defaultdict[int, list[Any]]:
    """Read the index or subject rows of entries, in the order they are derived in."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    query = select(table).where(table.c.seq.in_(numbers)).order_by(*table.primary_key.columns)
    for row in connection.execute(query):
        found[row.seq].append(tuple(row))
    return found


def _judge(
    reader: Reader,
    seq: int,
    row: Row[Any] | None,
    lines: list[IndexRow],
    subjects: list[SubjectRow],
) -> Access:
    """Open an entry and tell whether its rows in the index are what its payload says."""
    if row is None:
        return Access(seq, None, "The index names an entry that is not in the log.")
    try:
        opened = reader.open(row)
    except TamperedError:
        return Access(seq, None, "The entry was changed after it was written.")
    derived = DerivedRows(opened.entry)
    if lines != derived.index(seq, opened.leaf.second) or subjects != derived.subjects(seq):
        return Access(seq, opened, "The index does not say what the entry says.")
    return Access(seq, opened)
