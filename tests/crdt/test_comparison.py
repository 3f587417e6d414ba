"""Comparison: what came, went and moved between two points of the log."""

import random
from itertools import pairwise

import pytest

from crdt.comparison import Change, comparison
from crdt.standing import standing
from tests.support.people import MINUTE, Desk, desk, history
from tests.support.restoring import at, authors, go_on, put, to_seq

SENTENCE = "Genes are read by proteins. "


def compared(table: Desk, earlier: int, later: int | None = None) -> list[Change]:
    live = at(table.rows, len(table.rows) if later is None else later)
    return comparison(live.weave, live.ledger, standing(at(table.rows, earlier).weave))


def told(changes: list[Change]) -> list[tuple[object, ...]]:
    return [(each.kind, each.text, each.author, each.deleted_by, each.move) for each in changes]


def test_between_a_point_and_itself_nothing_changed() -> None:
    table = history(1)
    assert compared(table, len(table.rows)) == []


def test_what_came_and_what_went_have_names_times_and_places() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "one 😀 two")
    table.share()
    bo.delete(2, 5)
    bo.insert(2, "x😀")
    table.share()
    assert compared(table, 1) == [
        Change("deleted", 2, 2, "e 😀", "ada", 0, None, "bo", MINUTE, None),
        Change("inserted", 2, 5, "x😀", "bo", MINUTE, None, None, None, None),
    ] or compared(table, 1) == [
        Change("inserted", 2, 2, "x😀", "bo", MINUTE, None, None, None, None),
        Change("deleted", 2, 4, "e 😀", "ada", 0, None, "bo", MINUTE, None),
    ]


def test_what_was_deleted_and_undone_did_not_change() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    bo.delete(1, 4)
    table.share()
    bo.undo.undo()
    table.share()
    assert compared(table, 1) == []
    assert told(compared(table, 2)) == [("inserted", "ell", "ada", None, None)]
    assert compared(table, 2)[0].carried_by == "bo"


def test_what_was_restored_did_not_change() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello world")
    table.share()
    bo.delete(0, 11)
    bo.insert(0, "nothing")
    table.share()
    put(table, to_seq(table, 1), "eve")
    assert compared(table, 1) == []
    assert {each.author for each in compared(table, 2)} == {"ada", "bo"}


def test_a_passage_that_was_cut_and_pasted_has_moved() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, f"First. {SENTENCE}Last. ")
    table.share()
    bo.delete(7, 7 + len(SENTENCE))
    bo.insert(13, SENTENCE)
    table.share()
    assert told(compared(table, 1)) == [
        ("deleted", SENTENCE, "ada", "bo", 1),
        ("inserted", SENTENCE, "bo", None, 1),
    ]


def test_an_equal_passage_moves_once_and_the_longest_does() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, f"{SENTENCE[:22]}|{SENTENCE}|")
    table.share()
    bo.delete(23, 23 + len(SENTENCE))
    bo.delete(0, 22)
    bo.insert(2, SENTENCE + "and " + SENTENCE)
    table.share()
    changes = compared(table, 1)
    assert [(each.text, each.move) for each in changes if each.kind == "inserted"] == [
        (SENTENCE, 1),
        ("and ", None),
        (SENTENCE[:22], 2),
        (SENTENCE[22:], None),
    ]


def test_a_short_passage_is_told_as_gone_and_come() -> None:
    table = desk("ada")
    (ada,) = table.people
    ada.insert(0, "word. Last.")
    table.share()
    ada.delete(0, 5)
    ada.insert(6, "word.")
    table.share()
    assert [each.move for each in compared(table, 1)] == [None, None]


def test_the_same_words_typed_again_in_their_place_have_not_moved() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, SENTENCE)
    table.share()
    bo.delete(0, len(SENTENCE))
    table.share()
    bo.insert(0, SENTENCE)
    bo.insert(0, "!")
    table.share()
    assert {each.move for each in compared(table, 1)} == {None}


@pytest.mark.parametrize("seed", range(80))
def test_the_changes_turn_the_one_text_into_the_other(seed: int) -> None:
    chance = random.Random(seed)
    table = history(seed, 20)
    put(table, to_seq(table, chance.randint(0, len(table.rows))), "eve")
    go_on(table, chance, 6)
    first, last = sorted(chance.sample(range(len(table.rows) + 1), 2))
    earlier, later = authors(at(table.rows, first)), authors(at(table.rows, last))
    changes = compared(table, first, last)
    for text, kind in ((earlier, "deleted"), (later, "inserted")):
        for each in changes:
            if each.kind == kind:
                here = text[each.start : each.start + len(each.text)]
                assert here == [(character, each.author) for character in each.text]
        text[:] = _without(text, [each for each in changes if each.kind == kind])
    assert earlier == later
    assert _ordered(changes)


def _without(text: list[tuple[str, str]], changes: list[Change]) -> list[tuple[str, str]]:
    changed = {each.start + n for each in changes for n in range(len(each.text))}
    assert len(changed) == sum(len(each.text) for each in changes)
    return [character for n, character in enumerate(text) if n not in changed]


def _ordered(changes: list[Change]) -> bool:
    places = [sorted((each.start, each.opposite)) for each in changes]
    return all(one <= other for one, other in pairwise(places)) or len(places) < 2


@pytest.mark.parametrize("seed", range(80))
def test_both_ends_of_a_move_have_one_text(seed: int) -> None:
    chance = random.Random(seed)
    table = history(seed, 20)
    put(table, to_seq(table, chance.randint(0, len(table.rows))), "eve")
    go_on(table, chance, 6)
    ends: dict[tuple[str, int], str] = {}
    for each in compared(table, chance.randint(0, len(table.rows))):
        if each.move is not None:
            end = (each.kind, each.move)
            ends[end] = ends.get(end, "") + each.text
    for (_, move), text in ends.items():
        assert ends["deleted", move] == ends["inserted", move] == text
