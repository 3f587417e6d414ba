"""An outbox: the frames that wait for one member, bounded (law 6).

A member too slow for the bound gets nothing more from here. It is *lagging*: when it can take
something again it is brought up to date from the log, then its outbox is open again.
"""

import asyncio
from collections import deque
from typing import NamedTuple


class Parcel(NamedTuple):
    """Frames that go out together; with them the member is at `seq` (None: presence, no seq).

    A `lasting` one is not in the log, so it is kept for a member that lags.
    """

    frames: tuple[bytes, ...]
    seq: int | None = None
    lasting: bool = False

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.frames))


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
        """Add a parcel; False when the member lags and will not get it from here."""
        if not self.lagging and not self._fits(parcel):
            self._lag()
        kept = self._fits(parcel) and (parcel.lasting or not self.lagging)
        if kept:
            self._parcels.append(parcel)
            self._bytes += parcel.size
            self._something.set()
        return kept

    def _fits(self, parcel: Parcel) -> bool:
        return not self._parcels or self._bytes + parcel.size <= self._most_bytes

    def _lag(self) -> None:
        self.lagging = True
        self._parcels = deque(parcel for parcel in self._parcels if parcel.lasting)
        self._bytes = sum(parcel.size for parcel in self._parcels)
        self._something.set()

    async def take(self) -> list[Parcel]:
        """Wait for parcels and take all of them; none when the member lags and has had the rest."""
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
        if not self._parcels:
            self._something.clear()
