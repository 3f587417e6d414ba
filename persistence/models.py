"""The tables: author, article, update_log, revision_mark and quarantine are the truth.

All others follow from them.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from persistence.instant import Instant

MAX_CLIENT = 2**53 - 1

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class Base(SQLModel):
    """The common ground of the tables: one catalogue, in which every constraint has a name."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class Author(Base, table=True):
    """A person or a named bot."""

    __table_args__ = (CheckConstraint("kind IN ('person', 'bot')", name="kind"),)

    id: str = Field(primary_key=True)
    handle: str = Field(unique=True)
    name: str
    colour: str
    orcid: str | None = Field(unique=True)
    kind: str
    created: datetime = Field(sa_type=Instant)
    passphrase_hash: str | None
    subject: str | None = Field(unique=True)


class Article(Base, table=True):
    """A document: its head is the last seq of its log."""

    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'private')", name="visibility"),
        CheckConstraint("head >= 0", name="head"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    head: int = Field(sa_type=BigInteger)
    created_by: str = Field(foreign_key="author.id")
    created_at: datetime = Field(sa_type=Instant)
    visibility: str


class Replica(Base, table=True):
    """The owner of a client id in an article (law 2)."""

    __table_args__ = (CheckConstraint(f"client BETWEEN 0 AND {MAX_CLIENT}", name="client"),)

    article: int = Field(primary_key=True, foreign_key="article.id")
    client: int = Field(primary_key=True, sa_type=BigInteger)
    author: str = Field(foreign_key="author.id")


class LoggedUpdate(Base, table=True):
    """An accepted update: the row is never changed and never deleted."""

    __tablename__ = "update_log"
    __table_args__ = (CheckConstraint("seq > 0", name="seq"),)

    article: int = Field(primary_key=True, foreign_key="article.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    author: str = Field(foreign_key="author.id")
    at: datetime = Field(sa_type=Instant)
    payload: bytes = Field(sa_type=LargeBinary)
    carried: bytes | None = Field(sa_type=LargeBinary)


class Checkpoint(Base, table=True):
    """The merged state of an article and its attribution at a seq: a cache."""

    article: int = Field(primary_key=True, foreign_key="article.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    state: bytes = Field(sa_type=LargeBinary)
    attribution: bytes = Field(sa_type=LargeBinary)


REASONS = "reason IN ('named', 'quiet', 'work', 'left')"
MARK = ["revision_mark.article", "revision_mark.number"]
REVISION = ["revision.article", "revision.number"]
WORDS = Text().with_variant(TSVECTOR(), "postgresql")  # words of persistence.words, and a space


class RevisionMark(Base, table=True):
    """A point in an article's log that a person or the server chose; follows from nothing."""

    __tablename__ = "revision_mark"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(REASONS, name="reason"),
        Index(
            "uq_revision_mark_automatic",
            "article",
            "seq",
            unique=True,
            sqlite_where=text("reason <> 'named'"),
            postgresql_where=text("reason <> 'named'"),
        ),
    )

    article: int = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
    label: str
    note: str = Field(sa_type=Text)
    made_by: str | None = Field(foreign_key="author.id")
    reason: str


class Revision(Base, table=True):
    """A mark with the article's text there."""

    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], MARK),
        CheckConstraint(REASONS, name="reason"),
    )

    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
    label: str
    made_by: str | None = Field(foreign_key="author.id")
    note: str = Field(sa_type=Text)
    reason: str
    doubt: str | None = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    state_vector: bytes = Field(sa_type=LargeBinary)


class RevisionSpan(Base, table=True):
    """A run of a revision's characters with one author, in code points."""

    __tablename__ = "revision_span"
    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], REVISION),
        CheckConstraint("start >= 0 AND length > 0", name="run"),
    )

    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    start: int = Field(primary_key=True)
    length: int
    author: str = Field(foreign_key="author.id")


class RevisionAuthor(Base, table=True):
    """What an author has to do with a revision, in code points."""

    __tablename__ = "revision_author"
    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], REVISION),
        CheckConstraint("inserted >= 0 AND deleted >= 0 AND kept >= 0", name="counts"),
    )

    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    author: str = Field(primary_key=True, foreign_key="author.id")
    inserted: int
    deleted: int
    kept: int


class RevisionLoss(Base, table=True):
    """How much of an author's text somebody took away since the revision before, in code points."""

    __tablename__ = "revision_loss"
    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], REVISION),
        CheckConstraint("length > 0", name="length"),
    )

    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    author: str = Field(primary_key=True, foreign_key="author.id")
    deleted_by: str = Field(primary_key=True, foreign_key="author.id")
    length: int


class RevisionSection(Base, table=True):
    """A run of a revision's characters with one heading, in code points; only queries read it."""

    __tablename__ = "revision_section"
    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], REVISION),
        CheckConstraint("start >= 0 AND length > 0", name="run"),
    )

    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    start: int = Field(primary_key=True)
    length: int
    level: int
    heading: str = Field(sa_type=Text)


class Frame(Base, table=True):
    """A run of rows of the log as one, for the replay: a cache."""

    __table_args__ = (Index("ix_frame_article_level_after", "article", "level", "after"),)

    article: int = Field(primary_key=True, foreign_key="article.id")
    level: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    after: int = Field(sa_type=BigInteger)
    until: int = Field(sa_type=BigInteger)
    since: datetime = Field(sa_type=Instant)
    at: datetime = Field(sa_type=Instant)
    authors: str = Field(sa_type=Text)  # a JSON array of ids
    payload: bytes = Field(sa_type=LargeBinary)
    attribution: bytes = Field(sa_type=LargeBinary)


class ArticleText(Base, table=True):
    """The newest text of an article and what it is found by; SQLite searches in article_words."""

    __tablename__ = "article_text"
    __table_args__ = (Index("ix_article_text_words", "words", postgresql_using="gin"),)

    article: int = Field(primary_key=True, foreign_key="article.id")
    seq: int = Field(sa_type=BigInteger)
    text: str = Field(sa_type=Text)
    title_words: str = Field(sa_type=WORDS)
    words: str = Field(sa_type=WORDS)


class Contribution(Base, table=True):
    """How much an author wrote in an article, and what of it stands there, in code points."""

    __table_args__ = (
        CheckConstraint("written >= 0 AND surviving >= 0", name="counts"),
        Index(None, "author"),
    )

    article: int = Field(primary_key=True, foreign_key="article.id")
    author: str = Field(primary_key=True, foreign_key="author.id")
    seq: int = Field(sa_type=BigInteger)
    written: int
    surviving: int


class Quarantine(Base, table=True):
    """What was in hand when a server process stalled or died; does not follow from the log."""

    __table_args__ = (
        CheckConstraint("reason IN ('stalled', 'died')", name="reason"),
        UniqueConstraint("article", "author", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    article: int = Field(foreign_key="article.id")
    author: str = Field(foreign_key="author.id")
    at: datetime = Field(sa_type=Instant)
    reason: str
    certain: bool
    payload: bytes = Field(sa_type=LargeBinary)
    released_at: datetime | None = Field(sa_type=Instant)


def table(model: type[Base]) -> Table:
    """Return the table of a model, for SQL that is built and not mapped."""
    return Base.metadata.tables[str(model.__tablename__)]
