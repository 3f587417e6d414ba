"""A place: where an article's room is, or will be when it has been loaded."""

import asyncio
from dataclasses import dataclass

from server.room import Room


@dataclass(eq=False, slots=True)
class Place:
    """The one `opening` of a room, and what decides how long it stays.

    `used` is when it was last seen in use (monotonic), `visitors` how many are at the door or
    inside, `checkpoint` the seq of the article's newest checkpoint, and `grown` what the room had
    grown by then.
    """

    opening: asyncio.Task[Room]
    used: float
    visitors: int = 0
    checkpoint: int = 0
    grown: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the room has been loaded."""
        return self.opening.done() and not self.opening.cancelled() and not self.opening.exception()

    @property
    def room(self) -> Room:
        """The room, which is open."""
        return self.opening.result()

    @property
    def idle(self) -> bool:
        """Whether nobody is there and nothing is under way."""
        return not self.visitors and self.room.idle and not self.room.ended

    @property
    def tail(self) -> int:
        """How many rows have come since the newest checkpoint; the next load replays them."""
        return self.room.head - self.checkpoint
