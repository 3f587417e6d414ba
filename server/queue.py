"""A queue: the submissions that wait for a room's next turn."""

from collections import deque
from collections.abc import Iterator, Sequence

from server.submission import Submission


class Queue:
    """Submissions in the order in which they came."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: deque[Submission] = deque()

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._waiting)

    def __iter__(self) -> Iterator[Submission]:
        """All that wait."""
        return iter(self._waiting)

    def put(self, submission: Submission) -> None:
        """Let one wait."""
        self._waiting.append(submission)

    def put_back(self, submissions: Sequence[Submission]) -> None:
        """Let these wait before all others, in their order: they had been taken."""
        self._waiting.extendleft(reversed(submissions))

    @property
    def first(self) -> Submission:
        """The one that is next."""
        return self._waiting[0]

    @property
    def goes_on(self) -> bool:
        """Whether the first two are one writer's."""
        return len(self._waiting) > 1 and self._waiting[1].writer is self.first.writer

    def of_first(self) -> Iterator[bytes]:
        """The next updates, as long as the writer and its rules are the same."""
        writer, rules = self.first.writer, self.first.rules
        for submission in self._waiting:
            if submission.writer is not writer or submission.rules is not rules:
                return
            yield submission.update

    def take(self, count: int) -> list[Submission]:
        """Take out the next ones."""
        return [self._waiting.popleft() for _ in range(count)]

    def clear(self) -> None:
        """Take out all."""
        self._waiting.clear()
