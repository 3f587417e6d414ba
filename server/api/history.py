"""/api/v1/articles/{slug}/history: what happened in an article, in frames that replay it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field, RootModel
from starlette.responses import Response, StreamingResponse

from crdt.cuts import EXACT, PIECES, cuts
from crdt.frames import RUN
from crdt.replay import encode_header
from persistence.errors import UnknownArticle
from server.api.articles import PATH, readable
from server.api.endpoint import Access, Call, Endpoint
from server.framekeeping import kept_until
from server.refusals import Busy, HistoryUnavailable, ShuttingDown, TokenNeeded
from server.replaying import Replay
from server.streaming import Streaming

MEDIA_TYPE = "application/octet-stream"
MOST_FRAMES = 2_000
MOST_SEQ = 2**53 - 1


class HistoryQuery(BaseModel):
    """Which rows of the log, and in how many frames."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        int, Field(ge=0, le=MOST_SEQ, description="The seq that the replica is at; 0 if empty.")
    ] = 0
    until: Annotated[
        int | None, Field(ge=0, le=MOST_SEQ, description="The last seq; the head unless given.")
    ] = None
    frames: Annotated[
        int, Field(ge=1, le=MOST_FRAMES, description="Most frames in the answer.")
    ] = PIECES


class HistoryStream(RootModel[bytes]):
    """Frames of the history, as docs/protocol.md has them."""

    media_type: ClassVar[str] = MEDIA_TYPE


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is sent while it is read."""

    content: AsyncIterator[bytes]

    def response(self) -> Response:
        """Send it; no cache may keep it."""
        return StreamingResponse(
            self.content, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"}
        )


async def _history(call: Call) -> Streamed:
    article = await readable(call)
    query: HistoryQuery = call.query
    until = article.head if query.until is None else min(query.until, article.head)
    after = min(query.after, until)
    store, framing = call.state["store"], call.state["framing"]
    kept = await to_thread.run_sync(kept_until, store, article.id)
    needed = until - until % RUN if until - max(after, kept) > EXACT else kept
    if kept < needed:
        kept = await framing.keep(article.id)
    planned = cuts(after, until, query.frames, needed)
    header = encode_header(article.head, after, until, len(planned))
    streaming = Streaming(article.id, Replay(store, article.id), framing, kept)
    return Streamed(_answer(header, streaming.send(planned)))


async def _answer(header: bytes, frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield header
    async for chunk in frames:
        yield chunk


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH + "/{slug}/history",
        "Replay what happened in an article, as frames that a replica can apply.",
        _history,
        {200: HistoryStream},
        Access.READER,
        query=HistoryQuery,
        refusals=(UnknownArticle, TokenNeeded, Busy, HistoryUnavailable, ShuttingDown),
    ),
)
