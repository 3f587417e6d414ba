"""Stretches: the visible text and all that the ledger says of it."""

import pytest

from crdt.livearticle import LiveArticle
from crdt.spans import joined
from crdt.stretches import Stretch, stretches
from crdt.utf16 import utf16_length
from tests.support.people import MINUTE, ROOT, Desk, desk, history, live_article


def told(live: LiveArticle) -> list[Stretch]:
    return list(stretches(live.weave, live.ledger))


def told_on(table: Desk) -> list[tuple[str, str, str | None]]:
    return [(each.text, each.author, each.carried_by) for each in told(table.live)]


def test_an_empty_article_has_none() -> None:
    assert told(live_article()) == []


def test_a_stretch_says_who_wrote_its_text_and_when() -> None:
    table = desk("ada", "bo")
    table.people[0].insert(0, "ab😀")
    table.share()
    table.people[1].insert(1, "xy")
    table.share()
    assert told(table.live) == [
        Stretch(100, 0, 1, "a", "ada", 0, (100, 0), None, None),
        Stretch(101, 0, 2, "xy", "bo", MINUTE, (101, 0), None, None),
        Stretch(100, 1, 3, "b😀", "ada", 0, (100, 1), None, None),
    ]


def test_what_one_author_wrote_in_two_minutes_is_two_stretches() -> None:
    table = desk("ada", "bo")
    ada, _ = table.people
    ada.insert(0, "ab")
    table.share()
    ada.insert(2, "cd")
    table.share()
    assert [(each.text, each.at_ms) for each in told(table.live)] == [("ab", 0), ("cd", MINUTE)]


def test_deleted_text_marks_and_what_went_are_in_no_stretch() -> None:
    table = desk("ada")
    (ada,) = table.people
    ada.insert(0, "abcd")
    ada.embolden(0, 2)
    ada.delete(1, 3)
    table.share()
    assert [(each.text, each.clock) for each in told(table.live)] == [("a", 0), ("d", 3)]


def test_carried_text_says_where_it_comes_from_and_who_brought_it_back() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    bo.delete(1, 4)
    table.share()
    bo.undo.undo()
    table.share()
    hello = told(table.live)
    assert [each.text for each in hello] == ["h", "ell", "o"]
    assert hello[1] == Stretch(101, 0, 3, "ell", "ada", 0, (100, 1), "bo", 2 * MINUTE)


def test_what_continues_is_one_stretch_however_its_blocks_are_cut() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "abcdef")
    table.share()
    bo.insert(3, "x")
    table.share()
    bo.delete(3, 4)
    table.share()
    assert told_on(table) == [("abcdef", "ada", None)]


@pytest.mark.parametrize("seed", range(30))
def test_stretches_cover_the_text_and_name_the_authors_of_the_spans(seed: int) -> None:
    table = history(seed)
    found = told(table.live)
    assert "".join(each.text for each in found) == table.live.text()
    assert joined((len(each.text), each.author) for each in found) == table.live.spans()
    assert all(each.length == utf16_length(each.text) for each in found)
    assert all((each.source != each[:2]) == (each.carried_by is not None) for each in found)


@pytest.mark.parametrize("seed", range(30))
def test_an_article_from_its_log_or_a_checkpoint_has_equal_stretches(seed: int) -> None:
    table = history(seed)
    again = live_article()
    again.replay(table.rows)
    restored = LiveArticle(ROOT, {}, 100, table.live.state())
    assert told(again) == told(restored) == told(table.live)
