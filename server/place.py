"""A place: where an article's room is, or will be when it has been loaded."""

import asyncio
from dataclasses import dataclass

from server.room import Room

FREE_RENEWALS = 8  # one soon after the other
RENEWAL_SECONDS = 0.01  # the first pause before a further one, doubled each time
MOST_RENEWAL_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Place:
    """The one `opening` of a room, and what decides how long it stays.

    `used` is when it was last seen in use (monotonic), `visitors` how many are at the door or
    inside, `checkpoint` the seq of the article's newest checkpoint, and `grown` what the room had
    grown by then. `renewals` is how often it was renewed without a rest since.
    """

    opening: asyncio.Task[Room]
    used: float
    visitors: int = 0
    checkpoint: int = 0
    grown: int = 0
    renewals: int = 0
    renewed: float = 0.0

    def renew(self, now: float) -> float:
        """Count a renewal; give the seconds to wait before it (`now` is monotonic).

        Each reads the article from the log: who brings the same edits to two processes all the
        time must not keep this one busy with it.
        """
        rested = now - self.renewed > MOST_RENEWAL_SECONDS * FREE_RENEWALS
        self.renewals, self.renewed = 1 if rested else self.renewals + 1, now
        beyond = self.renewals - FREE_RENEWALS
        return min(MOST_RENEWAL_SECONDS, RENEWAL_SECONDS * 2**beyond) if beyond > 0 else 0.0

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
