"""The values in which the past of an article crosses the HTTP interface."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from server.api.models import ArticleSpans, Given


class ArticleMoment(ArticleSpans):
    """The text after row `seq` of the log, who wrote each character, and when that row came."""

    at: Annotated[datetime | None, Field(description="Null for seq 0, the beginning.")]


class RestoreWish(Given):
    """What to restore."""

    revision: Annotated[int, Field(ge=1, description="The number of a revision.")]


class Restored(BaseModel):
    """The row of the log after which it stands."""

    seq: int
