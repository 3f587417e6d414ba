"""The addresses of pages that are made here: the list of articles, an article, a person.

A page asks for no cookie. What is private is shown to a request with a bearer token: the page's
script repeats the request with it (client_demo/src/reading/privately.ts), so that no other site can
make a browser ask in somebody's name.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from crdt.errors import Refusal
from persistence.articles import Article
from persistence.errors import LogUnavailable
from persistence.revisions import Revision
from persistence.store import Store
from server.api.articles import readable
from server.api.endpoint import Call, identify
from server.problems import RETRY_SECONDS, code_of, status_of
from server.reading.article import Reading, Wanted, read
from server.reading.articleview import article_view
from server.reading.authorview import author_view
from server.reading.entry import Entry
from server.reading.listview import list_view
from server.reading.shelf import Shelf
from server.reading.templating import templates
from server.refusals import NotFound
from server.state import State

Page = tuple[str, Mapping[str, Any]]  # a template and what it shows
LATER = frozenset((HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS))
MOST_DIGITS = 9
MOST_ASKED = 400  # characters of a question


class Pages:
    """The pages of one app, and the readings that it keeps."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._templates = templates()
        self._shelf = Shelf()

    def routes(self) -> list[Route]:
        """Make the routes."""
        return [
            self._route("/", self._list),
            self._route("/articles/{slug}", self._article),
            self._route("/authors/{author}", self._author),
        ]

    def _route(self, path: str, make: Callable[[Call], Awaitable[Page]]) -> Route:
        async def serve(request: Request[State]) -> Response:
            try:
                call = Call(request, await identify(request), None, None)
                return await self._answer(request, 200, await make(call))
            except (Refusal, LogUnavailable) as error:
                return await self._refuse(request, error)

        return Route(path, serve)

    async def _list(self, call: Call) -> Page:
        query, after = _asked(call, "q").strip(), _asked(call, "after")
        view = await _gathered(call, list_view, query, after)
        return "list.html", {"view": view}

    async def _author(self, call: Call) -> Page:
        author = call.request.path_params["author"]
        view = await _gathered(call, author_view, author, _asked(call, "after"))
        return "author.html", {"view": view}

    async def _article(self, call: Call) -> Page:
        article = await readable(call)
        number, store = _number(_asked(call, "revision")), call.state["store"]
        revision, latest = await to_thread.run_sync(_revisions, store, article, number)
        seq = revision.seq if revision else article.head
        wanted = Wanted(article.id, seq, number, latest)
        reading = await self._shelf.get(wanted, partial(_made, call))
        chosen = _asked(call, "author") or None
        view = await _gathered(call, article_view, article, reading, revision, chosen)
        return "article.html", {"view": view}

    async def _refuse(self, request: Request[State], error: Exception) -> Response:
        request.state["telemetry"].refused(code_of(error))
        status = status_of(type(error))
        sentence = str(error) if isinstance(error, Refusal) else "The database does not answer."
        response = await self._answer(
            request, status, ("refused.html", {"status": status, "sentence": sentence})
        )
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers["www-authenticate"] = "Bearer"
        if status in LATER:
            response.headers["retry-after"] = str(RETRY_SECONDS)
        return response

    async def _answer(self, request: Request[State], status: int, page: Page) -> Response:
        """Render in a thread: a long article takes some milliseconds."""
        name, shown = page
        path = request.url.path
        render = self._templates.get_template(name).render
        html = await to_thread.run_sync(partial(render, entry=self._entry, path=path, **shown))
        signed_in = "authorization" in request.headers
        headers = {
            "cache-control": "private, no-cache" if signed_in else "no-cache",
            "vary": "Authorization",
        }
        return HTMLResponse(html, status, headers)


async def _gathered(call: Call, view: Callable[..., Any], *args: object) -> Any:
    """Read what a page shows of the store; what nobody could have meant is not there."""
    only_public = call.identity is None
    try:
        return await to_thread.run_sync(
            partial(view, call.state["store"], *args, only_public=only_public)
        )
    except (ValueError, OverflowError):
        raise NotFound("There is nothing at this address.") from None


async def _made(call: Call, wanted: Wanted) -> Reading:
    return await call.state["historian"].run(read, call.state["settings"].root_name, wanted)


def _revisions(
    store: Store, article: Article, number: int | None
) -> tuple[Revision | None, int | None]:
    """Give the revision that was asked for, and the number of the latest. UnknownRevision."""
    latest = store.revisions.latest(article.id)
    asked = None if number is None else store.revisions.get(article.id, number)
    return asked, latest.number if latest else None


def _asked(call: Call, name: str) -> str:
    return call.request.query_params.get(name, "")[:MOST_ASKED]


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise NotFound("There is no revision of this number.")
    return int(text)
