"""/api/v1/articles/{slug}/at/...: what an article was, and bringing it back."""

from collections.abc import Callable

from crdt.errors import StandsAgain, StructureRefused
from persistence.errors import UnknownArticle, UnknownRevision
from server.api.articles import PATH, readable
from server.api.endpoint import Access, Answer, Call, Encoded, Endpoint
from server.api.pastmodels import (
    ArticleMoment,
    ComparisonQuery,
    ComparisonView,
    DeletionPage,
    DeletionsQuery,
    EarlierWish,
    PassageWish,
    Restored,
    RestoreWish,
)
from server.api.pasttold import comparison_told, deletions_told, moment_told
from server.refusals import (
    Busy,
    HistoryUnavailable,
    NotFound,
    NothingToRestore,
    StorageUnavailable,
    TokenNeeded,
    UnknownPassage,
    UnknownSection,
)
from server.restoring import Passage, Restorer, Revision, Wish

REFUSALS = (UnknownArticle, TokenNeeded, NotFound, Busy, HistoryUnavailable)
RESTORE_REFUSALS = (
    UnknownRevision,
    UnknownSection,
    UnknownPassage,
    NothingToRestore,
    StandsAgain,
    StructureRefused,
    StorageUnavailable,
)


async def _at(call: Call) -> Encoded:
    return await _told(call, moment_told, call.number("seq"))


async def _told(call: Call, job: Callable[..., bytes], *args: object) -> Encoded:
    """Have the historian tell something of the article in the path."""
    article = await readable(call)
    root = call.state["settings"].root_name
    return Encoded(await call.state["historian"].run(job, root, article.id, *args))


async def _compare(call: Call) -> Encoded:
    query: ComparisonQuery = call.query
    return await _told(call, comparison_told, query.earlier, query.later)


async def _deletions(call: Call) -> Encoded:
    query: DeletionsQuery = call.query
    return await _told(call, deletions_told, query.limit, query.after, query.least)


async def _restore(call: Call) -> Answer:
    article, state, wish = await readable(call), call.state, call.body
    restorer = Restorer(state["rooms"], state["historian"], state["settings"])
    seq = await restorer.restore(article, call.caller.author, _wish(wish.root))
    return Answer(201, Restored(seq=seq))


def _wish(wish: EarlierWish | PassageWish) -> Wish:
    if isinstance(wish, PassageWish):
        return Passage(tuple(wish.passage))
    return Revision(wish.revision, wish.section)


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
    Endpoint(
        "GET",
        PATH + "/{slug}/compare",
        "Tell what came, went and moved between two points of the log, with everybody's names.",
        _compare,
        {200: ComparisonView},
        Access.READER,
        query=ComparisonQuery,
        refusals=(*REFUSALS, UnknownRevision),
    ),
    Endpoint(
        "GET",
        PATH + "/{slug}/deletions",
        "List the passages that were deleted and do not stand again, newest first.",
        _deletions,
        {200: DeletionPage},
        Access.READER,
        query=DeletionsQuery,
        refusals=REFUSALS,
    ),
    Endpoint(
        "POST",
        PATH + "/{slug}/restore",
        "Restore an earlier text as a new edit; every character keeps its author.",
        _restore,
        {201: Restored},
        Access.WRITER,
        body=RestoreWish,
        refusals=(*REFUSALS, *RESTORE_REFUSALS),
    ),
)
