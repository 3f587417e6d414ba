"""Who has sent a message so large that the connection had to end.

A stock client comes back at once and would send the same again, for ever. So it is let in, told why
once, and not asked for what it has.
"""

from collections import OrderedDict
from collections.abc import Callable

MOST = 10_000
SECONDS = 600.0

Key = tuple[str, str]  # slug, and author id


class Oversized:
    """Remembers the latest of them for ten minutes; `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: OrderedDict[Key, float] = OrderedDict()

    def note(self, key: Key) -> None:
        """Remember this one."""
        self._until[key] = self._clock() + SECONDS
        self._until.move_to_end(key)
        if len(self._until) > MOST:
            self._until.popitem(last=False)

    def __contains__(self, key: Key) -> bool:
        """Whether it was noted lately."""
        return self._until.get(key, 0.0) > self._clock()
