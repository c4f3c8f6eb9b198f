"""What asks for an explanation."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
store = 'app'


def upgrade() -> None:
    op.create_table('monitoring_consent',
    sa.Column('organisation_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('consented_on', sa.Date(), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('recorded_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_monitoring_consent'))
    )
    op.create_table('review_item',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('pattern', sa.String(length=30), nullable=False),
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('organisation', sa.String(length=32), nullable=False),
    sa.Column('case_id', sa.String(length=32), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_item')),
    sa.UniqueConstraint('pattern', 'seq', name='uq_review_item')
    )
    with op.batch_alter_table('review_item', schema=None) as batch_op:
        batch_op.create_index('ix_review_open', ['closed_at', 'seq'], unique=False)

    op.create_table('review_limit',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.LargeBinary(length=16), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_limit'))
    )
