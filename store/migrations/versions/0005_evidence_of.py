"""The other side of an incident's evidence: asked of every old mention, and of every one that is deleted."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_incident_mentions_mention", "incident_mentions", ["mention"], unique=False)
