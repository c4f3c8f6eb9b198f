"""Find acts of the log by their time, and those that are rare by what they are."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
store = "audit"

WHOLE = sa.text("line = 0")
RARE = sa.text("line = 0 AND action NOT IN ('CONSULT', 'LOGIN', 'LOGIN_FAIL', 'applied')")


def upgrade() -> None:
    """Add both indexes; in a long log this takes a minute, during which nothing is appended."""
    for name, columns, rows in (
        ("ix_audit_index_time", ["ts", "seq"], WHOLE),
        ("ix_audit_index_rare", ["action", "ts", "seq", "case_id", "actor", "org"], RARE),
    ):
        op.create_index(name, "audit_index", columns, sqlite_where=rows, postgresql_where=rows)
