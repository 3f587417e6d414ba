"""Preparing: what a restored article needs before it takes edits, made between everything else."""

import asyncio
from collections.abc import Callable

from crdt.livearticle import LiveArticle

SOON_SECONDS = 0.2  # after somebody has come who may write: reading the article comes first


class Preparation:
    """Prepares a live article a slice at a time, each in a turn of the event loop.

    `done` is called once, when the article is ready, unless that was stopped before.
    """

    def __init__(self, live: LiveArticle, done: Callable[[], None]) -> None:
        self._live = live
        self._done = done
        self._under_way = False
        self._later: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Begin when whoever has come can be expected to have the article."""
        if self._later is None and not self._live.ready:
            self._later = asyncio.get_running_loop().call_later(SOON_SECONDS, self.begin)

    def begin(self) -> None:
        """Begin, unless it is ready or under way."""
        if not (self._under_way or self._live.ready):
            self._under_way = True
            asyncio.get_running_loop().call_soon(self._slice)

    def _slice(self) -> None:
        if not self._under_way:
            return
        if self._live.prepare():
            self._under_way = False
            self._done()
        else:
            asyncio.get_running_loop().call_soon(self._slice)

    def stop(self) -> None:
        """Go no further, and keep nobody in memory: the article is about to be closed."""
        self._under_way = False
        self._done = _nothing
        if self._later is not None:
            self._later.cancel()


def _nothing() -> None:
    """Nobody waits any more."""
