"""Keep how somebody proved who they are when signing, the day on a paper, and what a DPIA found."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
store = "app"


def upgrade() -> None:
    """Add them."""
    with op.batch_alter_table("agreement_signature", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("proof", sa.String(length=20), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("paper_on", sa.Date(), nullable=True))
    with op.batch_alter_table("agreement_step", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("outcome", sa.String(length=30), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("epoch", sa.Integer(), server_default="0", nullable=False))
