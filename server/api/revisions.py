"""/api/v1/articles/{slug}/revisions: readable points in an article's log."""

from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import to_thread
from starlette.responses import RedirectResponse, Response

from persistence.errors import UnknownArticle, UnknownRevision
from server.api.accept import preferred
from server.api.articles import PATH as ARTICLES
from server.api.articles import readable
from server.api.endpoint import Access, Answer, Answering, Call, Encoded, Endpoint
from server.api.revisionmodels import (
    HTML,
    MARKDOWN,
    ReadingPage,
    RevisionPage,
    RevisionQuery,
    RevisionText,
    RevisionView,
    RevisionWish,
)
from server.api.revisiontold import page, revision_told, views
from server.digest import Wish
from server.refusals import Busy, HistoryUnavailable, NotFound, NotYet, TokenNeeded

PATH = ARTICLES + "/{slug}/revisions"
JSON = "application/json"
SEE_OTHER = 303
COSTLY = (Busy, HistoryUnavailable)


@dataclass(frozen=True, slots=True)
class Markdown:
    """A text as it is."""

    text: str

    def response(self) -> Response:
        """Send it; no cache may keep it."""
        headers = {"cache-control": "no-store", "vary": "accept"}
        return Response(self.text, media_type=MARKDOWN, headers=headers)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is wanted has an address of its own."""

    address: str

    def response(self) -> Response:
        """Send the client there."""
        headers = {"cache-control": "no-store", "vary": "accept"}
        return RedirectResponse(self.address, SEE_OTHER, headers)


async def _list(call: Call) -> Answer:
    article, query = await readable(call), call.query
    before = None if query.after is None else int(query.after)
    return Answer(
        200, await to_thread.run_sync(page, call.state["store"], article.id, query.limit, before)
    )


async def _show(call: Call) -> Answering:
    article, number = await readable(call), call.number("number")
    revisions = call.state["store"].revisions
    match preferred(call.request.headers.get("accept", ""), (JSON, MARKDOWN, HTML)):
        case "text/markdown":
            return Markdown(await to_thread.run_sync(revisions.text, article.id, number))
        case "text/html":
            await to_thread.run_sync(revisions.get, article.id, number)
            return Elsewhere(f"/articles/{article.slug}?revision={number}")
    return Encoded(await call.state["historian"].run(revision_told, article.id, number))


async def _name(call: Call) -> Answer:
    article, wish = await readable(call), call.body
    by = call.caller.author.id
    named = Wish("named", wish.label, wish.note, by, datetime.now(UTC))
    async with call.state["rooms"].open(article):
        made = await call.state["reviser"].make(article.id, named, wish.seq)
    assert made.revision, "who asks by name gets a revision"  # noqa: S101 - revise promises it
    (view,) = await to_thread.run_sync(views, call.state["store"], [made.revision])
    location = f"{ARTICLES}/{article.slug}/revisions/{view.number}"
    return Answer(201, view, {"location": location})


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH,
        "List an article's revisions, the highest number first.",
        _list,
        {200: RevisionPage},
        Access.READER,
        query=RevisionQuery,
        refusals=(UnknownArticle, TokenNeeded),
    ),
    Endpoint(
        "POST",
        PATH,
        "Make a revision with a name, of the article as it is or as it was after a row of its log.",
        _name,
        {201: RevisionView},
        Access.WRITER,
        body=RevisionWish,
        refusals=(UnknownArticle, NotYet, *COSTLY),
    ),
    Endpoint(
        "GET",
        PATH + "/{number}",
        "Give a revision's text and the author of each of its characters, or its Markdown or page.",
        _show,
        {200: RevisionText, SEE_OTHER: ReadingPage},
        Access.READER,
        refusals=(UnknownArticle, UnknownRevision, NotFound, TokenNeeded, *COSTLY),
    ),
)
