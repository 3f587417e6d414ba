"""What a replica lacks: the answer to its state vector."""

from collections.abc import Callable

from crdt.attribution import Attribution
from crdt.document import NO_STATE
from crdt.livearticle import LiveArticle
from crdt.messages import encode_step_2
from server.outbox import Parcel


class Lacking:
    """Answers of one article; all new replicas, however many come, share one for each head.

    `encode` gives the message that tells who wrote what up to a seq.
    """

    __slots__ = ("_encode", "_whole")

    def __init__(self, encode: Callable[[int, Attribution], bytes]) -> None:
        self._encode = encode
        self._whole: dict[bool, Parcel] = {}  # with attribution or without: a cache

    def of(self, live: LiveArticle, state_vector: bytes, *, told: bool) -> Parcel:
        """Give what lacks at the head: with attribution, for whom wants it, before the text."""
        if state_vector != NO_STATE:
            return self._parcel(live, state_vector, told=told)
        whole = self._whole.get(told)
        if whole is None or whole.seq != live.head:
            whole = self._whole[told] = self._parcel(live, NO_STATE, told=told)
        return whole

    def forget(self) -> None:
        """Forget what was encoded: an author has another name or colour now."""
        self._whole.clear()

    def _parcel(self, live: LiveArticle, state_vector: bytes, *, told: bool) -> Parcel:
        messages = [encode_step_2(live.document.diff(state_vector))]
        if told:
            messages.insert(0, self._encode(live.head, live.ledger))
        return Parcel.of(*messages, seq=live.head, lasting=True)
