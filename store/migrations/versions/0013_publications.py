"""Records of posts that correct one another, pictures of posts, and what became of a promise."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.String(length=32)


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column("publications", sa.Column("supersedes", _ID))
    op.add_column("publications", sa.Column("reason", sa.Text(), nullable=False, server_default=empty))
    op.add_column("publications", sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_publications_supersedes", "publications", ["supersedes"], unique=True)
    op.add_column("promises", sa.Column("kind", sa.String(length=24), nullable=False, server_default="update"))
    op.add_column("promises", sa.Column("kept_by", sa.String(length=40), nullable=False, server_default=empty))
    for name in ("evidence", "link", "void_reason"):
        op.add_column("promises", sa.Column(name, sa.Text(), nullable=False, server_default=empty))
    op.add_column("promises", sa.Column("voided_at", Moment()))
    op.create_table(
        "screenshots",
        sa.Column("id", _ID, nullable=False),
        sa.Column("publication", _ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["publication"], ["publications.id"], name="fk_screenshots_publication"),
        sa.PrimaryKeyConstraint("id", name="pk_screenshots"),
    )
    op.create_index("ix_screenshots_publication", "screenshots", ["publication"])
