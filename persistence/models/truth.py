"""The tables that hold the truth: they follow from nothing, and all others from them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from persistence.instant import Instant
from persistence.models.base import Base

REASONS = "reason IN ('named', 'quiet', 'work', 'left')"


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


class Secret(Base, table=True):
    """What all servers of this database, and nobody else, may know; it is never changed."""

    name: str = Field(primary_key=True)
    value: str
    created: datetime = Field(sa_type=Instant)


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
