"""An outbox: the frames that wait for one member, bounded (law 6).

A member too slow for the bound gets nothing more from here. It is *lagging*: when it can take
something again it is brought up to date from the log, then its outbox is open again.
"""

import asyncio
from collections import deque
from typing import NamedTuple


class Parcel(NamedTuple):
    """Frames that go out together; with them the member is at `seq` (None: presence, no seq)."""

    frames: tuple[bytes, ...]
    seq: int | None


class Outbox:
    """Parcels in the order in which they were put, `most_bytes` of them at most.

    One parcel always fits, whatever its size. `sent` is the seq that the member's socket has been
    given everything up to.
    """

    def __init__(self, most_bytes: int) -> None:
        self.sent = 0
        self.lagging = False
        self._most_bytes = most_bytes
        self._parcels: deque[Parcel] = deque()
        self._bytes = 0
        self._something = asyncio.Event()

    def put(self, parcel: Parcel) -> bool:
        """Add a parcel; False when this made the member lag."""
        if self.lagging:
            return True
        size = sum(map(len, parcel.frames))
        if self._parcels and self._bytes + size > self._most_bytes:
            self._lag()
            return False
        self._parcels.append(parcel)
        self._bytes += size
        self._something.set()
        return True

    def _lag(self) -> None:
        self._parcels.clear()
        self._bytes = 0
        self.lagging = True
        self._something.set()

    async def take(self) -> list[Parcel]:
        """Wait for parcels and take all of them; none when the member is lagging."""
        await self._something.wait()
        parcels = list(self._parcels)
        self._parcels.clear()
        self._bytes = 0
        if not self.lagging:
            self._something.clear()
        return parcels

    def resume(self) -> None:
        """Open again: the member has been brought up to date."""
        self.lagging = False
        self._something.clear()
