"""Indexes of what waits hold what waits alone: most mentions never stand in them again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_mentions_pending", "mentions")
    op.drop_index("ix_scores_triage", "scores")
    _index("ix_mentions_pending", "mentions", "first_seen_at", "judged_at IS NULL")
    _index("ix_scores_triage", "scores", "event_at", "triage <> ''")


def _index(name: str, table: str, column: str, which: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(which), postgresql_where=sa.text(which))
