"""A stall: a full socket out of which nobody reads."""

import asyncio
from collections.abc import Callable


class Stall:
    """Calls `give_up` when a watched transport has sent nothing for `seconds`."""

    __slots__ = ("_give_up", "_seconds", "_timer", "_transport")

    def __init__(
        self, transport: asyncio.WriteTransport, seconds: float, give_up: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._seconds = seconds
        self._give_up = give_up
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Look from time to time whether anything of what waits has been sent."""
        size = self._transport.get_write_buffer_size()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._seconds, self._look, size)

    def _look(self, size: int) -> None:
        if self._transport.get_write_buffer_size() < size:
            self.watch()
        else:
            self._give_up()

    def stop(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
