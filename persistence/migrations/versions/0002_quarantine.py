"""The quarantine: what was in hand when a server process stalled or died."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('stalled', 'died')", name=op.f("ck_quarantine_reason")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_quarantine_article")),
        sa.ForeignKeyConstraint(["author"], ["author.id"], name=op.f("fk_quarantine_author")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint(
            "article", "author", "at", name=op.f("uq_quarantine_article_author_at")
        ),
    )
