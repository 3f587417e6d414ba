"""Filling gaps: any earlier text, with the authors of every character, and nothing lost by it."""

import random

import pytest
from pycrdt import Doc, Text

from crdt.errors import StandsAgain, StructureRefused
from crdt.history import fold
from crdt.restoration import Restoration
from crdt.standing import Standing
from crdt.stretches import stretches
from tests.support.people import ROOT, Desk, desk, history, woven
from tests.support.restoring import (
    at,
    authors,
    go_on,
    in_another_order,
    put,
    scattered,
    to_seq,
    towards,
)

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
    sources = [
        (each.source[0], each.source[1] + n)
        for each in stretches(table.live.weave, table.live.ledger)
        for n in range(each.length)
    ]
    assert len(sources) == len(set(sources)), "two living copies of one source"
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


def attempt(table: Desk, wish: Restoration, seq: int, author: str) -> None:
    """Put a wish that may be out of date; what stands again by now is computed again."""
    before = woven(table.live)
    try:
        put(table, wish, author)
    except StandsAgain:
        assert woven(table.live) == before
        put(table, to_seq(table, seq), author)


@pytest.mark.parametrize("seed", range(200))
def test_two_who_restore_while_others_type_end_with_one_text_everywhere(seed: int) -> None:
    chance = random.Random(seed)
    table = history(seed, 20)
    for person in table.people:
        person.act(chance)  # unsent yet
    seqs = [chance.randint(0, len(table.rows)) for _ in range(2)]
    wishes = [to_seq(table, seq, client) for seq, client in zip(seqs, (77, 78), strict=True)]
    go_on(table, chance, 4)
    attempt(table, wishes[0], seqs[0], "eve")
    go_on(table, chance, 3)
    attempt(table, wishes[1], seqs[1], "ada")
    go_on(table, chance, 3)
    table.share()
    agrees(table)
    assert all(str(person.text) == table.live.text() for person in table.people)
    for _ in range(3):
        assert replica(table, chance) == table.live.text()


def test_what_was_never_gone_keeps_its_identity() -> None:
    table = scattered()
    wish = to_seq(table, 1)
    assert [len(str(each.struct.content)) for each in wish.copies] == [6] * 5
    assert wish.deletions == ()
    put(table, wish, "eve")
    stood = [(each.client, each.clock) for each in stretches(table.live.weave, table.live.ledger)]
    assert stood[1::2] == [(100, 6 + 12 * n) for n in range(5)]


def test_an_undone_restore_is_the_text_from_before_it() -> None:
    table = scattered()
    head, before = len(table.rows), authors(table.live)
    put(table, to_seq(table, 1), "eve")
    wish = to_seq(table, head)
    assert not wish.copies
    put(table, wish, "bo")
    assert authors(table.live) == before


def test_restored_text_says_who_wrote_it_and_who_brought_it_back() -> None:
    table = scattered()
    edit = put(table, to_seq(table, 1), "eve")
    assert edit is not None
    assert edit.carried is not None
    told = list(stretches(table.live.weave, table.live.ledger))
    assert {(each.author, each.carried_by) for each in told} == {("ada", "eve"), ("ada", None)}
    assert {each.source[0] for each in told} == {100}


def test_of_what_others_wrote_the_same_author_s_equal_text_is_kept() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "the cat sat")
    table.share()
    bo.delete(4, 7)
    table.share()
    ada.insert(4, "bat")
    table.share()
    wish = to_seq(table, 1)
    assert ["".join(str(each.struct.content) for each in wish.copies)] == ["c"]
    put(table, wish, "eve")
    assert authors(table.live) == [(character, "ada") for character in "the cat sat"]


def test_what_is_only_deleted_carries_nothing() -> None:
    table = desk("ada", "bo")
    table.people[0].insert(0, "one")
    table.share()
    table.people[1].insert(3, " two")
    table.share()
    edit = put(table, to_seq(table, 1), "eve")
    assert edit is not None
    assert (edit.carried, table.live.text()) == (None, "one")


def test_a_wish_that_came_true_meanwhile_is_no_edit() -> None:
    table = desk("ada", "bo")
    table.people[0].insert(0, "one")
    table.share()
    table.people[1].insert(3, " two")
    table.share()
    wish = to_seq(table, 1)
    table.people[1].undo.undo()
    table.share()
    assert put(table, wish, "eve") is None


def test_into_an_article_of_which_all_was_deleted_everything_comes_back() -> None:
    table = desk("ada")
    (ada,) = table.people
    ada.insert(0, "all of it 😀")
    ada.delete(0, 11)
    table.share()
    put(table, towards(table.live, [(100, 0, 12)]), "eve")
    assert table.live.text() == "all of it 😀"


def test_text_that_stands_is_not_brought_back_a_second_time() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    bo.delete(0, 5)
    table.share()
    wish = to_seq(table, 1)
    bo.undo.undo()
    table.share()
    with pytest.raises(StandsAgain):
        put(table, wish, "eve")
    assert not to_seq(table, 1)


def test_text_that_was_never_deleted_cannot_be_copied() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    bo.delete(0, 5)
    table.share()
    wish, other = to_seq(table, 1), desk("ada")
    other.people[0].insert(0, "hello")
    other.share()
    with pytest.raises(StandsAgain):
        put(other, wish, "eve")


def test_a_long_text_that_was_written_again_is_compared_in_lines() -> None:
    table = desk("ada")
    (ada,) = table.people
    lines = [f"Line {n} of a long article.\n" for n in range(1_000)]
    ada.insert(0, "".join(lines))
    table.share()
    ada.delete(0, len("".join(lines)))
    ada.insert(0, "".join([*lines[:500], "Another.\n", *lines[501:]]))
    table.share()
    wish = to_seq(table, 1)
    assert len(wish.copies) < 10
    assert sum(each.struct.length for each in wish.copies) <= len(lines[500])
    put(table, wish, "eve")
    assert table.live.text() == "".join(lines)


def test_a_wanted_half_of_a_pair_is_refused() -> None:
    table = desk("ada")
    (ada,) = table.people
    ada.insert(0, "😀")
    ada.delete(0, 1)
    table.share()
    with pytest.raises(StructureRefused):
        towards(table.live, Standing([(100, 0, 1)]))
