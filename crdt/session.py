"""A session: the protocol of one connection, without the connection.

Bytes go in, a message or a refusal comes out; what to do about it is the room's business.
"""

from dataclasses import dataclass

from crdt.errors import MessageTooLarge, ReadOnly, Refusal
from crdt.limits import UpdateLimits
from crdt.messages import Message, SyncStep1, SyncUpdate, decode_message, encode_refusal
from crdt.statevector import decode_state_vector, encode_state_vector

NOTHING = b"\x00\x00"  # the update of a client that has nothing new
MOST_TOLD = 100  # different refusals that one connection is told


@dataclass(frozen=True, slots=True)
class MessageLimits:
    """What one message may hold: its size in bytes, presences, and clients of a state vector."""

    size: int
    presences: int
    state_vector: UpdateLimits


class Session:
    """One client's side of the protocol: what it may send, and what it has been told."""

    __slots__ = ("_limits", "_readonly", "_told")

    def __init__(self, limits: MessageLimits, *, readonly: bool) -> None:
        self._limits = limits
        self._readonly = readonly
        self._told: set[str] = set()

    def receive(self, data: bytes) -> Message | None:
        """Read one message; None when there is nothing to do.

        MalformedMessage and MalformedUpdate end the connection. ReadOnly and MessageTooLarge are
        told and the connection goes on, since a stock client would only come back with the same.
        """
        if len(data) > self._limits.size:
            raise MessageTooLarge(f"A message may have {self._limits.size} bytes, not {len(data)}.")
        message = decode_message(data, self._limits.presences)
        if isinstance(message, SyncUpdate):
            return self._update(message)
        if isinstance(message, SyncStep1):
            return self._step_1(message)
        return message

    def _update(self, message: SyncUpdate) -> SyncUpdate | None:
        if message.update == NOTHING:
            return None
        if self._readonly:
            raise ReadOnly("You are reading: this connection may not change the article.")
        return message

    def _step_1(self, message: SyncStep1) -> SyncStep1:
        """Write the state vector anew: what the document gets to read was understood here."""
        vector = decode_state_vector(message.state_vector, self._limits.state_vector)
        return SyncStep1(encode_state_vector(vector))

    def tell(self, refusal: Refusal) -> bytes | None:
        """The frame that tells the client of a refusal; None where it has been told enough."""
        if refusal.reason in self._told or len(self._told) == MOST_TOLD:
            return None
        self._told.add(refusal.reason)
        return encode_refusal(refusal.reason)
