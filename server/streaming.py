"""Streaming: an article's history is sent while it is read, a few milliseconds of work at a time.

What is read at once is bounded by what it costs, and so is what is sent at once; between two such
slices everybody else has a turn. Frames that are not kept yet are waited for one job at a time, so
the beginning is sent while the rest is made.
"""

from asyncio import sleep
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from anyio import to_thread

from crdt.cuts import ROWS, Cut, Piece
from server.framing import Framing
from server.replaying import Replay

SLICE = 128  # rows, or small frames, that are read at once
SMALL = 1_024  # rows; a larger frame takes as much longer to read
CHUNK = 128 * 1024  # bytes that are sent at once, at least, where there are so many

T = TypeVar("T")


class Streaming:
    """Sends cuts of one article's history; `kept` is the last row that is in a frame by now."""

    def __init__(self, article: int, replay: Replay, framing: Framing, kept: int) -> None:
        self._article = article
        self._replay = replay
        self._framing = framing
        self._kept = kept

    async def send(self, cuts: Iterable[Cut]) -> AsyncIterator[bytes]:
        """Give the bytes of the cuts; HistoryUnavailable, Busy or ShuttingDown on the way."""
        for batch in slices(cuts, lambda cut: sum(map(_cost, cut.pieces))):
            async for chunk in self._send(batch):
                yield chunk

    async def _send(self, cuts: Sequence[Cut]) -> AsyncIterator[bytes]:
        frames = []
        for pieces in slices((piece for cut in cuts for piece in cut.pieces), _cost):
            await self._keep(pieces)
            frames += await to_thread.run_sync(self._replay.read, pieces)
        for chunk in _chunks(await to_thread.run_sync(self._replay.encode, cuts, frames)):
            yield chunk
            await sleep(0)  # a client that is quick enough would leave no turn to anybody

    async def _keep(self, pieces: Iterable[Piece]) -> None:
        """Wait until all frames are kept that these pieces are."""
        needed = max((piece.until for piece in pieces if piece.level != ROWS), default=0)
        while self._kept < needed:
            self._kept = await self._framing.keep(self._article)


def _cost(piece: Piece) -> int:
    rows = piece.until - piece.after
    return rows if piece.level == ROWS else 1 + rows // SMALL


def slices(things: Iterable[T], cost: Callable[[T], int]) -> Iterator[list[T]]:
    """Give as many at once as make up a slice, at least one."""
    taken: list[T] = []
    spent = 0
    for thing in things:
        taken.append(thing)
        spent += cost(thing)
        if spent >= SLICE:
            yield taken
            taken, spent = [], 0
    if taken:
        yield taken


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    chunk = bytearray()
    for part in parts:
        chunk += part
        if len(chunk) >= CHUNK:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk)
