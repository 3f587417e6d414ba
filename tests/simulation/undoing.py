"""Undo as Yjs does it, in an order that is the same every time.

yrs brings back the pieces of a deletion in the order in which they happen to lie in memory. Here
each piece is undone by itself, one after the other: what comes of it is of the same kind.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pycrdt import Doc, IdSet, StackItem, Text, TransactionEvent, UndoManager

from crdt.deletions import Deletion, write_deletions
from crdt.limits import OWN_LIMITS
from crdt.update import decode_update
from tests.support import wire

Ranges = list[Deletion]  # of IDs, whatever is done with them


class Undoing:
    """What was done in a replica that can be undone, and what was undone and can be done again."""

    def __init__(self, doc: "Doc[Text]", content: Text) -> None:
        self._doc = doc
        self._content = content
        self._done: list[tuple[Ranges, Ranges]] = []  # (inserted, deleted)
        self._undone: list[tuple[Ranges, Ranges]] = []
        self._now: tuple[Ranges, Ranges] | None = None
        self._keeper = UndoManager(scopes=[content], timestamp=lambda: 0)  # so that texts are kept
        self._subscription = doc.observe(self._observe)

    def _observe(self, event: TransactionEvent) -> None:
        if self._now is not None:
            inserted, deleted = self._now
            inserted += _inserted(event)
            deleted += [Deletion(*each) for each in wire.id_ranges(event.delete_set)]

    def close(self) -> None:
        """Let go of the document."""
        self._keeper.clear()
        self._doc.unobserve(self._subscription)

    @contextmanager
    def deed(self) -> Iterator[None]:
        """Note what changes inside the block as one deed, which can be undone."""
        self._now = ([], [])
        yield
        if self._take():
            self._undone.clear()

    def _take(self) -> bool:
        """Note what was done just now; False when it was nothing."""
        now, self._now = self._now, None
        if now is None or now == ([], []):
            return False
        self._done.append(now)
        return True

    def undo(self) -> None:
        """Undo the last deed that was not undone."""
        if self._done:
            self._reverse(*self._done.pop())
            self._undone.append(self._now or ([], []))
            self._now = None

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._undone:
            self._reverse(*self._undone.pop())
            self._take()

    def _reverse(self, inserted: Ranges, deleted: Ranges) -> None:
        self._now = ([], [])
        if inserted:
            self._undo(inserted, [])
        for piece in list(self._pieces(deleted)):
            self._undo([], [piece])

    def _undo(self, inserted: Ranges, deleted: Ranges) -> None:
        item = StackItem(self._doc, _id_set(deleted), _id_set(inserted))
        UndoManager(scopes=[self._content], timestamp=lambda: 0, undo_stack=[item]).undo()

    def _pieces(self, ranges: Ranges) -> Iterator[Deletion]:
        """Cut ranges where the document's blocks are cut, from the back to the front."""
        blocks = decode_update(self._doc.get_update(), OWN_LIMITS).structs if ranges else ()
        for client, clock, length in sorted(ranges, reverse=True):
            for block in reversed(blocks):
                first = max(clock, block.clock)
                end = min(clock + length, block.clock + block.length)
                if block.client == client and first < end:
                    yield Deletion(client, first, end - first)


def _inserted(event: TransactionEvent) -> Ranges:
    before = dict(wire.state_vector(event.before_state))
    after = dict(wire.state_vector(event.after_state))
    return [
        Deletion(client, before.get(client, 0), clock - before.get(client, 0))
        for client, clock in sorted(after.items())
        if clock > before.get(client, 0)
    ]


def _id_set(ranges: Sequence[Deletion]) -> IdSet:
    encoded = bytearray()
    write_deletions(encoded, ranges)
    return IdSet.decode(bytes(encoded))
