"""A submission: an update on its way into a room."""

from typing import NamedTuple, Protocol

from crdt.errors import Refusal
from crdt.gate import Rules
from crdt.restoration import Restoration


class Writer(Protocol):
    """Whoever submits updates and hears what became of them."""

    @property
    def author(self) -> str:
        """The author id."""

    @property
    def stuck(self) -> bool:
        """Whether an earlier edit did not come in, so that waiting for it is no use."""

    def bring(self, clients: int) -> None:
        """Be asked whether so many client ids that are new there may come in; a Refusal if not."""

    def refused(self, refusal: Refusal) -> None:
        """Hear that an update was refused; nothing of it is in the article."""

    def stored(self, seq: int) -> None:
        """Hear that an update is durable and in the article at `seq`, or was there before."""

    def lost(self, refusal: Refusal) -> None:
        """Hear that the room ended before the update was stored; it is to be sent again."""

    def put_off(self, refusal: Refusal) -> None:
        """Hear that an update cannot be stored now; it is asked for again when it can."""

    def resync(self, state_vector: bytes) -> bool:
        """Hear that something is missing, and what is here; False when asking again is no use."""


class Submission(NamedTuple):
    """An update by a writer, and how much checking it may cost.

    It is that of the `restoration`, if there is one: the server's own, so that its copies keep
    their first authors. `sure`: the log has been looked at for what might let it in.
    """

    writer: Writer
    update: bytes
    rules: Rules
    restoration: Restoration | None = None
    sure: bool = False
