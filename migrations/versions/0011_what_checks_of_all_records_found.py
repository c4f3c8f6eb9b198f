"""Keep what checks of all stored records found."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
store = "app"


def upgrade() -> None:
    """Create what the checks of all records are kept in."""
    op.create_table(
        "record_check",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("keys", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("first_problems", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_check")),
    )
    with op.batch_alter_table("record_check", schema=None) as batch_op:
        batch_op.create_index("ix_record_check_at", ["at"], unique=False)
