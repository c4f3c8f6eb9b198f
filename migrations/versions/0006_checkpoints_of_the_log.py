"""Keep what the log signed and who cosigned it."""

import sqlalchemy as sa
from alembic import op

from audit.belts import seat_belts

revision = '0006'
down_revision = '0005'
store = 'audit'


def upgrade() -> None:
    op.create_table('audit_checkpoint',
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=False),
    sa.Column('ts', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_audit_checkpoint')),
    comment='what the log signed about itself; append-only'
    )
    op.create_table('audit_cosig',
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('ts', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('size', 'name', name=op.f('pk_audit_cosig')),
    comment='what witnesses and time stamps say of a checkpoint, by the name of who says it'
    )
    # The entries again: PostgreSQL now asks for the next number too, as SQLite always did.
    for statement in seat_belts(op.get_bind().dialect.name, ("audit_entry", "audit_checkpoint")):
        op.execute(statement)
