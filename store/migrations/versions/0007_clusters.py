"""Near-duplicates: the texts of the last days and the keys under which a copy finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cluster_texts",
        sa.Column("number", LONG, autoincrement=False, nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("mention", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cluster_texts")),
    )
    op.create_table(
        "cluster_keys",
        sa.Column("key", LONG, autoincrement=False, nullable=False),
        sa.Column("number", LONG, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cluster_keys")),
    )
