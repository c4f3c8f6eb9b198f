"""Seal login sessions; those of before have no seal, and their people sign in again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
store = "app"


def upgrade() -> None:
    """Add the seal of a session."""
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seal", sa.LargeBinary(length=32), nullable=True))
