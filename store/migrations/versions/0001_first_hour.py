"""The first hour: agenda, journal, mentions, incidents, pages, texts, people."""

from alembic import op

from store.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
