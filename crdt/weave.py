"""The weave: every ID ever inserted, in document order, the deleted ones too.

It is the gate's own replica. pycrdt does not say where an ID stands, and an update that is only
checked after it was applied is checked too late. Integration is YATA as Yjs does it (Nicolaescu et
al., 2016; the rules are told in docs/protocol.md), so weave and Yjs document always agree.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping

from crdt.block import Block
from crdt.causality import by_client, in_causal_order
from crdt.deletions import Deletion
from crdt.errors import MissingDependencies, StructureRefused, TooEntangled
from crdt.past import Pasts
from crdt.structs import ID, Kind, Struct

_ANY_STEPS = 1 << 62
_SENTINEL = Struct(-1, 0, 0, Kind.GC, None, None, None, None, b"")


class Weave:
    """The document order of all IDs of one flat text.

    `clocks` is its state vector: client id -> next clock (UTF-16 units).
    """

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}
        self._head = Block(_SENTINEL)
        self._pasts = Pasts()
        self._starts: dict[int, list[int]] = {}
        self._blocks: dict[int, dict[int, Block]] = {}

    def __iter__(self) -> Iterator[Block]:
        """All blocks in document order."""
        block = self._head.right
        while block is not None:
            yield block
            block = block.right

    def knows(self, client: int, clock: int) -> bool:
        """Whether the ID has been inserted."""
        return clock < self.clocks.get(client, 0)

    def insert(self, struct: Struct, steps: int) -> int:
        """Integrate `struct`, whose clock is its client's next and whose origins are known.

        Returns how many of the allowed `steps` are left. StructureRefused when its origins cannot
        have been neighbours, left and right, for its client (see Pasts) or a surrogate pair would
        be cut, TooEntangled when the steps do not suffice; then nothing has changed.
        """
        # Right first: cutting for the right origin could leave `left` ending too early.
        right = self._starting_at(struct.right_origin) if struct.right_origin else None
        left = self._ending_at(struct.origin) if struct.origin else self._head
        if left.right is not right:
            left, steps = self._place(struct, left, right, steps)
        if left.takes(struct) and struct.origin == (left.client, left.clock + left.length - 1):
            left.extend(struct)
        else:
            self._add(Block(struct), left)
        self.clocks[struct.client] = struct.clock + struct.length
        self._pasts.note(struct)
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

    def find(self, identity: ID) -> Block:
        """The block that holds a known ID."""
        client, clock = identity
        starts = self._starts[client]
        return self._blocks[client][starts[bisect_right(starts, clock) - 1]]

    def _starting_at(self, identity: ID) -> Block:
        block = self.find(identity)
        return block if block.clock == identity[1] else self._cut(block, identity[1])

    def _ending_at(self, identity: ID) -> Block:
        block = self.find(identity)
        if block.end > identity[1] + 1:
            self._cut(block, identity[1] + 1)
        return block

    def _cut(self, block: Block, clock: int) -> Block:
        rest = block.cut(clock - block.clock)
        self._index(rest)
        return rest

    def _add(self, block: Block, left: Block) -> None:
        block.link_after(left)
        self._index(block)

    def _index(self, block: Block) -> None:
        insort(self._starts.setdefault(block.client, []), block.clock)
        self._blocks.setdefault(block.client, {})[block.clock] = block

    def is_deleted(self, deletion: Deletion) -> bool:
        """Whether all of the range is known and deleted."""
        client, clock, length = deletion
        end = clock + length
        if not self.knows(client, end - 1):
            return False
        block = self.find((client, clock))
        while block.deleted and block.end < end:
            block = self._blocks[client][block.end]
        return block.deleted

    def isolate(self, deletion: Deletion) -> list[Block]:
        """Cut so that whole blocks cover the range; return them by clock. Changes no text.

        MissingDependencies when some of it is not known, StructureRefused when an end would cut a
        surrogate pair.
        """
        client, clock, length = deletion
        if not self.knows(client, clock + length - 1):
            raise MissingDependencies("It deletes text that has not arrived here.")
        self._starting_at((client, clock))
        self._ending_at((client, clock + length - 1))
        return list(self._range(client, clock, clock + length))

    def _range(self, client: int, clock: int, end: int) -> Iterator[Block]:
        while clock < end:
            block = self._blocks[client][clock]
            yield block
            clock = block.end

    def deleted_units(self, client: int, clock: int, length: int) -> bytes | None:
        """The UTF-16 (little endian) of known IDs; None unless all of it is deleted text."""
        block, units, end = self.find((client, clock)), b"", clock + length
        start = block.clock
        while block.deleted and isinstance(block.content, str):
            units += block.content.encode("utf-16-le")
            if block.end >= end:
                return units[2 * (clock - start) : 2 * (end - start)]
            block = self._blocks[client][block.end]
        return None

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
        starts = self._starts[client]
        while starts and starts[-1] >= clock:
            self._blocks[client].pop(starts.pop()).unlink()
        if clock:
            self.clocks[client] = clock
        else:
            del self._starts[client], self._blocks[client], self.clocks[client]

    def clear(self) -> None:
        """Forget everything; neighbours, which name each other, would stay in memory together."""
        for block in list(self):
            block.left = block.right = None
        self._head.right = None
        for index in (self.clocks, self._starts, self._blocks):
            index.clear()

    def structs(self, root: str) -> Iterator[Struct]:
        """Every block as a struct, by client and clock."""
        for client, starts in self._starts.items():
            for clock in starts:
                yield self._blocks[client][clock].struct(root)

    def deletions(self) -> Iterator[Deletion]:
        """Every deleted block, by client and clock."""
        for client, starts in self._starts.items():
            for clock in starts:
                if (block := self._blocks[client][clock]).deleted:
                    yield Deletion(client, clock, block.length)
