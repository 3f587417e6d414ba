"""A link: one connection between a client and a process, with all that a network does to it."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Protocol

from server.wire import Listener
from tests.simulation.chance import Chance
from tests.support.live import messages

TICK = 1e-8  # seconds; timers for one moment go off in any order
NOTICED = 1.0  # mean seconds until one end sees that the other has gone


class End(Protocol):
    """The client's end of a link."""

    name: str

    def opened(self, link: "Link") -> None: ...

    def heard(self, link: "Link", message: bytes) -> None: ...

    def ended(self, link: "Link", code: int) -> None: ...


class Link:
    """The server's end is a Wire. Messages arrive in order, late, or not at all once it is broken.

    `told` is given every message that the server sends. `code` 1006 stands for no farewell.
    """

    def __init__(
        self, end: End, chance: Chance, latency: float, told: Callable[[bytes], None]
    ) -> None:
        self.ready = True
        self.listener: Listener | None = None
        self.end = end
        self._chance = chance
        self._latency = latency
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._up = self._down = 0.0  # when the last message in this direction arrives
        self._broken = False
        self._closing = False  # the server has said farewell
        self._left = False  # the client has gone, or heard that the server has
        self._lost = False  # the server knows that the client has gone
        self._holds = 0
        self._unread: list[bytes] = []

    @property
    def open(self) -> bool:
        """Whether anything can still happen to it."""
        return not (self._broken or self._left or self._lost)

    # What the client does

    def say(self, message: bytes) -> None:
        if not (self._broken or self._left):
            self._up = self._later(self._up)
            self._loop.call_at(self._up, self._arrive, message)

    def leave(self) -> None:
        """Close from the client's side: what it has sent arrives, what comes for it does not."""
        if not self._left:
            self._left = True
            self._up = self._later(self._up)
            self._loop.call_at(self._up, self._lose)

    def _arrive(self, message: bytes) -> None:
        if self._broken or self._lost or self._closing:
            return
        if self._holds:
            self._unread.append(message)
        elif self.listener is not None:
            self._context.run(self.listener.received, message)

    def _lose(self) -> None:
        if not self._lost:
            self._lost = True
            self.ready = False
            if self.listener is not None:
                self._context.run(self.listener.lost, "closed")

    # What the server does: see Wire

    def send(self, frames: bytes) -> None:
        if self._closing or self._lost or self._broken:
            return
        for message in messages(frames):
            self._told(message)
            self._down = self._later(self._down)
            self._loop.call_at(self._down, self._deliver, message)

    def hold(self) -> None:
        self._holds += 1

    def release(self) -> None:
        self._holds -= 1
        if not self._holds and self._unread:
            self._loop.call_soon(self._read)

    def close(self, code: int, _reason: str) -> None:
        if self._closing or self._lost:
            return
        self._closing = True
        self._down = self._later(self._down)
        self._loop.call_at(self._down, self._take_leave, code)

    def _read(self) -> None:
        while self._unread and not self._holds:
            self._arrive(self._unread.pop(0))

    def _deliver(self, message: bytes) -> None:
        if not (self._broken or self._left):
            self.end.heard(self, message)

    def _take_leave(self, code: int) -> None:
        if not (self._broken or self._left):
            self._left = True
            self.end.ended(self, code)
        self._loop.call_later(self._chance.lasts(self._latency), self._lose)

    # What the network does

    def accepted(self, listener: Listener) -> None:
        """The handshake is done; the caller's context is that of the process."""
        self.listener = listener
        self._context = copy_context()
        if self._lost:
            self._loop.call_soon(listener.lost, "closed")
            return
        self._down = self._later(self._down)
        self._loop.call_at(self._down, self._open)

    def refuse(self) -> None:
        """The handshake has failed."""
        self._lost = True
        self._loop.call_later(self._chance.lasts(self._latency), self._notice)

    def _open(self) -> None:
        if not (self._broken or self._left):
            self.end.opened(self)

    def break_down(self) -> None:
        """Lose all that is on its way; both ends notice it some time later."""
        if not self._broken:
            self._broken = True
            self._loop.call_later(self._chance.lasts(NOTICED, 5.0), self._lose)
            self._loop.call_later(self._chance.lasts(NOTICED, 5.0), self._notice)

    def cut(self) -> None:
        """End as the server's process ends: at once, and the client hears of it soon."""
        self._broken = True
        self._loop.call_later(self._chance.lasts(self._latency), self._notice)
        self._lose()

    def _notice(self) -> None:
        if not self._left:
            self._left = True
            self.end.ended(self, 1006)

    def stall(self, seconds: float) -> None:
        """Take nothing from the server for a while."""
        if self.ready and not self._lost:
            self.ready = False
            self._loop.call_later(seconds, self._flow)

    def _flow(self) -> None:
        if not self._lost:
            self.ready = True
            if not self._closing and self.listener is not None:
                self._context.run(self.listener.writable)

    def _later(self, before: float) -> float:
        """Draw when what is sent now arrives: after what was sent before."""
        return max(before + TICK, self._loop.time() + self._chance.lasts(self._latency, 2.0))
