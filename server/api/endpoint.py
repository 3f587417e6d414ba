"""An endpoint: one method of one path, as a value that both serves and describes itself."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from crdt.errors import ReadOnly
from server.api.bodies import read_body, read_query
from server.auth import Identity
from server.refusals import NotFound, TokenNeeded
from server.state import State

NUMBER = "^[0-9]{1,9}$"


class Access(Enum):
    """Who may call."""

    ANYBODY = "no token is looked at"
    READER = "a token is optional"
    AUTHOR = "a token is needed"
    WRITER = "a token that allows writing is needed"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked; `body` and `query` are values of the endpoint's models."""

    request: Request[State]
    identity: Identity | None
    body: Any
    query: Any

    @property
    def state(self) -> State:
        """What the app's parts share."""
        return self.request.state

    @property
    def caller(self) -> Identity:
        """Who calls; raises `TokenNeeded` when nobody has said so."""
        if self.identity is None:
            raise TokenNeeded("Please sign in for this.")
        return self.identity

    def number(self, name: str) -> int:
        """The number that stands in the path; NotFound where there is none."""
        told = self.request.path_params[name]
        if not re.fullmatch(NUMBER, told):
            raise NotFound(f"In the address stands {told} where a number should.")
        return int(told)


class Answering(Protocol):
    """What an endpoint gives: it becomes a response."""

    def response(self) -> Response:
        """Encode it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a value, and headers."""

    status: int
    content: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Encode the answer as JSON, which no cache may keep."""
        return Response(
            self.content.model_dump_json(),
            status_code=self.status,
            media_type="application/json",
            headers={"cache-control": "no-store", **self.headers},
        )


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value of an endpoint's model that was encoded as JSON elsewhere, which no cache may keep.

    What is large is not encoded on the event loop.
    """

    content: bytes

    def response(self) -> Response:
        """Send it as it is."""
        headers = {"cache-control": "no-store"}
        return Response(self.content, media_type="application/json", headers=headers)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the routes and the description are made of."""

    method: str
    path: str
    summary: str
    run: Callable[[Call], Awaitable[Answering]]
    answers: Mapping[int, type[BaseModel]]
    access: Access = Access.ANYBODY
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    refusals: tuple[type[Exception], ...] = ()

    async def serve(self, request: Request[State]) -> Response:
        """Check who calls, then the query, then the body, and answer; raises refusals."""
        identity = await self._identify(request)
        query = None if self.query is None else read_query(request, self.query)
        body = None if self.body is None else await read_body(request, self.body)
        return (await self.run(Call(request, identity, body, query))).response()

    async def _identify(self, request: Request[State]) -> Identity | None:
        if self.access is Access.ANYBODY:
            return None
        identity = await identify(request)
        if identity is None and self.access is not Access.READER:
            raise TokenNeeded("Please sign in for this.")
        if identity is not None and identity.readonly and self.access is Access.WRITER:
            raise ReadOnly("Your token allows reading only.")
        return identity


async def identify(request: Request[State]) -> Identity | None:
    """Tell whose bearer token the request carries, None without one; raises `BadToken`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() != "bearer":
        raise TokenNeeded("Only bearer tokens are known here.")
    return await request.state["auth"].authenticate(token.strip())
