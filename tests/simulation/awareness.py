"""Presence as a stock client keeps it: y-protocols' awareness.js, its clocks and its times."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from tests.support import wire

RENEWED = 15.0  # seconds until one's own presence is told again
OUTDATED = 30.0  # seconds until somebody who tells nothing has gone
LOOK = 3.0


class Awareness:
    """What one client shows, and whom it sees; `tell` is given the messages for the server."""

    def __init__(self, client: int, tell: Callable[[bytes], None]) -> None:
        self.states: dict[int, Any] = {}
        self._client = client
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._clocks: dict[int, int] = {}
        self._updated: dict[int, float] = {}
        self._looking = self._loop.call_later(LOOK, self._look)

    @property
    def others(self) -> set[int]:
        """The client ids of everybody else who is seen."""
        return self.states.keys() - {self._client}

    def show(self, state: Any) -> None:
        """Show something else of oneself, and tell."""
        self.states[self._client] = state
        self._note(self._client, self._clocks.get(self._client, -1) + 1)
        self.tell()

    def tell(self) -> None:
        """Tell what is shown of oneself."""
        self._tell(wire.awareness((self._client, self._clocks[self._client], self._own)))

    @property
    def _own(self) -> Any:
        return self.states[self._client]

    def receive(self, entries: Iterable[tuple[int, int, Any]]) -> None:
        """Take in what the server tells of anybody."""
        for client, clock, state in entries:
            known = self._clocks.get(client, 0)
            if known < clock or (known == clock and state is None and client in self.states):
                self._take(client, clock, state)

    def _take(self, client: int, clock: int, state: Any) -> None:
        if client == self._client and state is None:
            self._note(client, clock + 1)  # the server has us gone; we are not
            self.tell()
            return
        if state is None:
            self.states.pop(client, None)
        else:
            self.states[client] = state
        self._note(client, clock)

    def _note(self, client: int, clock: int) -> None:
        self._clocks[client] = clock
        self._updated[client] = self._loop.time()

    def forget_others(self) -> None:
        """See nobody any more, since the connection is lost."""
        for client in self.others:
            del self.states[client]

    def _look(self) -> None:
        now = self._loop.time()
        self._looking = self._loop.call_later(LOOK, self._look)
        if now - self._updated[self._client] >= RENEWED:
            self.show(self._own)
        for client in self.others:
            if now - self._updated[client] >= OUTDATED:
                del self.states[client]

    def close(self) -> None:
        """Look no more."""
        self._looking.cancel()
