"""Admission: who may open which socket; every refusal is an HTTP answer before the upgrade."""

from dataclasses import dataclass

from starlette.websockets import WebSocket

from persistence.articles import Article
from server.addresses import address_of
from server.auth import Identity
from server.origins import origin_allowed
from server.rates import Meter, Seat
from server.refusals import TokenNeeded, WrongOrigin
from server.state import State


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who connects to which article; `identity` is None for a reader without a token.

    `meter` counts what comes from there. Whoever was admitted has to `leave` in the end.
    """

    article: Article
    identity: Identity | None
    wants_attribution: bool
    meter: Meter
    seat: Seat

    @property
    def readonly(self) -> bool:
        """Whether the visitor may read only."""
        return self.identity is None or self.identity.readonly

    def leave(self) -> None:
        """Make room for another connection; doing so again changes nothing."""
        self.seat.release()


async def admit(websocket: WebSocket, state: State) -> Visitor:
    """Tell who comes.

    TooManyConnections, WrongOrigin, BadToken, UnknownArticle, TokenNeeded or LogUnavailable: then
    nobody has to leave.
    """
    address = address_of(websocket.client.host) if websocket.client else "here"
    seat = state["rates"].seat(address)
    try:
        return await _admit(websocket, state, address, seat)
    except BaseException:
        seat.release()
        raise


async def _admit(websocket: WebSocket, state: State, address: str, seat: Seat) -> Visitor:
    rates, query = state["rates"], websocket.query_params
    _check_origin(websocket, state)
    token = query.get("token")
    identity = await state["auth"].recognise(token) if token else None
    author = identity.author.id if identity else None
    if author:
        rates.seat_author(seat, author)
    article = await state["slugs"].get(websocket.path_params["slug"])
    if article.visibility == "private" and identity is None:
        raise TokenNeeded("This article is private; please sign in to read it.")
    meter = rates.meter(author, address, article.id)
    return Visitor(article, identity, query.get("attribution") == "1", meter, seat)


def _check_origin(websocket: WebSocket, state: State) -> None:
    headers, allowed = websocket.headers, state["settings"].allowed_origins
    if not origin_allowed(headers.get("origin"), headers.get("host", ""), allowed):
        raise WrongOrigin("Pages of this origin may not open a connection here.")
