"""All tables: author, article, update_log, and what follows from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables in the order of their references."""
    _author()
    _article()
    _update_log()
    _replica()
    _checkpoint()
    _revision()
    _revision_span()


def _author() -> None:
    op.create_table(
        "author",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("orcid", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passphrase_hash", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'bot')", name=op.f("ck_author_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("handle", name=op.f("uq_author_handle")),
        sa.UniqueConstraint("orcid", name=op.f("uq_author_orcid")),
        sa.UniqueConstraint("subject", name=op.f("uq_author_subject")),
    )


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.CheckConstraint(
            "visibility IN ('public', 'private')", name=op.f("ck_article_visibility")
        ),
        sa.CheckConstraint("head >= 0", name=op.f("ck_article_head")),
        sa.ForeignKeyConstraint(["created_by"], ["author.id"], name=op.f("fk_article_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )


def _update_log() -> None:
    op.create_table(
        "update_log",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("carried", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("seq > 0", name=op.f("ck_update_log_seq")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_update_log_article")),
        sa.ForeignKeyConstraint(["author"], ["author.id"], name=op.f("fk_update_log_author")),
        sa.PrimaryKeyConstraint("article", "seq", name=op.f("pk_update_log")),
    )


def _replica() -> None:
    op.create_table(
        "replica",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("client", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.CheckConstraint("client BETWEEN 0 AND 9007199254740991", name=op.f("ck_replica_client")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_replica_article")),
        sa.ForeignKeyConstraint(["author"], ["author.id"], name=op.f("fk_replica_author")),
        sa.PrimaryKeyConstraint("article", "client", name=op.f("pk_replica")),
    )


def _checkpoint() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("attribution", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_checkpoint_article")),
        sa.PrimaryKeyConstraint("article", "seq", name=op.f("pk_checkpoint")),
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_revision_number")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_revision_article")),
        sa.ForeignKeyConstraint(["made_by"], ["author.id"], name=op.f("fk_revision_made_by")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_revision")),
    )


def _revision_span() -> None:
    op.create_table(
        "revision_span",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.CheckConstraint("start >= 0 AND length > 0", name=op.f("ck_revision_span_run")),
        sa.ForeignKeyConstraint(
            ["article", "number"],
            ["revision.article", "revision.number"],
            name=op.f("fk_revision_span_article_number"),
        ),
        sa.ForeignKeyConstraint(["author"], ["author.id"], name=op.f("fk_revision_span_author")),
        sa.PrimaryKeyConstraint("article", "number", "start", name=op.f("pk_revision_span")),
    )
