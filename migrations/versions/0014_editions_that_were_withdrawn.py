"""Let a proposed edition of the limits be withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
store = "app"


def upgrade() -> None:
    """Add when a proposal was withdrawn."""
    with op.batch_alter_table("guardrail_edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
