"""Drills: what was played, when, by whom, and the sheet it came to."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drills",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("scenario", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("suspended_at", Moment()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("ended_at", Moment()),
        sa.Column("ended_by", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("sheet", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("id", name="pk_drills"),
        sa.UniqueConstraint("number", name="uq_drills_number"),
    )
