"""Rest: what waits until nothing in a live article is uncommitted."""

from collections.abc import Callable

from crdt.errors import Refusal
from crdt.livearticle import LiveArticle

Act = Callable[[LiveArticle], None]
Lost = Callable[[Refusal], None]


class Rest:
    """Acts that wait for a room to be at rest, in order."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[tuple[Act, Lost]] = []

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._waiting)

    def wait(self, act: Act, lost: Lost) -> None:
        """Let `act` wait; `lost` is called instead when the room ends before."""
        self._waiting.append((act, lost))

    def reached(self, live: LiveArticle) -> None:
        """Have all done that waits; what fails waits still, to hear that the room has ended."""
        while self._waiting:
            act, _ = self._waiting[0]
            act(live)
            del self._waiting[0]

    def lost(self, refusal: Refusal) -> None:
        """Tell all that waits why it will not be done."""
        for _, lost in self._waiting:
            lost(refusal)
        self._waiting.clear()
