"""Indexes of what waits hold what waits alone: most mentions never stand in them again. Keys of address and words are
as short as they may be."""

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
    op.execute("UPDATE mentions SET url_key = substr(url_key, 1, 20), text_key = substr(text_key, 1, 20)")


def _index(name: str, table: str, column: str, which: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(which), postgresql_where=sa.text(which))
