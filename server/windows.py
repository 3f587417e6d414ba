"""Windows: what the rate limits have counted, in memory, by a clock that is given.

The storage in memory of the library `limits` starts a thread whenever it is used, to forget what is
over; this one looks when it has grown to twice what it held.
"""

from collections.abc import Callable

from limits.storage import Storage

FEW = 1_000  # so many windows are not worth a look


class Windows(Storage):
    """Counters that each begin anew when their window is over; `clock` gives seconds."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}  # (end of the window, what was counted)
        self._look_at = FEW

    def __len__(self) -> int:
        """How many windows are kept."""
        return len(self._windows)

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing here goes wrong of its own."""
        return Exception

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window of `expiry` seconds that begins now if there is none; give the sum."""
        now = self._clock()
        end, count = self._windows.get(key, (0.0, 0))
        if end <= now:
            end, count = now + expiry, 0
        self._windows[key] = (end, count + amount)
        if len(self._windows) > self._look_at:
            self._forget(now)
        return count + amount

    def _forget(self, now: float) -> None:
        self._windows = {key: kept for key, kept in self._windows.items() if kept[0] > now}
        self._look_at = max(FEW, 2 * len(self._windows))

    def get(self, key: str) -> int:
        """Give what was counted in the window that is open; 0 when none is."""
        end, count = self._windows.get(key, (0.0, 0))
        return count if end > self._clock() else 0

    def get_expiry(self, key: str) -> float:
        """Give the time at which the window ends; now when none is open."""
        return max(self._clock(), self._windows.get(key, (0.0, 0))[0])

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget everything; give how many windows there were."""
        kept = len(self._windows)
        self._windows.clear()
        return kept

    def clear(self, key: str) -> None:
        """Forget one window."""
        self._windows.pop(key, None)
