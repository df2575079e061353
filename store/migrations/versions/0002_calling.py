"""Calling: acks per person, endpoints and their health, spells, inquiries, workers, API tokens."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_api_tokens")),
    )
    op.create_table(
        "endpoints",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", Moment(), nullable=True),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("dead_at", Moment(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("slow", sa.Boolean(), nullable=False),
        sa.Column("probe_until", Moment(), nullable=True),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_sent_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_endpoints")),
    )
    op.create_table(
        "inquiries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.Column("deadlines", sa.JSON(), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("warned", sa.JSON(), nullable=False),
        sa.Column("breached", sa.JSON(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("number", name=op.f("uq_inquiries_number")),
    )
    op.create_index(op.f("ix_inquiries_closed_at"), "inquiries", ["closed_at"], unique=False)
    op.create_table(
        "spells",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spells")),
    )
    op.create_index("ix_spells_kind_until", "spells", ["kind", "until"], unique=False)
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("drift_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "acks",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("incident", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("via", sa.String(length=24), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name=op.f("fk_acks_incident")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_acks")),
    )
    op.create_index(op.f("ix_acks_incident"), "acks", ["incident"], unique=False)
    op.add_column("incidents", sa.Column("merged_into", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("incidents", sa.Column("hushed", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("incidents", sa.Column("lower_to", sa.String(length=24), nullable=True))
    op.add_column("incidents", sa.Column("lower_by", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("incidents", sa.Column("lower_at", Moment(), nullable=True))
    op.add_column("pages", sa.Column("reply", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("pages", sa.Column("digest", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("pages", sa.Column("begun_at", Moment(), nullable=True))
    op.create_index(op.f("ix_pages_digest"), "pages", ["digest"], unique=False)
    op.create_index("ix_pages_waiting", "pages", ["status", "channel"], unique=False)
    # Urgent calls now go before all others: everything moves one place back.
    op.execute("UPDATE agenda SET priority = priority + 1")
