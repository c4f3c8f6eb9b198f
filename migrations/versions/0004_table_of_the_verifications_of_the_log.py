"""table of the verifications of the log."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
store = 'app'


def upgrade() -> None:
    op.create_table('log_verification',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('first_bad', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_verification'))
    )
    with op.batch_alter_table('log_verification', schema=None) as batch_op:
        batch_op.create_index('ix_log_verification_at', ['at'], unique=False)
