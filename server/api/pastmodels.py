"""The values in which the past of an article crosses the HTTP interface."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from crdt.limits import MAX_CLOCK
from server.api.models import ArticleSpans, Given, PublicAuthor, SpanView, Whole

MOST = 999_999_999
MOST_CLIENT = 2**53 - 1
DELETION = "^[0-9]{1,16}-[0-9]{1,16}-[0-9]{1,10}$"


class ArticleMoment(ArticleSpans):
    """The text after row `seq` of the log, who wrote each character, and when that row came."""

    at: Annotated[datetime | None, Field(description="Null for seq 0, the beginning.")]


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
    Annotated[Whole, Field(ge=0, le=MOST_CLIENT)],
    Annotated[Whole, Field(ge=0, le=MAX_CLOCK)],
    Annotated[Whole, Field(ge=1, le=MAX_CLOCK)],
]


class EarlierWish(Given):
    """A revision to restore, or the section of it that has a heading."""

    revision: Annotated[Whole, Field(ge=1, le=MOST, description="The revision's number.")]


class PassageWish(Given):
    """A deleted passage to restore."""

    passage: Annotated[list[IDs], Field(min_length=1, max_length=10_000, description="Its `ids`.")]


class RestoreWish(RootModel[EarlierWish | PassageWish]):
    """What to restore."""


class Restored(BaseModel):
    """The row of the log after which it stands."""

    seq: int
