"""Preparing: what a restored article needs before it takes edits, made between everything else."""

import asyncio
from collections.abc import Callable

from crdt.livearticle import LiveArticle

SOON_SECONDS = 0.2  # after somebody has come who may write: reading the article comes first


class Preparation:
    """Opens a live article's document in a thread, then prepares it, a slice in a turn of the loop.

    `opened` is called when the document is open, `done` when the article is ready, or when that
    failed; neither once it was stopped.
    """

    __slots__ = ("_broken", "_done", "_later", "_live", "_opened", "_under_way")

    def __init__(
        self, live: LiveArticle, opened: Callable[[], None], done: Callable[[], None]
    ) -> None:
        self._live = live
        self._opened = opened
        self._done = done
        self._under_way = False
        self._broken: BaseException | None = None
        self._later: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Begin when whoever has come can be expected to have the article."""
        if self._later is None and not self._live.ready:
            self._later = asyncio.get_running_loop().call_later(SOON_SECONDS, self.begin)

    def begin(self) -> None:
        """Begin, unless it is ready or under way; BrokenDocument where it failed before."""
        if self._broken is not None:
            raise self._broken
        if self._under_way or self._live.ready:
            return
        self._under_way = True
        loop = asyncio.get_running_loop()
        if self._live.document.opened:
            loop.call_soon(self._slice)
        else:
            opening = loop.run_in_executor(None, self._live.document.open)
            opening.add_done_callback(self._has_opened)

    def _has_opened(self, opening: "asyncio.Future[None]") -> None:
        self._broken = opening.exception()
        if not self._under_way:
            return
        if self._broken is None:
            self._opened()
            self._slice()
        else:
            self._done()

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
        self._opened = self._done = _nothing
        if self._later is not None:
            self._later.cancel()


def _nothing() -> None:
    """Nobody waits any more."""
