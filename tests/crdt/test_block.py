"""A block: a run of IDs that grows at its end and is cut between characters only."""

import pytest

from crdt.block import LONGEST_RUN, Block
from crdt.errors import StructureRefused
from crdt.structs import ID, Kind, Struct
from crdt.utf16 import utf16_length


def string(clock: int, words: str, origin: ID | None = None, right: ID | None = None) -> Struct:
    return Struct(7, clock, utf16_length(words), Kind.STRING, origin, right, None, None, words)


def deleted(length: int) -> Struct:
    return Struct(7, 0, length, Kind.DELETED, None, None, None, None, b"")


def block_of(struct: Struct) -> Block:
    client, clock, length, kind, origin, right_origin, _, _, content = struct
    return Block(client, clock, length, kind, origin, right_origin, content)


def test_a_block_grows_with_what_goes_on() -> None:
    block = block_of(string(0, "ab"))
    more = string(2, "😀", (7, 1))
    assert block.takes(more)
    block.extend(more)
    assert (block.content, block.length, block.end) == ("ab😀", 4, 4)


@pytest.mark.parametrize(
    "other",
    [
        string(3, "x", (7, 2)),
        string(2, "x", (7, 1))._replace(client=8),
        string(2, "x", (7, 1), (9, 0)),
        string(2, "x", (7, 1))._replace(kind=Kind.EMBED),
    ],
)
def test_a_block_takes_nothing_else(other: Struct) -> None:
    assert not block_of(string(0, "ab")).takes(other)


def test_a_deleted_or_a_long_block_takes_nothing() -> None:
    block = block_of(string(0, "ab"))
    block.deleted = True
    assert not block.takes(string(2, "x", (7, 1)))
    full = block_of(string(0, "a" * LONGEST_RUN))
    assert not full.takes(string(LONGEST_RUN, "x", (7, LONGEST_RUN - 1)))


def test_a_cut_leaves_two_neighbours() -> None:
    block, last = block_of(string(0, "ab😀", (9, 4), (9, 5))), block_of(string(10, "z"))
    last.link_after(block)
    rest = block.cut(2)
    assert (block.content, block.length, rest.content, rest.length) == ("ab", 2, "😀", 2)
    assert (rest.clock, rest.origin, rest.right_origin) == (2, (7, 1), (9, 5))
    assert (block.right, rest.left, rest.right, last.left) == (rest, block, last, rest)


def test_both_parts_of_a_deleted_block_are_deleted() -> None:
    block = block_of(deleted(5))
    rest = block.cut(2)
    assert (block.length, rest.length, block.deleted, rest.deleted) == (2, 3, True, True)


def test_a_cut_through_a_pair_is_refused_and_changes_nothing() -> None:
    block = block_of(string(0, "a😀"))
    with pytest.raises(StructureRefused):
        block.cut(2)
    assert (block.content, block.length, block.right) == ("a😀", 3, None)


def test_neighbours_meet_where_a_block_leaves() -> None:
    first, middle, last = (block_of(string(clock, "x")) for clock in (0, 2, 4))
    middle.link_after(first)
    last.link_after(middle)
    middle.unlink()
    assert (first.right, last.left) == (last, first)
    last.unlink()
    assert first.right is None


def test_a_block_that_stands_alone_may_leave() -> None:
    block = block_of(string(0, "x"))
    block.unlink()
    assert (block.left, block.right) == (None, None)
