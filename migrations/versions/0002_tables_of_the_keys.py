"""Tables of the keys."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
store = 'keys'


def upgrade() -> None:
    op.create_table('case_key',
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('tenant', sa.String(length=6), nullable=False),
    sa.Column('kek_version', sa.Integer(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_key'))
    )
    op.create_table('data_key',
    sa.Column('kid', sa.LargeBinary(length=8), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('commitment', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('kid', name=op.f('pk_data_key')),
    sa.UniqueConstraint('case_id', 'category', 'generation', name=op.f('uq_data_key_case_id'))
    )
    op.create_table('destruction_record',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=True),
    sa.Column('basis', sa.String(length=200), nullable=False),
    sa.Column('proposed_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('first_approver', sa.LargeBinary(length=16), nullable=True),
    sa.Column('first_approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('second_approver', sa.LargeBinary(length=16), nullable=True),
    sa.Column('second_approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('executed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('items', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_destruction_record'))
    )
    op.create_table('draft_key',
    sa.Column('kid', sa.LargeBinary(length=8), nullable=False),
    sa.Column('draft_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('kek_version', sa.Integer(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('commitment', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('kid', name=op.f('pk_draft_key'))
    )
    op.create_index('ix_draft_key_draft_id', 'draft_key', ['draft_id'])

    op.create_table('erasure_ledger',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('category', sa.String(length=8), nullable=True),
    sa.Column('record_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure_ledger'))
    )
    op.create_index('ix_erasure_ledger_case_id', 'erasure_ledger', ['case_id'])

    op.create_table('identity_index',
    sa.Column('id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('region', sa.String(length=6), nullable=False),
    sa.Column('index_name', sa.String(length=20), nullable=False),
    sa.Column('token', sa.LargeBinary(length=16), nullable=False),
    sa.Column('handle', sa.LargeBinary(), nullable=False),
    sa.Column('created_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_index'))
    )
    op.create_index('ix_identity_token', 'identity_index', ['token'])

    op.create_table('legal_hold',
    sa.Column('case_id', sa.LargeBinary(length=16), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('placed_by', sa.LargeBinary(length=16), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_legal_hold'))
    )
