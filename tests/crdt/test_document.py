"""A document applies turns, tells what was new, and says when it is broken."""

import pytest
from pycrdt import Doc

from crdt.document import BrokenDocument, Document
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
