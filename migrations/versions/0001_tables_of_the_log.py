"""Tables of the log."""

import sqlalchemy as sa
from alembic import op

from audit.belts import seat_belts

revision = '0001'
down_revision = None
store = 'audit'


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.String(length=32), nullable=False),
    sa.Column('leaf', sa.LargeBinary(), nullable=False),
    sa.Column('leaf_hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('event_id', name=op.f('uq_audit_entry_event_id')),
    comment='one entry per act; append-only'
    )
    op.create_table('audit_head',
    sa.Column('id', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('frontier', sa.LargeBinary(), nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.Column('ts', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head')),
    comment='the tree as it stands and the time of its newest leaf: one row'
    )
    op.create_table('audit_index',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('line', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ts', sa.String(length=20), nullable=False),
    sa.Column('actor', sa.Text(), nullable=False),
    sa.Column('org', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('on_behalf_of', sa.Text(), nullable=False),
    sa.Column('case_id', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('rule_id', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('explained_by', sa.Text(), nullable=False),
    sa.Column('explained_id', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('retention_class', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('seq', 'line', name=op.f('pk_audit_index')),
    comment='what the officer searches; derived from the payload, never trusted',
    sqlite_with_rowid=False
    )
    op.create_index('ix_audit_index_actor', 'audit_index', ['actor', 'ts', 'seq'], sqlite_where=sa.text('line = 0'), postgresql_where=sa.text('line = 0'))
    op.create_index('ix_audit_index_case', 'audit_index', ['case_id', 'ts', 'seq'], sqlite_where=sa.text('line = 0'), postgresql_where=sa.text('line = 0'))
    op.create_index('ix_audit_index_refused', 'audit_index', ['outcome', 'ts', 'seq'], sqlite_where=sa.text("line = 0 AND outcome IN ('deny', 'mixed')"), postgresql_where=sa.text("line = 0 AND outcome IN ('deny', 'mixed')"))
    op.create_index('ix_audit_index_rule', 'audit_index', ['rule_id', 'ts', 'seq'], sqlite_where=sa.text("decision = 'denied'"), postgresql_where=sa.text("decision = 'denied'"))
    op.create_index('ix_audit_index_unexplained', 'audit_index', ['ts', 'seq'], sqlite_where=sa.text("line = 0 AND explained_by = 'none' AND kind <> ''"), postgresql_where=sa.text("line = 0 AND explained_by = 'none' AND kind <> ''"))
    op.create_index('ix_audit_index_write', 'audit_index', ['case_id', 'version', 'action', 'seq'], sqlite_where=sa.text('line = 0 AND version IS NOT NULL'), postgresql_where=sa.text('line = 0 AND version IS NOT NULL'))

    op.create_table('audit_kek',
    sa.Column('kek_id', sa.Text(), nullable=False),
    sa.Column('class', sa.Text(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('destroy_after', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('kek_id', name=op.f('pk_audit_kek')),
    comment='one wrapped key per retention class and month'
    )
    op.create_table('audit_payload',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('salts', sa.LargeBinary(length=96), nullable=False),
    sa.Column('nonce', sa.LargeBinary(length=12), nullable=False),
    sa.Column('ct', sa.LargeBinary(), nullable=False),
    sa.Column('dek_wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('kek_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_payload')),
    comment='the sealed facts of an entry; erased at the end of its retention'
    )
    op.create_table('audit_subject',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('subject_hmac', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seq', 'subject_hmac', name=op.f('pk_audit_subject')),
    comment='whose data an entry is about; derived, never trusted',
    sqlite_with_rowid=False
    )
    op.create_index('ix_audit_subject', 'audit_subject', ['subject_hmac', 'seq'])

    op.create_table('audit_tile',
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('data', sa.LargeBinary(length=8192), nullable=False),
    sa.PrimaryKeyConstraint('level', 'n', name=op.f('pk_audit_tile')),
    comment='256 hashes of the tree; full tiles only, append-only'
    )
    # Triggers stand in no metadata, so no comparison finds them missing.
    belted = ("audit_entry", "audit_tile", "audit_payload")
    for statement in seat_belts(op.get_bind().dialect.name, belted):
        op.execute(statement)
