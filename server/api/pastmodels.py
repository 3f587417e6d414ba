"""The values in which the past of an article crosses the HTTP interface."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from crdt.limits import MAX_CLOCK
from server.api.models import WHOLE, ArticleSpans, Given, PublicAuthor, SpanView

MOST = 999_999_999
MOST_CLIENT = 2**53 - 1
POINT = "^r?[0-9]{1,9}$"
DELETION = "^[0-9]{1,16}-[0-9]{1,16}-[0-9]{1,10}$"


class ArticleMoment(ArticleSpans):
    """The text after row `seq` of the log, who wrote each character, and when that row came."""

    at: Annotated[datetime | None, Field(description="Null for seq 0, the beginning.")]


class ComparisonQuery(BaseModel):
    """Which points of the log to compare."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    earlier: Annotated[
        str, Field(alias="from", pattern=POINT, description="A seq, or a revision as `r3`.")
    ] = "0"
    later: Annotated[
        str | None,
        Field(alias="to", pattern=POINT, description="The same; the head if left out."),
    ] = None


class ChangeView(BaseModel):
    """Text that stands on one side only: `deleted` at `from`, `inserted` at `to`; code points.

    It begins at `start` of its side and would be at `opposite` of the other. `author` wrote it, its
    first character in the minute `at`; `carried_by` brought it back. The two ends of a move have
    the same number `move`. Who deleted it is null where it was inserted, and where `from` comes
    after `to`.
    """

    kind: Literal["inserted", "deleted"]
    start: int
    opposite: int
    length: int
    text: str
    author: str
    at: datetime
    carried_by: str | None
    deleted_by: str | None
    deleted_at: datetime | None
    move: int | None


class ComparisonView(BaseModel):
    """What came, went and moved between two points of the log, in document order."""

    earlier: Annotated[int, Field(serialization_alias="from", description="The seq.")]
    later: Annotated[int, Field(serialization_alias="to", description="The seq.")]
    changes: list[ChangeView]
    authors: dict[str, PublicAuthor]


class DeletionsQuery(BaseModel):
    """Which part of the deleted passages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100, description="Most passages in the answer.")] = 50
    after: Annotated[
        str | None, Field(pattern=DELETION, description="The `next` of the answer before.")
    ] = None
    least: Annotated[
        int, Field(ge=1, le=MOST, description="Fewest characters (code points) of a passage.")
    ] = 1


class DeletionView(BaseModel):
    """Text that stood together and was deleted by one author in one minute.

    `ids` are ranges of IDs in document order: client id, clock, length in UTF-16 units. Lengths and
    spans count code points.
    """

    ids: list[tuple[int, int, int]]
    text: str
    spans: list[SpanView]
    length: int
    deleted_by: str
    deleted_at: datetime


class DeletionPage(BaseModel):
    """A part of what was deleted and does not stand again, newest first; `next` is null at the end.

    `authors` are those who wrote it, or deleted it.
    """

    seq: int
    deletions: list[DeletionView]
    authors: dict[str, PublicAuthor]
    next: str | None


IDs = tuple[
    Annotated[int, Field(ge=0, le=MOST_CLIENT), WHOLE],
    Annotated[int, Field(ge=0, le=MAX_CLOCK), WHOLE],
    Annotated[int, Field(ge=1, le=MAX_CLOCK), WHOLE],
]


class EarlierWish(Given):
    """A revision to restore, or the section of it that has a heading."""

    revision: Annotated[int, Field(ge=1, le=MOST, description="The revision's number."), WHOLE]
    section: Annotated[
        str | None,
        Field(min_length=1, max_length=1_000, description="The heading, without its signs."),
    ] = None


class PassageWish(Given):
    """A deleted passage to restore."""

    passage: Annotated[list[IDs], Field(min_length=1, max_length=10_000, description="Its `ids`.")]


class RestoreWish(RootModel[EarlierWish | PassageWish]):
    """What to restore."""


class Restored(BaseModel):
    """The row of the log after which it stands."""

    seq: int
