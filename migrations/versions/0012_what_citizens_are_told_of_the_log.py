"""Keep what citizens are told of the log."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
store = "app"


def upgrade() -> None:
    """Create the extracts that are given to youths and parents, and their lines."""
    op.create_table(
        "citizen_extract",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("case_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("prepared_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_extract")),
    )
    with op.batch_alter_table("citizen_extract", schema=None) as batch_op:
        batch_op.create_index("ix_extract_case", ["case_id"], unique=False)
    op.create_table(
        "citizen_extract_line",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("extract_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("ruling", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"],
            ["citizen_extract.id"],
            name=op.f("fk_citizen_extract_line_extract_id_citizen_extract"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_extract_line")),
        sa.UniqueConstraint("extract_id", "position", name="uq_extract_line"),
    )
