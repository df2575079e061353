"""Judging: muted and doubtful mentions, near-duplicates, what else a bucket counts, saved versions of settings."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scores") as scores:
        scores.add_column(sa.Column("muted", sa.Boolean(), nullable=False, server_default=sa.false()))
        scores.add_column(sa.Column("triage", sa.String(length=16), nullable=False, server_default=""))
        scores.add_column(sa.Column("cluster", sa.String(length=32), nullable=False, server_default=""))
    with op.batch_alter_table("volumes") as volumes:
        volumes.add_column(sa.Column("voices", sa.Integer(), nullable=False, server_default="0"))
        volumes.add_column(sa.Column("copies", sa.Integer(), nullable=False, server_default="0"))
        volumes.add_column(sa.Column("reach", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_scores_cluster", "scores", ["brand", "cluster"], unique=False)
    op.create_index("ix_scores_triage", "scores", ["triage", "event_at"], unique=False)
    op.create_table(
        "versions",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", "number", name=op.f("pk_versions")),
    )
