"""The shelf: readings that were made, so that who reads the same waits for nothing."""

import asyncio
from collections.abc import Awaitable, Callable

from server.reading.article import Reading, Wanted

MOST_BYTES = 64 << 20  # kept in all
MOST_OF_ONE = MOST_BYTES // 8  # a larger one is made anew for everybody


class Shelf:
    """Keeps the readings that were asked for last; those who ask at once wait for one making.

    A reading is of one moment, so it never becomes wrong (law 4).
    """

    def __init__(self, most_bytes: int = MOST_BYTES, most_of_one: int = MOST_OF_ONE) -> None:
        self._most_bytes = most_bytes
        self._most_of_one = most_of_one
        self._kept: dict[Wanted, Reading] = {}
        self._coming: dict[Wanted, asyncio.Task[Reading]] = {}
        self.size = 0

    async def get(self, wanted: Wanted, make: Callable[[Wanted], Awaitable[Reading]]) -> Reading:
        """Give a reading, made if it is not here; raises what `make` raises."""
        kept = self._kept.pop(wanted, None)
        if kept is not None:
            self._kept[wanted] = kept  # the newest is last
            return kept
        coming = self._coming.get(wanted)
        if coming is None:
            coming = self._coming[wanted] = asyncio.create_task(self._make(wanted, make))
        return await asyncio.shield(coming)  # others may wait for it, too

    async def _make(self, wanted: Wanted, make: Callable[[Wanted], Awaitable[Reading]]) -> Reading:
        try:
            reading = await make(wanted)
        finally:
            del self._coming[wanted]
        if reading.size <= self._most_of_one:
            self._kept[wanted] = reading
            self.size += reading.size
        while self.size > self._most_bytes:
            self.size -= self._kept.pop(next(iter(self._kept))).size
        return reading
