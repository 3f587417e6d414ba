"""A walk gives the spans, though blocks are cut while it is put down."""

import pytest

from crdt.deletions import Deletion
from crdt.spans import joined
from crdt.walk import walk
from tests.support.people import desk, history


@pytest.mark.parametrize("seed", range(20))
def test_a_walk_joined_is_the_spans(seed: int) -> None:
    live = history(seed).live
    assert joined(walk(live.weave, live.ledger)) == live.spans()


def test_a_block_that_is_cut_meanwhile_is_met_once() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "abcd")
    table.share()
    bo.insert(4, "xyz")
    table.share()
    weave, ledger = table.live.weave, table.live.ledger
    going = walk(weave, ledger)
    first = next(going)
    weave.isolate(Deletion(100, 1, 2))
    weave.isolate(Deletion(101, 1, 1))
    assert joined([first, *going]) == table.live.spans()
    assert first == (4, "ada")


def test_of_an_empty_article_there_is_none() -> None:
    table = desk("ada")
    assert list(walk(table.live.weave, table.live.ledger)) == []
