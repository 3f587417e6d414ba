"""Admission: who may open which socket; every refusal is an HTTP answer before the upgrade."""

from dataclasses import dataclass

from anyio import to_thread
from starlette.websockets import WebSocket

from persistence.articles import Article
from server.auth import Identity
from server.origins import origin_allowed
from server.refusals import TokenNeeded, WrongOrigin
from server.state import State


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who connects to which article; `identity` is None for a reader without a token."""

    article: Article
    identity: Identity | None
    wants_attribution: bool

    @property
    def readonly(self) -> bool:
        """Whether the visitor may read only."""
        return self.identity is None or self.identity.readonly


async def admit(websocket: WebSocket, state: State) -> Visitor:
    """Tell who comes; WrongOrigin, BadToken, UnknownArticle, TokenNeeded or LogUnavailable."""
    headers = websocket.headers
    allowed = state["settings"].allowed_origins
    if not origin_allowed(headers.get("origin"), headers.get("host", ""), allowed):
        raise WrongOrigin("Pages of this origin may not open a connection here.")
    token = websocket.query_params.get("token")
    identity = await state["auth"].authenticate(token) if token else None
    slug = websocket.path_params["slug"]
    article = await to_thread.run_sync(state["store"].articles.get, slug)
    if article.visibility == "private" and identity is None:
        raise TokenNeeded("This article is private; please sign in to read it.")
    return Visitor(article, identity, websocket.query_params.get("attribution") == "1")
