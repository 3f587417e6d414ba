"""The tables: author, article, update_log and quarantine are the truth, the others follow."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
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


class Revision(Base, table=True):
    """A numbered, readable point in an article's log."""

    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    article: int = Field(primary_key=True, foreign_key="article.id")
    number: int = Field(primary_key=True)
    seq: int = Field(sa_type=BigInteger)
    at: datetime = Field(sa_type=Instant)
    label: str
    made_by: str = Field(foreign_key="author.id")
    text: str = Field(sa_type=Text)


class RevisionSpan(Base, table=True):
    """A run of a revision's characters with one author, in code points."""

    __tablename__ = "revision_span"
    __table_args__ = (
        ForeignKeyConstraint(["article", "number"], ["revision.article", "revision.number"]),
        CheckConstraint("start >= 0 AND length > 0", name="run"),
    )

    article: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    start: int = Field(primary_key=True)
    length: int
    author: str = Field(foreign_key="author.id")


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
