"""The values in which the past of an article crosses the HTTP interface."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from server.api.models import ArticleSpans


class ArticleMoment(ArticleSpans):
    """The text after row `seq` of the log, who wrote each character, and when that row came."""

    at: Annotated[datetime | None, Field(description="Null for seq 0, the beginning.")]
