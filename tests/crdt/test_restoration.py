"""Restorations: edits that bring text back, whole or in portions."""

from crdt.deleted import passages
from crdt.restoration import Restoration
from tests.support.people import desk
from tests.support.restoring import at, authors, put, scattered, to_seq


def test_a_large_restoration_goes_in_in_portions() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "é" * 5_000 + "x" * 5_000)
    table.share()
    bo.insert(0, "abc")
    for n in range(30):
        bo.delete(n * 2 + 3, n * 2 + 4)
    bo.delete(100, 9_000)
    table.share()
    wish = to_seq(table, 1)
    portions = list(wish.portions(10, 5_000))
    assert len(wish.copies) == 30 + 5
    assert [portion.copies for portion in portions[:1]] == [()]
    assert all(len(each.copies) + len(each.deletions) <= 10 for each in portions)
    assert sum((each.copies for each in portions), ()) == wish.copies
    assert sum((each.deletions for each in portions), ()) == wish.deletions
    for portion in portions:
        assert put(table, portion, "eve") is not None
    assert authors(table.live) == authors(at(table.rows, 1))
    assert len(table.rows) == 2 + len(portions)
    assert passages(table.live.weave, table.live.ledger)[0].text == "abc"


def test_a_small_restoration_goes_in_at_once() -> None:
    table = scattered()
    wish = to_seq(table, 1)
    assert list(wish.portions(10, 5_000)) == [wish]
    assert len(list(wish.portions(2, 5_000))) == 3
    assert not Restoration((), ())


def test_deletions_alone_go_in_in_portions_too() -> None:
    table = scattered()
    table.people[0].insert(3, "more")
    table.share()
    put(table, to_seq(table, 1), "eve")
    wish = to_seq(table, 2)
    assert (wish.copies, len(wish.deletions)) == ((), 5)
    assert [len(each.deletions) for each in wish.portions(2, 5_000)] == [2, 2, 1]
