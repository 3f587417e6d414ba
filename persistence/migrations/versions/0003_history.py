"""History: marks of revisions, who did what in each, frames, texts to search in, contributions.

Texts and spans of revisions follow from the log: `palimpsest rebuild` brings them back.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from persistence.words import words_of

revision = "0003"
down_revision = "0002"

REASONS = "reason IN ('named', 'quiet', 'work', 'left')"
WORDS = sa.Text().with_variant(TSVECTOR(), "postgresql")


def upgrade() -> None:
    """Make the tables in the order of their references."""
    _revision_mark()
    _mark_revisions()
    op.drop_table("revision_span")
    op.drop_table("revision")
    _revision()
    _revision_span()
    _revision_author()
    _revision_loss()
    _revision_section()
    _frame()
    _contribution()
    _article_text()
    if op.get_bind().dialect.name == "sqlite":
        _article_words()
    else:
        op.create_index("ix_article_text_words", "article_text", ["words"], postgresql_using="gin")
    _find_titles()


def _mark_columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    ]


def _revision_mark() -> None:
    name = "revision_mark"
    op.create_table(
        name,
        *_mark_columns(),
        sa.CheckConstraint("number > 0", name=op.f("ck_revision_mark_number")),
        sa.CheckConstraint(REASONS, name=op.f("ck_revision_mark_reason")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f(f"fk_{name}_article")),
        sa.ForeignKeyConstraint(["made_by"], ["author.id"], name=op.f(f"fk_{name}_made_by")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_revision_mark")),
    )
    automatic = sa.text("reason <> 'named'")
    op.create_index(
        "uq_revision_mark_automatic",
        "revision_mark",
        ["article", "seq"],
        unique=True,
        sqlite_where=automatic,
        postgresql_where=automatic,
    )


def _mark_revisions() -> None:
    """Keep what people gave: until now every revision was made by somebody."""
    op.execute(
        "INSERT INTO revision_mark (article, number, seq, at, label, made_by, note, reason)"
        " SELECT article, number, seq, at, label, made_by, '', 'named' FROM revision"
    )


def _revision() -> None:
    op.create_table(
        "revision",
        *_mark_columns(),
        sa.Column("doubt", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state_vector", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(REASONS, name=op.f("ck_revision_reason")),
        sa.ForeignKeyConstraint(
            ["article", "number"],
            ["revision_mark.article", "revision_mark.number"],
            name=op.f("fk_revision_article_number"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["author.id"], name=op.f("fk_revision_made_by")),
        sa.PrimaryKeyConstraint("article", "number", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_seq", "revision", ["article", "seq", "number"])


def _of_revision(name: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article", "number"],
            ["revision.article", "revision.number"],
            name=op.f(f"fk_{name}_article_number"),
        ),
        sa.ForeignKeyConstraint(["author"], ["author.id"], name=op.f(f"fk_{name}_author")),
    ]


def _revision_span() -> None:
    article, number, author, *rules = _of_revision("revision_span")
    op.create_table(
        "revision_span",
        article,
        number,
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        author,
        sa.CheckConstraint("start >= 0 AND length > 0", name=op.f("ck_revision_span_run")),
        *rules,
        sa.PrimaryKeyConstraint("article", "number", "start", name=op.f("pk_revision_span")),
    )


def _revision_author() -> None:
    op.create_table(
        "revision_author",
        *_of_revision("revision_author"),
        sa.Column("inserted", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "inserted >= 0 AND deleted >= 0 AND kept >= 0", name=op.f("ck_revision_author_counts")
        ),
        sa.PrimaryKeyConstraint("article", "number", "author", name=op.f("pk_revision_author")),
    )


def _revision_loss() -> None:
    name = "revision_loss"
    op.create_table(
        name,
        *_of_revision(name),
        sa.Column("deleted_by", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.CheckConstraint("length > 0", name=op.f("ck_revision_loss_length")),
        sa.ForeignKeyConstraint(["deleted_by"], ["author.id"], name=op.f(f"fk_{name}_deleted_by")),
        sa.PrimaryKeyConstraint(
            "article", "number", "author", "deleted_by", name=op.f("pk_revision_loss")
        ),
    )


def _revision_section() -> None:
    article, number, _, in_article, _ = _of_revision("revision_section")
    op.create_table(
        "revision_section",
        article,
        number,
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.CheckConstraint("start >= 0 AND length > 0", name=op.f("ck_revision_section_run")),
        in_article,
        sa.PrimaryKeyConstraint("article", "number", "start", name=op.f("pk_revision_section")),
    )


def _frame() -> None:
    op.create_table(
        "frame",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("attribution", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_frame_article")),
        sa.PrimaryKeyConstraint("article", "level", "number", name=op.f("pk_frame")),
    )
    op.create_index("ix_frame_article_level_after", "frame", ["article", "level", "after"])


def _contribution() -> None:
    name = "contribution"
    op.create_table(
        name,
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("surviving", sa.Integer(), nullable=False),
        sa.CheckConstraint("written >= 0 AND surviving >= 0", name=op.f(f"ck_{name}_counts")),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f(f"fk_{name}_article")),
        sa.ForeignKeyConstraint(["author"], ["author.id"], name=op.f(f"fk_{name}_author")),
        sa.PrimaryKeyConstraint("article", "author", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_author"), name, ["author"])


def _article_text() -> None:
    name = "article_text"
    op.create_table(
        name,
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title_words", WORDS, nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f(f"fk_{name}_article")),
        sa.PrimaryKeyConstraint("article", name=op.f("pk_article_text")),
    )


def _article_words() -> None:
    """Make the index in which SQLite searches; triggers let it follow its table.

    The tokenizer parts at spaces, and leaves what is not ASCII alone.
    """
    op.execute(
        "CREATE VIRTUAL TABLE article_words USING fts5(title_words, words,"
        " content='article_text', content_rowid='article', detail='column', tokenize='ascii')"
    )
    remove = (
        "INSERT INTO article_words (article_words, rowid, title_words, words)"
        " VALUES ('delete', old.article, old.title_words, old.words);"
    )
    add = (
        "INSERT INTO article_words (rowid, title_words, words)"
        " VALUES (new.article, new.title_words, new.words);"
    )
    for act, work in {"INSERT": add, "DELETE": remove, "UPDATE": remove + add}.items():
        name = f"article_text_{act.lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {act} ON article_text BEGIN {work} END")


def _find_titles() -> None:
    """Let the articles be found by their titles, as new ones are."""
    bind = op.get_bind()
    words = sa.cast(sa.bindparam("words"), WORDS)
    names = ("article", "seq", "text", "title_words", "words")
    table = sa.table("article_text", *map(sa.column, names))
    given: tuple[object, ...] = (sa.bindparam("id"), 0, "", words, words)
    insert = sa.insert(table).values(dict(zip(names, given, strict=True)))
    for article, title in bind.execute(sa.text("SELECT id, title FROM article")).all():
        bind.execute(insert, {"id": article, "words": " ".join(words_of(title))})
