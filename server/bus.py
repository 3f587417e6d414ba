"""The bus: what one process tells the others about an article; it may be lost, nobody waits for it.

The log is the truth (law 4). The bus only says "look": what did not arrive is read from the log.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

MOST_WAITING = 10_000  # messages on their way to one endpoint of a hub

Heard = Callable[[int, bytes], None]
Missed = Callable[[], None]


class Bus(Protocol):
    """Carries messages about articles, opaque bytes, to all other processes that joined these.

    Order: of one sender's messages about one article those that arrive do so in order, each once.
    Loss: any message may be lost. Where the listener's side can know of it, `missed` is called.
    Bounds: what waits to be sent has a limit in number and bytes; what is beyond it is lost.
    One's own messages are never heard. All calls are made on the event loop.
    """

    @property
    def alone(self) -> bool:
        """Whether nobody else can ever hear, so that nothing needs to be told."""

    @property
    def trouble(self) -> str | None:
        """Why messages do not arrive now, a clause for people; None: they do, as far as known."""

    def listening(self, heard: Heard, missed: Missed) -> AbstractAsyncContextManager[None]:
        """Hear messages inside the block, on the event loop: `heard(article, message)`.

        `missed()` says that anything may have been lost up to now. Neither may take long, and
        neither may raise. The bus is for one block at a time, and works inside of it only.
        """

    def publish(self, article: int, message: bytes) -> None:
        """Tell the others, soon; never waits and never raises for trouble."""

    async def join(self, article: int) -> None:
        """Hear of an article: whatever is published after the return is heard, or missed called.

        Waits a short time at most, and never raises for trouble.
        """

    def leave(self, article: int) -> None:
        """Hear nothing more of an article, from now on; one that was not joined does no harm."""


class LocalBus:
    """A bus inside one process: without a hub there is nobody else on it."""

    trouble: str | None = None

    def __init__(self, hub: "Hub | None" = None) -> None:
        self._hub = hub
        self._articles: set[int] = set()

    @property
    def alone(self) -> bool:
        """Whether there is no hub."""
        return self._hub is None

    @asynccontextmanager
    async def listening(self, heard: Heard, missed: Missed) -> AsyncIterator[None]:
        """See Bus."""
        if self._hub is None:
            yield
            return
        self._hub.inboxes[self] = _Inbox(self._articles, heard, missed)
        try:
            yield
        finally:
            del self._hub.inboxes[self]
            self._articles.clear()

    def publish(self, article: int, message: bytes) -> None:
        """See Bus."""
        if self._hub is None:
            return
        for endpoint, inbox in self._hub.inboxes.items():
            if endpoint is not self:
                inbox.put(article, message)

    async def join(self, article: int) -> None:
        """See Bus."""
        self._articles.add(article)

    def leave(self, article: int) -> None:
        """See Bus."""
        self._articles.discard(article)


class Hub:
    """Joins buses of one event loop to one another."""

    def __init__(self) -> None:
        self.inboxes: dict[LocalBus, _Inbox] = {}

    def endpoint(self) -> LocalBus:
        """Make one more bus, which hears all the others."""
        return LocalBus(self)


class _Inbox:
    """Messages on their way to one endpoint, which hears them in a later turn of the loop."""

    def __init__(self, articles: set[int], heard: Heard, missed: Missed) -> None:
        self._articles = articles
        self._heard = heard
        self._missed = missed
        self._waiting = 0
        self._overflowed = False

    def put(self, article: int, message: bytes) -> None:
        """Let a message wait; one beyond the bound is lost, and that is told."""
        if article not in self._articles or self._overflowed:
            return
        loop = asyncio.get_running_loop()
        if self._waiting < MOST_WAITING:
            self._waiting += 1
            loop.call_soon(self._hear, article, message)
        else:
            self._overflowed = True
            loop.call_soon(self._tell)

    def _hear(self, article: int, message: bytes) -> None:
        self._waiting -= 1
        if article in self._articles:  # it may have been left meanwhile
            self._heard(article, message)

    def _tell(self) -> None:
        self._overflowed = False
        self._missed()
