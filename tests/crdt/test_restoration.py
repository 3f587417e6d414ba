"""Restoration: any earlier text, with the authors of every character, and nothing lost by it."""

import random

import pytest
from pycrdt import Doc, Text

from crdt.history import fold
from tests.support.people import ROOT, Desk, history
from tests.support.restoring import at, authors, go_on, in_another_order, put, to_seq

BLOCKS = 20


def replica(table: Desk, chance: random.Random) -> str:
    """The text of a stock replica that gets the rows in another order."""
    doc: Doc[Text] = Doc()
    text = doc.get(ROOT, type=Text)
    for edit in in_another_order(table.rows, chance):
        doc.apply_update(edit.payload)
    return str(text)


def restore_some(table: Desk, chance: random.Random) -> None:
    """Restore a random revision, and see that it is the same, character by character."""
    seq = chance.randint(0, len(table.rows))
    put(table, to_seq(table, seq), chance.choice(["ada", "eve"]))
    assert authors(table.live) == authors(at(table.rows, seq))
    assert not to_seq(table, seq), "restored twice, it is another difference"


def agrees(table: Desk) -> None:
    """The weave and the document, a fold of the log, and the log loaded again tell the same."""
    folded = fold(ROOT, [table.rows])
    assert (folded.text, list(folded.spans)) == (table.live.text(), table.live.spans())
    assert authors(at(table.rows, len(table.rows))) == authors(table.live)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_in_a_thousand_histories_every_revision_comes_back_with_all_its_authors(
    block: int,
) -> None:
    for seed in range(block * 1_000 // BLOCKS, (block + 1) * 1_000 // BLOCKS):
        chance = random.Random(seed)
        table = history(seed, 14)
        for _ in range(2):
            restore_some(table, chance)
            go_on(table, chance, 4)
        restore_some(table, chance)
        agrees(table)
        assert replica(table, chance) == table.live.text()
