"""A weave that was read from its columns is the weave that was written."""

import random

import pytest

import crdt.columns
from crdt.columns import read_columns, write_columns
from crdt.deletions import Deletion
from crdt.structs import Kind, Struct
from crdt.weave import Weave
from tests.support.people import history, in_order, live_article, structs_of


def again(weave: Weave) -> Weave:
    read = Weave()
    for _ in read_columns(write_columns(weave), read):
        pass
    return read


def needs(weave: Weave) -> object:
    return weave._pasts._needs


@pytest.mark.parametrize("seed", range(40))
def test_blocks_order_clocks_and_pasts_come_back(seed: int) -> None:
    weave = history(seed).live.weave
    read = again(weave)
    assert structs_of(read) == structs_of(weave)
    assert in_order(read) == in_order(weave)
    assert (read.clocks, needs(read)) == (weave.clocks, needs(weave))
    assert write_columns(read) == write_columns(weave)


def test_every_kind_comes_back() -> None:
    weave = Weave()
    contents = [(Kind.STRING, 3, "a😀"), (Kind.DELETED, 5, b""), (Kind.EMBED, 1, b"\x02{}")]
    contents += [(Kind.FORMAT, 1, b"\x04bold\x04true"), (Kind.STRING, 2, "é\u0301")]
    clock = 0
    for kind, length, content in contents:
        origin = (7, clock - 1) if clock else None
        struct = Struct(7, clock, length, kind, origin, None, None, None, content)
        weave.integrate([struct], [])
        clock += length
    weave.integrate([], [Deletion(7, 0, 1)])
    read = again(weave)
    assert structs_of(read) == structs_of(weave)
    assert in_order(read) == in_order(weave)


def test_an_empty_weave_comes_back() -> None:
    assert list(again(Weave())) == []


def test_reading_goes_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crdt.columns, "CHUNK", 64)
    monkeypatch.setattr(crdt.columns, "ROWS", 2)
    weave, read = history(1).live.weave, Weave()
    blocks = len(list(weave))
    steps = sum(1 for _ in read_columns(write_columns(weave), read))
    assert steps > blocks / 2
    assert in_order(read) == in_order(weave)


def test_both_neighbours_of_every_block_come_back() -> None:
    read, chance = again(history(2).live.weave), random.Random(2)
    blocks = list(read)
    assert [block.left for block in blocks[1:]] == blocks[:-1]
    gone = chance.choice(blocks[1:-1])
    gone.unlink()
    assert list(read) == [block for block in blocks if block is not gone]


def test_a_large_weave_is_not_quickly_written(monkeypatch: pytest.MonkeyPatch) -> None:
    live = live_article()
    while not live.prepare():
        pass
    assert live.quickly_told
    monkeypatch.setattr(crdt.columns, "QUICK_BLOCKS", -1)
    assert not live.quickly_told
    monkeypatch.undo()
    live.weave.clocks[1] = crdt.columns.QUICK_UNITS + 1
    assert not live.quickly_told
