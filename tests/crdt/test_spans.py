"""Spans: who wrote the visible text, in code points."""

from crdt.spans import Span, joined
from tests.support.people import desk


def test_neighbours_of_one_author_are_one_span() -> None:
    pieces = [(1, "ada"), (2, "ada"), (3, "bo"), (1, "ada")]
    assert joined(pieces) == [Span(0, 3, "ada"), Span(3, 3, "bo"), Span(6, 1, "ada")]
    assert joined([]) == []


def test_spans_are_counted_in_code_points() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "😀😀é")
    table.share()
    bo.insert(1, "日😀")
    table.share()
    assert table.live.text() == "😀日😀😀é"
    assert table.live.spans() == [Span(0, 1, "ada"), Span(1, 2, "bo"), Span(3, 2, "ada")]


def test_deleted_text_and_marks_have_no_span() -> None:
    table = desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "abcd")
    table.share()
    bo.insert(2, "xy")
    table.share()
    ada.embolden(0, 4)
    ada.delete(2, 4)
    table.share()
    assert table.live.spans() == [Span(0, 4, "ada")]


def test_what_one_author_wrote_under_two_client_ids_is_one_span() -> None:
    table = desk("ada", "ada")
    first, second = table.people
    first.insert(0, "ab")
    table.share()
    second.insert(2, "cd")
    table.share()
    assert table.live.spans() == [Span(0, 4, "ada")]
