"""An outbox: what waits for one member's wire, bounded (law 6).

A member too slow for the bound gets nothing more from here. It is *lagging*: when it can take
something again it is brought up to date from the log, then its outbox is open again.
"""

from collections.abc import Callable
from typing import NamedTuple

from server.frames import binary_frames
from server.wire import Wire


class Parcel(NamedTuple):
    """Frames that go out together; with them the member is at `seq` (None: presence, no seq).

    A `lasting` one is not in the log, so it is kept for a member that lags.
    """

    frames: bytes
    seq: int | None = None
    lasting: bool = False

    @classmethod
    def of(cls, *messages: bytes, seq: int | None = None, lasting: bool = False) -> "Parcel":
        """Wrap messages, in their order."""
        return cls(binary_frames(messages), seq, lasting)


SMALL = 1024  # bytes: a question, or a refusal
MOST_SMALL = 64  # parcels; so many of these wait beyond the bound


class Outbox:
    """What goes to a wire at once while it is ready, and waits in order while it is not.

    Up to `most_bytes` wait; one parcel always may, whatever its size, and so may a few small ones
    that the log does not have. `sent` is the seq that the
    wire has been given everything up to. `overflowed` is called when it begins to lag.
    """

    __slots__ = ("_bytes", "_most_bytes", "_overflowed", "_parcels", "_wire", "lagging", "sent")

    def __init__(
        self, wire: Wire, most_bytes: int, overflowed: Callable[[], None] = lambda: None
    ) -> None:
        self.sent = 0
        self.lagging = False
        self._wire = wire
        self._most_bytes = most_bytes
        self._overflowed = overflowed
        self._parcels: list[Parcel] = []
        self._bytes = 0

    def put(self, parcel: Parcel) -> bool:
        """Send a parcel when the wire takes it, or let it wait; never waits itself.

        False when the member lags: then it has this from the log, or not at all.
        """
        wire = self._wire
        if not wire.ready or self._parcels or self.lagging:
            return self._keep(parcel)
        wire.send(parcel.frames)
        if parcel.seq is not None:
            self.sent = parcel.seq
        return True

    def _send(self, parcel: Parcel) -> None:
        self._wire.send(parcel.frames)
        if parcel.seq is not None:
            self.sent = parcel.seq

    def _keep(self, parcel: Parcel) -> bool:
        if not self.lagging and not self._fits(parcel):
            self._lag()
        kept = self._lasts(parcel) if parcel.lasting else self._fits(parcel) and not self.lagging
        if kept:
            self._parcels.append(parcel)
            self._bytes += len(parcel.frames)
        return kept

    def _fits(self, parcel: Parcel) -> bool:
        return not self._parcels or self._bytes + len(parcel.frames) <= self._most_bytes

    def _lasts(self, parcel: Parcel) -> bool:
        small = len(parcel.frames) <= SMALL and len(self._parcels) < MOST_SMALL
        return small or self._fits(parcel)

    def _lag(self) -> None:
        self.lagging = True
        self._overflowed()
        self._parcels = [parcel for parcel in self._parcels if parcel.lasting]
        self._bytes = sum(len(parcel.frames) for parcel in self._parcels)

    def flush(self) -> bool:
        """Send what waits while the wire is ready; say whether the log is to tell the rest."""
        while self._parcels and self._wire.ready:
            parcel = self._parcels.pop(0)
            self._bytes -= len(parcel.frames)
            self._send(parcel)
        return self.lagging and not self._parcels

    def resume(self) -> None:
        """Open again: the member has been brought up to date."""
        self.lagging = False
        self.flush()
