"""Seal the plain rows of a case, and name the partner of aftercare by its code.

A case of before has no seal yet: its manifest says so, and its next write makes one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
store = "app"

# The one that was named: the newest task of aftercare of that organisation.
NAMED = """
UPDATE case_file SET aftercare_partner = (
    SELECT p.partner FROM case_participant AS p
    WHERE p.case_id = case_file.id AND p.task = 'aftercare'
        AND p.organisation_id = case_file.aftercare_organisation_id
    ORDER BY p.from_on DESC, p.id LIMIT 1
) WHERE aftercare_organisation_id IS NOT NULL
"""


def upgrade() -> None:
    """Add both columns; the partner of a running aftercare is that of its participant."""
    with op.batch_alter_table("case_manifest", schema=None) as batch_op:
        batch_op.add_column(sa.Column("skeleton", sa.LargeBinary(length=32), nullable=True))
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("aftercare_partner", sa.String(length=4), nullable=True))
    op.execute(NAMED)
