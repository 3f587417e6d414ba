"""Deleted text: what was taken away, who wrote it, who took it, and whether it came back."""

import random
from collections import Counter

import pytest

from crdt.deleted import Passage, passages, wanted_with
from crdt.spans import Span
from crdt.standing import Standing, standing
from tests.support.people import MINUTE, Desk, desk, history
from tests.support.restoring import authors, go_on, put, to_seq, towards


def gone(table: Desk) -> list[Passage]:
    return passages(table.live.weave, table.live.ledger)


def texts(table: Desk) -> list[str]:
    return [passage.text for passage in gone(table)]


def bring(table: Desk, *passage: Passage, author: str = "eve") -> None:
    ids = Standing(each for one in passage for each in one.ids)
    live = table.live
    put(table, towards(live, wanted_with(live.weave, live.ledger, ids)), author)


def written_by_two() -> Desk:
    """Ada wrote "one 😀 two", and Bo "and " into it."""
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "one 😀 two")
    table.share()
    bo.insert(6, "and ")
    table.share()
    return table


def test_where_nothing_was_deleted_there_is_no_passage() -> None:
    assert gone(written_by_two()) == []


def test_a_passage_tells_its_writers_and_who_deleted_it_and_when() -> None:
    table = written_by_two()
    table.people[1].delete(4, 13)
    table.share()
    (passage,) = gone(table)
    assert passage == Passage(
        ((100, 4, 3), (101, 0, 4), (100, 7, 3)),
        "😀 and two",
        (Span(0, 2, "ada"), Span(2, 4, "bo"), Span(6, 3, "ada")),
        "bo",
        2 * MINUTE,
        4,
    )


def test_what_another_deleted_or_in_another_minute_is_another_passage() -> None:
    table = written_by_two()
    ada, bo = table.people
    bo.delete(0, 2)
    table.share()
    bo.delete(0, 2)
    table.share()
    ada.delete(0, 2)
    table.share()
    assert [(each.text, each.deleted_by) for each in gone(table)] == [
        ("on", "bo"),
        ("e ", "bo"),
        ("😀 ", "ada"),
    ]


def test_text_that_stands_parts_passages() -> None:
    table = written_by_two()
    table.people[0].delete(0, 2)
    table.people[0].delete(1, 3)
    table.share()
    assert texts(table) == ["on", " 😀"]


def test_a_passage_comes_back_to_its_place_and_its_writers() -> None:
    table = written_by_two()
    before = authors(table.live)
    table.people[1].delete(4, 13)
    table.share()
    bring(table, *gone(table))
    assert authors(table.live) == before
    assert gone(table) == []


def test_what_an_undo_brought_back_is_not_deleted_any_more() -> None:
    table = written_by_two()
    table.people[1].delete(4, 13)
    table.share()
    table.people[1].undo.undo()
    table.share()
    assert gone(table) == []


def test_of_a_text_and_its_copies_only_the_last_is_told() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello 😀")
    table.share()
    for _ in range(3):
        bo.delete(0, 7)
        table.share()
        bring(table, *gone(table))
        bo.receive(table.frames)
    ada.receive(table.frames)
    ada.delete(2, 4)
    table.share()
    (passage,) = gone(table)
    assert (passage.text, passage.deleted_by, passage.spans[0].author) == ("ll", "ada", "ada")
    bring(table, passage)
    assert table.live.text() == "hello 😀"


def test_of_a_passage_that_came_back_in_part_the_rest_is_told() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "abcdef")
    table.share()
    bo.delete(0, 6)
    table.share()
    live = table.live
    put(table, towards(live, wanted_with(live.weave, live.ledger, Standing([(100, 2, 2)]))), "eve")
    assert table.live.text() == "cd"
    assert texts(table) == ["ab", "ef"]
    ada.receive(table.frames)
    ada.delete(0, 2)
    table.share()
    assert sorted((each.text, each.deleted_by) for each in gone(table)) == [
        ("ab", "bo"),
        ("cd", "ada"),
        ("ef", "bo"),
    ]


def test_of_a_passage_only_what_is_gone_is_wanted() -> None:
    table = desk("ada")
    (ada,) = table.people
    ada.insert(0, "abcdef")
    ada.delete(1, 3)
    table.share()
    live = table.live
    assert list(wanted_with(live.weave, live.ledger, Standing([(100, 0, 2), (9, 0, 5)]))) == [
        (100, 0, 2),
        (100, 3, 3),
    ]


def characters(passage: Passage) -> list[tuple[str, str]]:
    return [
        (character, span.author)
        for span in passage.spans
        for character in passage.text[span.start : span.start + span.length]
    ]


@pytest.mark.parametrize("seed", range(60))
def test_any_passage_of_any_history_comes_back_and_is_then_told_no_more(seed: int) -> None:
    chance = random.Random(seed)
    table = history(seed, 20)
    put(table, to_seq(table, chance.randint(0, len(table.rows))), "eve")
    go_on(table, chance, 8)
    while found := gone(table):
        passage, before = chance.choice(found), authors(table.live)
        stood = standing(table.live.weave)
        bring(table, passage)
        assert all(standing(table.live.weave).covers(*each) for each in stood)
        assert Counter(authors(table.live)) - Counter(before) == Counter(characters(passage))
        left = Counter(each for one in gone(table) for each in characters(one))
        told = Counter(each for one in found for each in characters(one))
        assert told - left == Counter(characters(passage))
