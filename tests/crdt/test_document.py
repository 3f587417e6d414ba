"""A document applies turns, tells what was new, and says when it is broken."""

from collections.abc import Callable
from threading import Thread

import pytest
from pycrdt import Doc

from crdt.document import LONG, BrokenDocument, Document
from tests.support.forging import Forged, insertion, text

FIRST = insertion(7, 0, text("ab"))
SECOND = insertion(7, 2, text("c", (7, 1)))


class PanicException(BaseException):
    __module__ = "pyo3_runtime"


def document() -> Document:
    return Document("content")


def fails_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Document:
    def fail(_: Doc, __: bytes) -> None:
        raise error

    monkeypatch.setattr(Doc, "apply_update", fail)
    return document()


def test_a_turn_is_one_update_with_all_that_was_new() -> None:
    one = document()
    assert one.apply([FIRST, SECOND]) == insertion(7, 0, text("abc"))
    assert one.text() == "abc"


def test_nothing_new_is_no_bytes() -> None:
    one = document()
    one.apply([FIRST])
    assert one.apply([FIRST]) == b""
    assert one.apply([]) == b""


def test_a_pure_deletion_is_new_once() -> None:
    one, deletion = document(), Forged(deleted=[(7, 0, 1)]).encode()
    one.apply([FIRST])
    assert one.apply([deletion]) == deletion
    assert one.apply([deletion]) == b""


def test_a_difference_is_what_the_other_lacks() -> None:
    one = document()
    one.apply([FIRST, SECOND])
    assert one.state_vector() == b"\x01\x07\x03"
    assert one.diff(b"\x01\x07\x02") == SECOND


def test_a_panic_of_yrs_breaks_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BrokenDocument):
        fails_with(monkeypatch, PanicException()).apply([FIRST])


def test_another_failure_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        fails_with(monkeypatch, KeyboardInterrupt()).apply([FIRST])


def test_a_closed_document_keeps_its_text() -> None:
    one = document()
    one.apply([FIRST])
    one.close()
    assert one.text() == "ab"


def test_a_document_may_begin_with_an_update() -> None:
    first = Document("content")
    first.apply([insertion(7, 0, text("abc"))])
    again = Document("content", first.diff(b"\x00"))
    assert (again.text(), again.state_vector()) == ("abc", first.state_vector())
    assert again.apply([insertion(7, 0, text("abc"))]) == b""
    assert again.apply([insertion(7, 3, text("d", (7, 2)))]) == insertion(7, 3, text("d", (7, 2)))


def long() -> Document:
    return Document("content", insertion(7, 0, text("x" * LONG)))


def test_a_long_update_is_not_read_to_be_handed_on() -> None:
    one = long()
    assert one.diff(b"\x00") == insertion(7, 0, text("x" * LONG))
    assert not one.opened


@pytest.mark.parametrize("ask", [Document.open, Document.text, Document.state_vector])
def test_a_long_update_is_read_when_it_is_needed(
    ask: Callable[[Document], object],
) -> None:
    one = long()
    ask(one)
    assert one.opened
    assert one.text() == "x" * LONG
    assert one.diff(b"\x00") == insertion(7, 0, text("x" * LONG))


def test_what_comes_after_a_long_update_finds_it_read() -> None:
    one, more = long(), insertion(7, LONG, text("y", (7, LONG - 1)))
    assert one.apply([more]) == more
    assert one.diff(b"\x01\x07" + bytes([0x80, 0x80, 0x04])) == more


def test_a_document_that_is_closed_before_it_was_read_can_still_tell_all() -> None:
    one = long()
    one.close()
    assert one.text() == "x" * LONG


def test_a_long_update_that_yrs_panics_of_breaks_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = long()

    def fail(_: Doc, __: bytes) -> None:
        raise PanicException

    monkeypatch.setattr(Doc, "apply_update", fail)
    with pytest.raises(BrokenDocument):
        one.open()
    assert not one.opened


def test_several_threads_may_open_it_at_once() -> None:
    one = long()
    threads = [Thread(target=one.open) for _ in range(4)]
    for thread in threads:
        thread.start()
    more = insertion(7, LONG, text("y", (7, LONG - 1)))
    assert one.apply([more]) == more
    for thread in threads:
        thread.join()
    assert one.text() == "x" * LONG + "y"
