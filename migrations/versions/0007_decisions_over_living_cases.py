"""Let living cases come under another version by a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
store = "app"


def upgrade() -> None:
    """Create what such decisions are kept in."""
    op.create_table(
        "case_move",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("source_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("target_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("target_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("proposed_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["agreement.id"], name=op.f("fk_case_move_source_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["agreement.id"], name=op.f("fk_case_move_target_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_move")),
    )
    with op.batch_alter_table("case_move", schema=None) as batch_op:
        batch_op.create_index("ix_move_source", ["source_id"], unique=False)
        batch_op.create_index("ix_move_target", ["target_id"], unique=False)

    op.create_table(
        "case_moved",
        sa.Column("move_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("case_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_moved_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["move_id"], ["case_move.id"], name=op.f("fk_case_moved_move_id_case_move")
        ),
        sa.PrimaryKeyConstraint("move_id", "case_id", name=op.f("pk_case_moved")),
    )
    with op.batch_alter_table("case_moved", schema=None) as batch_op:
        batch_op.create_index("ix_moved_case", ["case_id"], unique=False)

    op.create_table(
        "case_stay",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("move_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("case_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_stay_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["move_id"], ["case_move.id"], name=op.f("fk_case_stay_move_id_case_move")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_stay")),
        sa.UniqueConstraint("move_id", "case_id", name="uq_stay_case"),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreement_since", sa.Date(), nullable=True))
