"""A member: one connection in a room."""

from collections.abc import Callable

from crdt.awareness import Showing
from crdt.errors import MalformedUpdate, PresenceRefused, Refusal
from crdt.gate import any_number
from crdt.messages import encode_refusal, encode_step_1
from crdt.session import Session
from server.outbox import Outbox, Parcel
from server.telemetry import Telemetry
from server.wire import Wire

# Updates of one member that wait for a turn; then its socket is not read. So many keystrokes come
# in during one slow commit of somebody who types as fast as a program can.
MOST_PENDING = 2048
MOST_PENDING_BYTES = 2 * 1024 * 1024
REASON_BYTES = 123  # what a close frame holds


class Member:
    """One connection: who it is, what it may do, and what waits for it.

    `author` is None for somebody who reads without a token. `joined` once its state vector has
    been answered: from then on it gets every turn. `closed` is why the room wanted it to leave.
    `put` is its outbox's: by far most calls are that one, for every member and turn.
    """

    __slots__ = (
        "_held",
        "_pending",
        "_pending_bytes",
        "_telemetry",
        "_wire",
        "bring",
        "closed",
        "joined",
        "outbox",
        "owing",
        "put",
        "session",
        "showing",
        "stuck",
        "unanswered",
        "wants_attribution",
    )

    def __init__(
        self,
        session: Session,
        showing: Showing | None,
        wire: Wire,
        outbox_bytes: int,
        telemetry: Telemetry,
        *,
        wants_attribution: bool,
        bring: Callable[[int], None] = any_number,
    ) -> None:
        self.session = session
        self.showing = showing
        self.outbox = Outbox(wire, outbox_bytes, telemetry.overflowed.inc)
        self.put = self.outbox.put
        self.wants_attribution = wants_attribution
        self.bring = bring
        self.joined = False
        self.unanswered: bytes | None = None  # a state vector that came while it lagged
        self.owing = False  # edits were put off: the client has them and is to be asked for them
        self.stuck = False  # an edit was refused or lost: what builds on it cannot come in either
        self.closed: Refusal | None = None
        self._wire = wire
        self._telemetry = telemetry
        self._pending = self._pending_bytes = 0
        self._held = False

    @property
    def author(self) -> str:
        """The author id of a member that may write."""
        if self.showing is None:
            raise AssertionError("A reader without a token has no author.")
        return self.showing.author

    def ask(self, state_vector: bytes) -> None:
        """Ask for what the client has beyond `state_vector`."""
        self.put(Parcel.of(encode_step_1(state_vector), lasting=True))

    def submitted(self, size: int) -> None:
        """Count an update of so many bytes that was put into the room; read no more while many are.

        They are `stored` or `refused` one by one; each then counts as one of average size.
        """
        self._pending += 1
        self._pending_bytes += size
        if self._many_pending and not self._held:
            self._held = True
            self._wire.hold()

    @property
    def _many_pending(self) -> bool:
        return self._pending >= MOST_PENDING or self._pending_bytes >= MOST_PENDING_BYTES

    def _settle(self) -> None:
        self._pending_bytes -= self._pending_bytes // self._pending
        self._pending -= 1
        if self._held and not self._many_pending:
            self._held = False
            self._wire.release()

    def refused(self, refusal: Refusal) -> None:
        """Tell the member that an update was refused, and why (law 10)."""
        self._settle()
        self.tell(refusal)
        if isinstance(refusal, MalformedUpdate):
            self.close(refusal)

    def tell(self, refusal: Refusal) -> None:
        """Tell the member of a refusal."""
        self.stuck = self.stuck or not isinstance(refusal, PresenceRefused)
        self.inform(refusal)

    def inform(self, refusal: Refusal) -> None:
        """Tell the member of something that no edit was refused for."""
        self._telemetry.refused(refusal.code)
        message = self.session.tell(refusal)
        if message is not None:
            self.put(Parcel.of(message, lasting=True))

    def stored(self, seq: int) -> None:  # noqa: ARG002 - the echo tells the client its seq
        """Note that edits come in again; the echo of this one is its receipt."""
        self._settle()
        self.stuck = False

    def lost(self, refusal: Refusal) -> None:
        """Nothing to do: the connection is closed with this reason, and the client comes back."""

    def put_off(self, refusal: Refusal) -> None:
        """Tell the member, once, that its edits cannot be stored now; it is asked for them again.

        It is told on each occasion, also when it has heard the same before.
        """
        self._settle()
        if not self.owing:
            self.owing = True
            self._telemetry.refused(refusal.code)
            self.put(Parcel.of(encode_refusal(refusal.reason), lasting=True))

    def ask_again(self, state_vector: bytes) -> None:
        """Ask for what was put off, and for all that builds on it."""
        self.owing = self.stuck = False
        self.ask(state_vector)

    def resync(self, state_vector: bytes) -> bool:
        """Ask the client, once, for all that is not here."""
        if self.stuck:
            return False
        self._settle()
        self.stuck = True
        self.ask(state_vector)
        return True

    def close(self, refusal: Refusal) -> None:
        """End the connection with the refusal's close code; the first reason counts."""
        if self.closed is None:
            self.closed = refusal
            reason = refusal.reason.encode()[:REASON_BYTES].decode(errors="ignore")
            self._wire.close(refusal.close, reason)
