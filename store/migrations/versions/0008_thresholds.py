"""Each spike names the thresholds it was decided by."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spikes", sa.Column("thresholds", sa.String(length=12), nullable=False, server_default=""))
