"""A member: one connection in a room."""

import asyncio

from crdt.awareness import Showing
from crdt.errors import MalformedUpdate, PresenceRefused, Refusal
from crdt.messages import encode_step_1
from crdt.session import Session
from server.outbox import Outbox, Parcel
from server.telemetry import Telemetry

MOST_PENDING = 256  # updates of one member that wait for a turn; then its socket is not read


class Member:
    """One connection: who it is, what it may do, and what waits for it.

    `author` is None for somebody who reads without a token. `joined` once its state vector has
    been answered: from then on it gets every turn. `closing` is set with the close code when the
    room wants it to leave.
    """

    def __init__(
        self,
        session: Session,
        showing: Showing | None,
        outbox: Outbox,
        telemetry: Telemetry,
        *,
        wants_attribution: bool,
    ) -> None:
        self.session = session
        self.showing = showing
        self.outbox = outbox
        self.wants_attribution = wants_attribution
        self.joined = False
        self.unanswered: bytes | None = None  # a state vector that came while it lagged
        self.stuck = False  # an edit was refused or lost: what builds on it cannot come in either
        self.closing: asyncio.Future[Refusal] = asyncio.get_running_loop().create_future()
        self._telemetry = telemetry
        self._pending = 0
        self._calm = asyncio.Event()

    @property
    def author(self) -> str:
        """The author id of a member that may write."""
        if self.showing is None:
            raise AssertionError("A reader without a token has no author.")
        return self.showing.author

    def put(self, parcel: Parcel) -> bool:
        """Send frames, in order, when the socket takes them; never waits.

        False when the member lags: then it has these from the log, or not at all.
        """
        lagged = self.outbox.lagging
        if self.outbox.put(parcel):
            self._telemetry.delivered(len(parcel.frames))
            return True
        if not lagged:
            self._telemetry.overflowed.inc()
        return False

    def ask(self, state_vector: bytes) -> None:
        """Ask for what the client has beyond `state_vector`."""
        self.put(Parcel((encode_step_1(state_vector),), lasting=True))

    async def submitted(self) -> None:
        """Count an update that was put into the room; wait while many of them wait there."""
        self._pending += 1
        if self._pending >= MOST_PENDING:
            self._calm.clear()
            await self._calm.wait()

    def _settle(self) -> None:
        self._pending -= 1
        self._calm.set()

    def refused(self, refusal: Refusal) -> None:
        """Tell the member that an update was refused, and why (law 10)."""
        self._settle()
        self.tell(refusal)
        if isinstance(refusal, MalformedUpdate):
            self.close(refusal)

    def tell(self, refusal: Refusal) -> None:
        """Tell the member of a refusal."""
        self.stuck = self.stuck or not isinstance(refusal, PresenceRefused)
        self._telemetry.refused(refusal.code)
        frame = self.session.tell(refusal)
        if frame is not None:
            self.put(Parcel((frame,), lasting=True))

    def stored(self, seq: int) -> None:  # noqa: ARG002 - the echo tells the client its seq
        """Note that edits come in again; the echo of this one is its receipt."""
        self._settle()
        self.stuck = False

    def lost(self, refusal: Refusal) -> None:
        """Nothing to do: the connection is closed with this reason, and the client comes back."""

    def resync(self, state_vector: bytes) -> bool:
        """Ask the client, once, for all that is not here."""
        if self.stuck:
            return False
        self._settle()
        self.stuck = True
        self.ask(state_vector)
        return True

    def close(self, refusal: Refusal) -> None:
        """Ask the connection to end with the refusal's close code."""
        if not self.closing.done():
            self.closing.set_result(refusal)
