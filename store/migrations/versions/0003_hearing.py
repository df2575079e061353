"""Hearing: cursors and limits of sources, identity and privacy of mentions, evidence, corrections, holds, pushes."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authors",
        sa.Column("author_hash", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("author_hash", name=op.f("pk_authors")),
    )
    op.create_index(op.f("ix_authors_seen_at"), "authors", ["seen_at"], unique=False)
    op.create_table(
        "corrections",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("mention", sa.String(length=32), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_mention"), "corrections", ["mention"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_table(
        "imports",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("source", "digest", name=op.f("pk_imports")),
    )
    op.create_table(
        "meters",
        sa.Column("account", sa.String(length=300), nullable=False),
        sa.Column("hour_at", Moment(), nullable=False),
        sa.Column("hour_used", sa.Integer(), nullable=False),
        sa.Column("day_at", Moment(), nullable=False),
        sa.Column("day_used", sa.Integer(), nullable=False),
        sa.Column("day_usd", sa.Float(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("blocked_until", Moment(), nullable=True),
        sa.Column("blocked_why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_meters")),
    )
    op.create_table(
        "pushes",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", "digest", name=op.f("pk_pushes")),
    )
    op.create_index(op.f("ix_pushes_at"), "pushes", ["at"], unique=False)
    op.create_table(
        "saved_sources",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_sources")),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mention", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
    )
    op.create_index(op.f("ix_snapshots_mention"), "snapshots", ["mention"], unique=False)
    op.create_table(
        "source_hours",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "at", name=op.f("pk_source_hours")),
    )
    op.create_table(
        "mention_sources",
        sa.Column("mention", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["mention"], ["mentions.id"], name=op.f("fk_mention_sources_mention")),
        sa.PrimaryKeyConstraint("mention", "source", name=op.f("pk_mention_sources")),
    )
    op.add_column("mentions", sa.Column("klass", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("lang", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("author_hash", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("verified", sa.Boolean(), nullable=True))
    op.add_column("mentions", sa.Column("bot", sa.Boolean(), nullable=True))
    op.add_column("mentions", sa.Column("parent_ext_id", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("repost_of", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("views", sa.BigInteger(), nullable=True))
    op.add_column("mentions", sa.Column("points", sa.BigInteger(), nullable=True))
    op.add_column("mentions", sa.Column("rank", sa.Integer(), nullable=True))
    op.add_column("mentions", sa.Column("best_rank", sa.Integer(), nullable=True))
    op.add_column("mentions", sa.Column("region", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("status", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("truncated", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("mentions", sa.Column("raw_date", sa.String(length=100), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("raw_excerpt", sa.Text(), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("last_seen_at", Moment(), nullable=True))
    op.add_column("mentions", sa.Column("metrics_at", Moment(), nullable=True))
    op.add_column("mentions", sa.Column("edited_at", Moment(), nullable=True))
    op.add_column("mentions", sa.Column("erased_at", Moment(), nullable=True))
    op.add_column("mentions", sa.Column("url_key", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("mentions", sa.Column("text_key", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_mentions_author_hash"), "mentions", ["author_hash"], unique=False)
    op.create_index("ix_mentions_source_time", "mentions", ["source", "first_seen_at"], unique=False)
    op.create_index("ix_mentions_text_key", "mentions", ["source", "text_key"], unique=False)
    op.create_index("ix_mentions_url_key", "mentions", ["platform", "url_key"], unique=False)
    op.add_column("scores", sa.Column("not_us", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("source_states", sa.Column("cursor", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("source_states", sa.Column("until", Moment(), nullable=True))
    op.add_column("source_states", sa.Column("truncated_at", Moment(), nullable=True))
    op.add_column("source_states", sa.Column("full_read_at", Moment(), nullable=True))
    op.add_column("source_states", sa.Column("moved_to", sa.Text(), nullable=False, server_default=""))
    op.add_column("source_states", sa.Column("moved_times", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("source_states", sa.Column("told_at", Moment(), nullable=True))
    op.add_column("source_states", sa.Column("told_outcome", sa.String(length=24), nullable=False, server_default=""))
