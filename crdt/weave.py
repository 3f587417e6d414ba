"""The weave: every ID ever inserted, in document order, the deleted ones too.

It is the gate's own replica. pycrdt does not say where an ID stands, and an update that is only
checked after it was applied is checked too late. Integration is YATA as Yjs does it (Nicolaescu et
al., 2016; the rules are told in docs/protocol.md), so weave and Yjs document always agree.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from crdt.block import Block
from crdt.blockindex import BlockIndex
from crdt.causality import by_client, in_causal_order
from crdt.deletions import Deletion
from crdt.errors import StructureRefused, TooEntangled
from crdt.past import Pasts
from crdt.structs import ID, Kind, Struct

_ANY_STEPS = 1 << 62


class Weave(BlockIndex):
    """The document order of all IDs of one flat text."""

    __slots__ = ("__weakref__", "_head", "_pasts")

    def __init__(self) -> None:
        super().__init__()
        self._head = Block(-1, 0, 0, Kind.GC, None, None, b"")
        self._pasts = Pasts()

    def __iter__(self) -> Iterator[Block]:
        """All blocks in document order."""
        block = self._head.right
        while block is not None:
            yield block
            block = block.right

    def before(self, identity: ID) -> ID | None:
        """The ID that stands right before a known one, deleted or not; None for the first."""
        block = self.find(identity)
        if identity[1] > block.clock:
            return identity[0], identity[1] - 1
        left = block.left
        return None if left is None or left is self._head else (left.client, left.end - 1)

    def place(self, identity: ID) -> int:
        """How many IDs stand before a known one, deleted or not. It walks over them."""
        found = self.find(identity)
        before = takewhile(lambda block: block is not found, self)
        return sum(block.length for block in before) + identity[1] - found.clock

    def last(self) -> ID | None:
        """The ID that stands last; None where there is none. It walks over all."""
        block = self._head
        while block.right is not None:
            block = block.right
        return None if block is self._head else (block.client, block.end - 1)

    def insert(self, struct: Struct, steps: int) -> int:
        """Integrate `struct`, whose clock is its client's next and whose origins are known.

        Returns how many of the allowed `steps` are left. StructureRefused when its origins cannot
        have been neighbours, left and right, for its client (see Pasts) or a surrogate pair would
        be cut, TooEntangled when the steps do not suffice; then nothing has changed.
        """
        client, clock, length, kind, origin, right_origin, _, _, content = struct
        # Right first: cutting for the right origin could leave `left` ending too early.
        right = self._starting_at(right_origin) if right_origin else None
        left = self._ending_at(origin) if origin else self._head
        if left.right is not right:
            left, steps = self._place(struct, left, right, steps)
        if left.takes(struct) and origin == (left.client, left.clock + left.length - 1):
            left.extend(struct)
        else:
            block = Block(client, clock, length, kind, origin, right_origin, content)
            block.link_after(left)
            self._index(block)
        self.clocks[client] = clock + length
        self._pasts.note(client, clock, origin, right_origin)
        return steps

    def _place(
        self, struct: Struct, left: Block, right: Block | None, steps: int
    ) -> tuple[Block, int]:
        """Find the block that `struct` goes after: YATA's walk over what came concurrently."""
        between = self._between(left, right, steps)
        past, steps = self._pasts.before(struct, steps - len(between))
        if any(past.get(other.client, 0) > other.clock for other in between):
            raise StructureRefused("The two origins of an insertion were never neighbours.")
        place = left
        passed: set[Block] = set()
        conflicting: set[Block] = set()
        for other in between:
            passed.add(other)
            conflicting.add(other)
            verdict = self._compare(struct, other, passed, conflicting)
            if verdict is None:
                break
            if verdict:
                place = other
                conflicting.clear()
        return place, steps

    def _between(self, left: Block, right: Block | None, most: int) -> list[Block]:
        between: list[Block] = []
        other = left.right
        while other is not right:
            if other is None:
                raise StructureRefused("The right origin of an insertion is not right of its left.")
            if len(between) == most:
                raise TooEntangled("Finding the place of an insertion takes too many steps.")
            between.append(other)
            other = other.right
        return between

    def _compare(
        self, struct: Struct, other: Block, passed: set[Block], conflicting: set[Block]
    ) -> bool | None:
        """Whether `struct` goes right of `other`; None: certainly left of it, stop searching."""
        if other.origin == struct.origin:
            if other.client < struct.client:
                return True
            return None if other.right_origin == struct.right_origin else False
        if other.origin is None:
            return None
        origin = self.find(other.origin)
        if origin not in passed:
            return None
        return origin not in conflicting

    def restore(self, blocks: Iterable[Block]) -> None:
        """Know blocks that come by client and clock; they have no place yet, see `line_up`."""
        for block in blocks:
            self._index(block)
            self.clocks[block.client] = block.clock + block.length
            self._pasts.note(block.client, block.clock, block.origin, block.right_origin)

    def line_up(self, blocks: Iterable[Block], left: Block | None = None) -> Block:
        """Stand restored blocks behind `left`, in their order; return the last one."""
        left = left or self._head
        for block in blocks:
            left.right, block.left, left = block, left, block
        return left

    def integrate(self, structs: Iterable[Struct], deletions: Iterable[Deletion]) -> None:
        """Take in what was admitted once and now comes from our own log."""
        for struct in in_causal_order(by_client(structs), self.clocks):
            self.insert(struct, _ANY_STEPS)
        for deletion in deletions:
            for block in self.isolate(deletion):
                block.deleted = True

    def truncate(self, clocks: Mapping[int, int]) -> None:
        """Take back what came after `clocks` (client id -> next clock): the latest inserts only."""
        for client, clock in clocks.items():
            self._truncate(client, clock)

    def _truncate(self, client: int, clock: int) -> None:
        if not self.knows(client, clock):
            return
        self._starting_at((client, clock))
        self._pasts.forget(client, clock)
        for block in self._forget(client, clock):
            block.unlink()

    def clear(self) -> None:
        """Forget everything; neighbours, which name each other, would stay in memory together."""
        for block in list(self):
            block.left = block.right = None
        self._head.right = None
        for index in (self.clocks, self._starts, self._blocks):
            index.clear()
