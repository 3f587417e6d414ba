"""The block index: every known ID, and the block that holds it."""

from bisect import bisect_right, insort
from collections.abc import Iterator

from crdt.block import Block
from crdt.deletions import Deletion
from crdt.errors import MissingDependencies
from crdt.structs import ID


class BlockIndex:
    """Finds blocks by ID and cuts them where somebody needs an end.

    `clocks` is the state vector: client id -> next clock (UTF-16 units). A client's blocks follow
    each other from clock 0 on without a gap.
    """

    __slots__ = ("_blocks", "_starts", "clocks")

    def __init__(self) -> None:
        self.clocks: dict[int, int] = {}
        self._starts: dict[int, list[int]] = {}
        self._blocks: dict[int, dict[int, Block]] = {}

    def knows(self, client: int, clock: int) -> bool:
        """Whether the ID has been inserted."""
        return clock < self.clocks.get(client, 0)

    def find(self, identity: ID) -> Block:
        """The block that holds a known ID."""
        client, clock = identity
        starts = self._starts[client]
        return self._blocks[client][starts[bisect_right(starts, clock) - 1]]

    def size(self) -> tuple[int, int]:
        """How many blocks there are, and how many UTF-16 units in all of them."""
        return sum(map(len, self._starts.values())), sum(self.clocks.values())

    def sections(self) -> Iterator[tuple[int, list[Block]]]:
        """Every client, ascending, with its blocks by clock."""
        for client in sorted(self._starts):
            yield client, list(map(self._blocks[client].__getitem__, self._starts[client]))

    def _starting_at(self, identity: ID) -> Block:
        block = self.find(identity)
        return block if block.clock == identity[1] else self._cut(block, identity[1])

    def _ending_at(self, identity: ID) -> Block:
        block = self.find(identity)
        if block.clock + block.length > identity[1] + 1:
            self._cut(block, identity[1] + 1)
        return block

    def _cut(self, block: Block, clock: int) -> Block:
        rest = block.cut(clock - block.clock)
        self._index(rest)
        return rest

    def _index(self, block: Block) -> None:
        client, clock = block.client, block.clock
        starts = self._starts.get(client)
        if starts is None:
            self._starts[client], self._blocks[client] = [clock], {clock: block}
            return
        if clock > starts[-1]:  # by far the most
            starts.append(clock)
        else:
            insort(starts, clock)
        self._blocks[client][clock] = block

    def is_deleted(self, deletion: Deletion) -> bool:
        """Whether all of the range is known and deleted."""
        client, clock, length = deletion
        end = clock + length
        if end > self.clocks.get(client, 0):
            return False
        starts, blocks = self._starts[client], self._blocks[client]
        block = blocks[starts[bisect_right(starts, clock) - 1]]
        while block.deleted and block.clock + block.length < end:
            block = blocks[block.clock + block.length]
        return block.deleted

    def isolate(self, deletion: Deletion) -> list[Block]:
        """Cut so that whole blocks cover the range; return them by clock. Changes no text.

        MissingDependencies when some of it is not known, StructureRefused when an end would cut a
        surrogate pair.
        """
        client, clock, length = deletion
        last = (client, clock + length - 1)
        if not self.knows(*last):
            raise MissingDependencies("It deletes text that has not arrived here.", last)
        self._starting_at((client, clock))
        self._ending_at(last)
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

    def _forget(self, client: int, clock: int) -> Iterator[Block]:
        """Give up the client's blocks from `clock` on, where one begins."""
        starts = self._starts[client]
        while starts and starts[-1] >= clock:
            yield self._blocks[client].pop(starts.pop())
        if clock:
            self.clocks[client] = clock
        else:
            del self._starts[client], self._blocks[client], self.clocks[client]
