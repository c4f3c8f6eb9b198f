"""The tables of the log; their triggers stand in `audit.belts`."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    event,
    text,
)

from audit.belts import seat_belts
from config.database import audit_metadata

_SEQ = BigInteger().with_variant(Integer, "sqlite")


def _only(rows: str) -> dict[str, Any]:
    """Limit an index to some rows, on both databases."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows)}


audit_entry = Table(
    "audit_entry",
    audit_metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("event_id", String(32), nullable=False, unique=True),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    comment="one entry per act; append-only",
)

audit_payload = Table(
    "audit_payload",
    audit_metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("salts", LargeBinary(96), nullable=False),
    Column("nonce", LargeBinary(12), nullable=False),
    Column("ct", LargeBinary, nullable=False),
    Column("dek_wrapped", LargeBinary, nullable=False),
    Column("kek_id", Text, nullable=False),
    comment="the sealed facts of an entry; erased at the end of its retention",
)

audit_index = Table(
    "audit_index",
    audit_metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("ts", String(20), nullable=False),
    Column("actor", Text, nullable=False),
    Column("org", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("on_behalf_of", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("rule_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("explained_by", Text, nullable=False),
    Column("explained_id", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("retention_class", Text, nullable=False),
    Column("version", Integer),
    sqlite_with_rowid=False,
    comment="what the officer searches; derived from the payload, never trusted",
)

audit_subject = Table(
    "audit_subject",
    audit_metadata,
    Column("seq", _SEQ, primary_key=True, autoincrement=False),
    Column("subject_hmac", Text, primary_key=True),
    sqlite_with_rowid=False,
    comment="whose data an entry is about; derived, never trusted",
)

audit_tile = Table(
    "audit_tile",
    audit_metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", _SEQ, primary_key=True, autoincrement=False),
    Column("data", LargeBinary(8192), nullable=False),
    comment="256 hashes of the tree; full tiles only, append-only",
)

audit_head = Table(
    "audit_head",
    audit_metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", _SEQ, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("ts", String(20), nullable=False),
    comment="the tree as it stands and the time of its newest leaf: one row",
)

audit_checkpoint = Table(
    "audit_checkpoint",
    audit_metadata,
    Column("size", _SEQ, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", LargeBinary, nullable=False),
    Column("ts", String(20), nullable=False),
    comment="what the log signed about itself; append-only",
)

audit_cosig = Table(
    "audit_cosig",
    audit_metadata,
    Column("size", _SEQ, primary_key=True, autoincrement=False),
    Column("name", String(200), primary_key=True),
    Column("line", Text, nullable=False),
    Column("ts", String(20), nullable=False),
    comment="what witnesses and time stamps say of a checkpoint, by the name of who says it",
)

audit_kek = Table(
    "audit_kek",
    audit_metadata,
    Column("kek_id", Text, primary_key=True),
    Column("class", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("destroy_after", String(10), nullable=False),
    comment="one wrapped key per retention class and month",
)

# Facts of the whole act stand on its line 0; further lines differ by provider and category only.
# An index is limited to the rows it is asked for, so that a plain read touches few of them.
REFUSED = "line = 0 AND outcome IN ('deny', 'mixed')"
UNEXPLAINED_READ = "line = 0 AND explained_by = 'none' AND kind <> ''"
WRITE = "line = 0 AND version IS NOT NULL"
FREQUENT = frozenset({"CONSULT", "LOGIN", "LOGIN_FAIL", "applied"})
RARE = f"line = 0 AND action NOT IN ({', '.join(repr(one) for one in sorted(FREQUENT))})"
_c = audit_index.c
Index("ix_audit_index_actor", _c.actor, _c.ts, _c.seq, **_only("line = 0"))
Index("ix_audit_index_case", _c.case_id, _c.ts, _c.seq, **_only("line = 0"))
Index("ix_audit_index_refused", _c.outcome, _c.ts, _c.seq, **_only(REFUSED))
Index(
    "ix_audit_index_rare", *(_c.action, _c.ts, _c.seq, _c.case_id, _c.actor, _c.org), **_only(RARE)
)
Index("ix_audit_index_rule", _c.rule_id, _c.ts, _c.seq, **_only("decision = 'denied'"))
Index("ix_audit_index_time", _c.ts, _c.seq, **_only("line = 0"))
Index("ix_audit_index_unexplained", _c.ts, _c.seq, **_only(UNEXPLAINED_READ))
Index("ix_audit_index_write", _c.case_id, _c.version, _c.action, _c.seq, **_only(WRITE))
Index("ix_audit_subject", audit_subject.c.subject_hmac, audit_subject.c.seq)


def _fasten(target: MetaData, connection: Connection, **options: object) -> None:
    """Fasten the seat belts as soon as the tables exist."""
    _ = target, options
    for statement in seat_belts(connection.dialect.name):
        connection.exec_driver_sql(statement)


event.listen(audit_metadata, "after_create", _fasten)
