"""Following: rows of other processes on their way into a live article, in order of seq."""

from collections.abc import Iterable

from server.arrival import Arrival

MOST_AHEAD = 2_000  # rows that wait for a commit to end


class Following:
    """Rows that wait, by seq; what is told twice waits once."""

    __slots__ = ("_ahead",)

    def __init__(self) -> None:
        self._ahead: dict[int, Arrival] = {}

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._ahead)

    def wait(self, arrivals: Iterable[Arrival]) -> bool:
        """Let rows wait; False when these are too many, and all have to be read from the log."""
        self._ahead.update((arrival.seq, arrival) for arrival in arrivals)
        if len(self._ahead) <= MOST_AHEAD:
            return True
        self._ahead.clear()
        return False

    def next(self, head: int) -> tuple[list[Arrival], bool]:
        """Take out what comes right after `head`; say, too, whether rows behind it are missing.

        Nothing waits any more: what is behind a gap comes from the log together with the gap.
        """
        rows: list[Arrival] = []
        while (arrival := self._ahead.get(head + 1 + len(rows))) is not None:
            rows.append(arrival)
        gap = any(seq > head + len(rows) for seq in self._ahead)
        self._ahead.clear()
        return rows, gap
