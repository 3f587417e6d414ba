"""An event loop whose time is made up: when nothing is left to do now, it is at once the next time.

No selector, no thread and no socket: what happens depends on nothing but what the tasks do.
"""

import asyncio
from typing import Any


class NothingLeftError(AssertionError):
    """Everybody waits, and nothing will ever happen."""


class _Jump:
    """In the place of a selector: does not wait, but moves the time on."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise NothingLeftError("nothing is left to wait for")
        self._loop.now += timeout
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """`now` is the time in seconds; `errors` is what nobody has caught."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.errors: list[str] = []
        self._selector = _Jump(self)
        self.set_exception_handler(self._note)

    def time(self) -> float:
        return self.now

    def run_in_executor(self, *_: Any) -> Any:
        raise AssertionError("there are no threads in a simulation")

    def _process_events(self, _events: list[Any]) -> None:
        """Nothing but the tasks themselves makes anything happen."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""

    def _note(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.errors.append(f"{context['message']}: {context.get('exception')!r}")
