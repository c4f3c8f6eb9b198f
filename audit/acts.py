"""Acts as the index lists them, light enough to look for patterns in all of a month.

The index finds; whoever follows a pattern opens the entry, and then it is held against its leaf.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, text

from audit.gate import gate
from audit.leaf import second_of
from audit.models import audit_index, audit_subject
from audit.reading import Reader


class Act(NamedTuple):
    """One entry: its number, instant, who for whom, where, what came of it, what explains it.

    Ids are in hex, empty where there is none; `subject` is the first person it is about.
    `others` tells whether something of another organisation was allowed.
    """

    seq: int
    at: datetime
    actor: str
    organisation: str
    role: str
    on_behalf_of: str
    case_id: str
    subject: str
    action: str
    kind: str
    outcome: str
    explained_by: str
    others: bool


def acts(
    since: datetime,
    until: datetime,
    own_rules: Collection[str] = (),
    reader: Reader | None = None,
) -> Sequence[Act]:
    """Read the acts of a span of time in the order of the log, in one query.

    `since` is included, `until` is not. `own_rules` are the rules by which somebody reads what the
    own organisation brought. Without a reader the log of the current app is read.
    """
    row = audit_index.c
    line = audit_index.alias("line").c
    # A value and no EXISTS, for which PostgreSQL would read the lines of all of the log.
    others = (
        select(line.seq)
        .where(line.seq == row.seq, line.decision == "allowed", line.rule_id != "")
        .where(line.rule_id.not_in(own_rules))
        .limit(1)
        .scalar_subquery()
        .is_not(None)
    )
    first_subject = (
        select(func.min(audit_subject.c.subject_hmac))
        .where(audit_subject.c.seq == row.seq)
        .scalar_subquery()
    )
    query = (
        select(
            *(row.seq, row.ts, row.actor, row.org, row.role, row.on_behalf_of, row.case_id),
            *(func.coalesce(first_subject, ""), row.action, row.kind, row.outcome),
            *(row.explained_by, others),
        )
        .where(text("audit_index.line = 0"))
        .where(row.ts >= second_of(since), row.ts < second_of(until))
        .order_by(row.ts, row.seq)  # as the index of times stands, which is the order of the log
    )
    with (reader or gate().reader).engine.connect() as connection:
        rows = connection.execute(query)
        return [Act._make((row[0], datetime.fromisoformat(row[1]), *row[2:])) for row in rows]
