"""Preparing: what a restored article needs before it takes edits, made between everything else."""

import asyncio
from collections.abc import Callable

from crdt.livearticle import LiveArticle


class Preparation:
    """Prepares a live article a slice at a time, each in a turn of the event loop.

    `done` is called once, when the article is ready, unless that was stopped before.
    """

    def __init__(self, live: LiveArticle, done: Callable[[], None]) -> None:
        self._live = live
        self._done = done
        self._under_way = False

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


def _nothing() -> None:
    """Nobody waits any more."""
