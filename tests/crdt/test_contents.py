"""Contents that are not strings: their length in clocks, and where they end."""

import pytest

from crdt.contents import drop_elements, skip_content
from crdt.errors import UpdateTooLarge
from crdt.limits import Allowance
from crdt.structs import Kind
from tests.support.wire import array, string, uint

ONE, TRUE, LIST = b"\x7d\x01", b"\x78", b"\x75\x01\x7e"


def measure(kind: int, content: bytes) -> tuple[int, int]:
    return skip_content(kind, content + b"\x01\x02", 0, Allowance(64, 1000))


@pytest.mark.parametrize(
    ("kind", "content", "length"),
    [
        (Kind.DELETED, uint(300), 300),
        (Kind.JSON, uint(3) + string('{"a":[]}') + string("undefined") + string("1"), 3),
        (Kind.BINARY, array(b"\x00\xff"), 1),
        (Kind.EMBED, string('{"image":"a.png"}'), 1),
        (Kind.FORMAT, string("bold") + string("true"), 1),
        (Kind.TYPE, b"\x00", 1),
        (Kind.TYPE, b"\x01", 1),
        (Kind.TYPE, b"\x02", 1),
        (Kind.TYPE, b"\x03" + string("p"), 1),
        (Kind.TYPE, b"\x04", 1),
        (Kind.TYPE, b"\x05" + string("hook"), 1),
        (Kind.TYPE, b"\x06", 1),
        (Kind.ANY, uint(3) + ONE + LIST + TRUE, 3),
        (Kind.DOC, string("guid") + b"\x76\x01" + string("gc") + b"\x79", 1),
    ],
)
def test_a_content_has_a_length_and_an_end(kind: int, content: bytes, length: int) -> None:
    assert measure(kind, content) == (length, len(content))


@pytest.mark.parametrize("kind", [0, 4, 10, *range(11, 32)])
def test_an_unknown_kind_is_refused(kind: int) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        measure(kind, uint(1))


@pytest.mark.parametrize("reference", [7, 9, 15, 200])
def test_an_unknown_shared_type_is_refused(reference: int) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        measure(Kind.TYPE, uint(reference))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.JSON, uint(1) + string("undefine")),
        (Kind.EMBED, string("undefined")),
        (Kind.FORMAT, string("bold") + string("NaN")),
    ],
)
def test_json_that_is_none_is_refused(kind: int, content: bytes) -> None:
    with pytest.raises(ValueError, match="not valid JSON"):
        measure(kind, content)


@pytest.mark.parametrize("kind", [Kind.JSON, Kind.ANY])
def test_a_count_is_refused_before_its_elements_are_read(kind: int) -> None:
    with pytest.raises(UpdateTooLarge):
        skip_content(kind, uint(2**29) + b"\x7e" * 2000, 0, Allowance(64, 1000))


def test_elements_of_any_fall_away_from_the_front() -> None:
    assert drop_elements(Kind.ANY, uint(3) + ONE + LIST + TRUE, 2) == uint(1) + TRUE


def test_elements_of_json_fall_away_from_the_front() -> None:
    content = uint(3) + string("[1]") + string("undefined") + string("2")
    assert drop_elements(Kind.JSON, content, 1) == uint(2) + string("undefined") + string("2")
