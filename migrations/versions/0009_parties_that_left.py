"""Keep which parties left, on which notice, and what stayed behind."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
store = "app"


def upgrade() -> None:
    """Create what departures are kept in."""
    op.create_table(
        "agreement_departure",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("municipality", sa.String(length=6), nullable=False),
        sa.Column("track", sa.String(length=20), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("partner", sa.String(length=4), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=False),
        sa.Column("notice_reference", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded_as", sa.String(length=20), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remains", sa.JSON(), nullable=False),
        sa.Column("log_seq", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_departure_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_departure")),
    )
    with op.batch_alter_table("agreement_departure", schema=None) as batch_op:
        batch_op.create_index("ix_departure_organisation", ["organisation_id"], unique=False)
        batch_op.create_index("ix_departure_place", ["municipality", "track"], unique=False)
