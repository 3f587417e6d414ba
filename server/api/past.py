"""/api/v1/articles/{slug}/at/...: what an article was, and bringing it back."""

from collections.abc import Callable

from persistence.errors import UnknownArticle
from server.api.articles import PATH, readable
from server.api.endpoint import Access, Call, Encoded, Endpoint
from server.api.pastmodels import ArticleMoment
from server.api.pasttold import moment_told
from server.refusals import Busy, HistoryUnavailable, NotFound, TokenNeeded

REFUSALS = (UnknownArticle, TokenNeeded, NotFound, Busy, HistoryUnavailable)


async def _at(call: Call) -> Encoded:
    return await _told(call, moment_told, call.number("seq"))


async def _told(call: Call, job: Callable[..., bytes], *args: object) -> Encoded:
    """Have the historian tell something of the article in the path."""
    article = await readable(call)
    root = call.state["settings"].root_name
    return Encoded(await call.state["historian"].run(job, root, article.id, *args))


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH + "/{slug}/at/{seq}",
        "Give the text after row `seq` of the log, and the author of each of its characters.",
        _at,
        {200: ArticleMoment},
        Access.READER,
        refusals=REFUSALS,
    ),
)
