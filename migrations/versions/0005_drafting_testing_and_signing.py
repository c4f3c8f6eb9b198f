"""Let agreements be drafted, tested and signed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
store = "app"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "guardrail_edition",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("edition", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_approved_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("first_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_approved_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("second_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardrail_edition")),
        sa.UniqueConstraint("edition", name="uq_guardrail_edition"),
    )
    op.create_table(
        "agreement_clause_check",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("clause_id", sa.String(length=100), nullable=False),
        sa.Column("clause_hash", sa.String(length=64), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_clause_check_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_clause_check")),
    )
    with op.batch_alter_table("agreement_clause_check", schema=None) as batch_op:
        batch_op.create_index("ix_check_agreement", ["agreement_id"], unique=False)

    op.create_table(
        "agreement_edit",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_edit_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_edit")),
        sa.UniqueConstraint("agreement_id", "revision", name="uq_edit_revision"),
    )
    op.create_table(
        "agreement_step",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_step_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_step")),
    )
    with op.batch_alter_table("agreement_step", schema=None) as batch_op:
        batch_op.create_index("ix_step_agreement", ["agreement_id"], unique=False)

    op.create_table(
        "agreement_paper",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(length=200), nullable=False),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_paper_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["agreement_party.id"],
            name=op.f("fk_agreement_paper_party_id_agreement_party"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_paper")),
    )
    with op.batch_alter_table("agreement_paper", schema=None) as batch_op:
        batch_op.create_index("ix_paper_agreement", ["agreement_id"], unique=False)

    op.create_table(
        "agreement_signature",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("agreement_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("mandate_number", sa.String(length=100), nullable=False),
        sa.Column("mandate_scope", sa.Text(), nullable=False),
        sa.Column("mandate_on", sa.Date(), nullable=True),
        sa.Column("person_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("paper_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_signature_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["agreement_paper.id"],
            name=op.f("fk_agreement_signature_paper_id_agreement_paper"),
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["agreement_party.id"],
            name=op.f("fk_agreement_signature_party_id_agreement_party"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint("party_id", name="uq_signature_party"),
    )
    with op.batch_alter_table("agreement_signature", schema=None) as batch_op:
        batch_op.create_index("ix_signature_agreement", ["agreement_id"], unique=False)

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("model_id", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("previous_id", sa.LargeBinary(length=16), nullable=True))
