"""What people write into a review, and what shall be different afterwards."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ID = sa.String(length=32)
_PERSON = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "review_notes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("due_at", Moment()),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_review_notes_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_review_notes"),
    )
    op.create_index("ix_review_notes_incident", "review_notes", ["incident"])
    op.create_table(
        "corrective_actions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", _PERSON, nullable=False),
        sa.Column("verifier", _PERSON, nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("done_at", Moment()),
        sa.Column("verified_at", Moment()),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_corrective_actions_incident"),
        sa.PrimaryKeyConstraint("id", name="pk_corrective_actions"),
    )
    op.create_index("ix_corrective_actions_incident", "corrective_actions", ["incident"])
