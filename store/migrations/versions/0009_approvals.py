"""Who was asked for a yes, what they have against a text, what was let stand, who speaks in whose place."""

import sqlalchemy as sa
from alembic import op

from store.columns import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.String(length=32)
_PERSON = sa.String(length=40)


def upgrade() -> None:
    _reviews_asked()
    _objections()
    op.create_table(
        "overrides",
        sa.Column("id", _ID, nullable=False),
        sa.Column("draft", _ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("legal", _PERSON, nullable=False),
        sa.Column("legal_at", Moment()),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_overrides_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
    )
    op.create_index("ix_overrides_draft", "overrides", ["draft"])
    op.create_table(
        "delegations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person", _PERSON, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("revoked_at", Moment()),
        sa.Column("revoked_by", _PERSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
    )


def _reviews_asked() -> None:
    op.create_table(
        "reviews_asked",
        sa.Column("id", _ID, nullable=False),
        sa.Column("draft", _ID, nullable=False),
        sa.Column("part", sa.String(length=24), nullable=False),
        sa.Column("person", _PERSON, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("eta", Moment()),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("answered_at", Moment()),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_reviews_asked_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews_asked"),
        sa.UniqueConstraint("draft", "part", "turn", name="uq_reviews_asked_draft_part_turn"),
    )
    op.create_index("ix_reviews_asked_draft", "reviews_asked", ["draft"])


def _objections() -> None:
    op.create_table(
        "objections",
        sa.Column("id", _ID, nullable=False),
        sa.Column("incident", _ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("lang", sa.String(length=4), nullable=False),
        sa.Column("draft", _ID, nullable=False),
        sa.Column("strong", sa.Boolean(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", _PERSON, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("closed_at", Moment()),
        sa.Column("closed_by", _PERSON, nullable=False),
        sa.Column("closed_why", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.id"], name="fk_objections_incident"),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="fk_objections_draft"),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
    )
    op.create_index("ix_objections_incident", "objections", ["incident"])
