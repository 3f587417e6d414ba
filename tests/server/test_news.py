import pytest

from crdt.errors import MalformedUpdate
from crdt.messages import Entry
from persistence.log import Row
from server.news import (
    WHO_IS_HERE,
    Present,
    Shown,
    Stored,
    WhoIsHere,
    decode_news,
    encode_present,
    encode_stored,
)
from tests.support.forging import insertion, text

UPDATES = [insertion(1, 0, text("é😀")), insertion(2, 0, text("x"))]


def test_rows_come_back_as_they_were_stored() -> None:
    rows = [Row("ada", UPDATES[0], b"carried"), Row("bob", UPDATES[1])]
    news = decode_news(encode_stored(2**40, 1_800_000_000_123, rows))
    assert isinstance(news, Stored)
    told = [(a.seq, a.at_ms, a.edit.author, a.edit.payload, a.edit.carried) for a in news.arrivals]
    assert told == [
        (2**40, 1_800_000_000_123, "ada", UPDATES[0], b"carried"),
        (2**40 + 1, 1_800_000_000_123, "bob", UPDATES[1], None),
    ]
    assert news.arrivals[0].edit.structs[0].content == "é😀"


@pytest.mark.parametrize("whole", [True, False])
def test_presence_comes_back_as_it_was_shown(*, whole: bool) -> None:
    shown = (Shown("ada", Entry(2**53 - 1, 7, '{"a": "é"}')), Shown("bob", Entry(1, 2, "null")))
    news = decode_news(encode_present("process", shown, whole=whole))
    assert news == Present("process", whole, shown)


def test_whoever_asks_who_is_here_says_no_more() -> None:
    assert decode_news(WHO_IS_HERE) == WhoIsHere()


@pytest.mark.parametrize("spoilt", [b"", b"\x09", b"\x00\x01", b"\x01\x05ab"])
def test_what_no_server_of_this_version_says_is_no_news(spoilt: bytes) -> None:
    with pytest.raises((IndexError, ValueError)):
        decode_news(spoilt)


def test_a_row_that_is_no_update_is_no_news() -> None:
    with pytest.raises(MalformedUpdate):
        decode_news(encode_stored(1, 0, [Row("ada", b"\xff")]))
