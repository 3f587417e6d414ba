"""Commands on their way to one connection of Redis, bounded (law 6)."""

import asyncio
from collections import deque
from typing import NoReturn

from redis.asyncio.connection import AbstractConnection

MOST_WAITING = 10_000  # commands
MOST_WAITING_BYTES = 8 << 20


class Outgoing:
    """What waits for one connection: the first of a turn of the loop goes out with this turn.

    All others go out in one write with the next, or when the connection takes something again. Up
    to a number and a size wait; beyond these the oldest is lost, since the newest tells more.
    Where something was lost the next write ends with `notice`, if there is one.
    """

    def __init__(self, connection: AbstractConnection, notice: tuple[bytes, ...] = ()) -> None:
        self._connection = connection
        self._notice = notice
        self._waiting: deque[tuple[bytes, ...]] = deque()
        self._bytes = 0
        self._some = asyncio.Event()
        self._written = False  # something, in this turn of the loop
        self.overflowed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, *command: bytes) -> int:
        """Send a command, now or later; give how many were lost of it."""
        if not (self._waiting or self._written) and self._write_now(command):
            return 0
        self._waiting.append(command)
        self._bytes += len(command[-1])
        self._some.set()
        lost = 0
        while len(self._waiting) > MOST_WAITING or self._bytes > MOST_WAITING_BYTES:
            self._bytes -= len(self._waiting.popleft()[-1])
            lost += 1
        self.overflowed |= lost > 0
        return lost

    def _write_now(self, command: tuple[bytes, ...]) -> bool:
        """Write a command if nothing is on its way; redis-py's own way needs a turn of its own."""
        writer = self._connection._writer  # noqa: SLF001 - see above
        if writer is None or writer.transport.get_write_buffer_size():
            return False
        try:
            writer.writelines(self._connection.pack_command(*command))
        except RuntimeError:  # it has ended, which `write` will find, too
            return False
        self._written = True
        asyncio.get_running_loop().call_soon(self._turned)
        return True

    def _turned(self) -> None:
        self._written = False

    async def write(self) -> NoReturn:
        """Write for ever what there is. OSError and what redis-py raises when that has an end."""
        while True:
            await self._some.wait()
            self._some.clear()
            if self.overflowed and self._notice:
                self._waiting.append(self._notice)
                self.overflowed = False
            packed = self._connection.pack_commands(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            try:
                await self._connection.send_packed_command(packed, check_health=False)
            except RuntimeError as closed:  # uvloop's word for a connection that has ended
                raise ConnectionResetError(str(closed)) from closed
