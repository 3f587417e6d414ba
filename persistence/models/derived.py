"""The tables that follow from the truth."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from persistence.instant import Instant
from persistence.models.base import Base
from persistence.models.truth import REASONS

MAX_CLIENT = 2**53 - 1
MARK = ["revision_mark.article", "revision_mark.number"]
REVISION = ["revision.article", "revision.number"]
WORDS = Text().with_variant(TSVECTOR(), "postgresql")  # words of persistence.words, and a space


class Replica(Base, table=True):
    """The owner of a client id in an article (law 2)."""

    __table_args__ = (CheckConstraint(f"client BETWEEN 0 AND {MAX_CLIENT}", name="client"),)

    article: int = Field(primary_key=True, foreign_key="article.id")
    client: int = Field(primary_key=True, sa_type=BigInteger)
    author: str = Field(foreign_key="author.id")


class Checkpoint(Base, table=True):
    """The merged state of an article and its attribution at a seq: a cache."""

    article: int = Field(primary_key=True, foreign_key="article.id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    state: bytes = Field(sa_type=LargeBinary)
    attribution: bytes = Field(sa_type=LargeBinary)


class Revision(Base, table=True):
    """A mark with the article's text there."""

    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], MARK),
        CheckConstraint(REASONS, name="reason"),
        Index("ix_revision_seq", "article", "seq", "number"),
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
