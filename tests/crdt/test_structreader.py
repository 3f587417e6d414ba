"""Structs as they are read: every field in its place, every section without a gap."""

import pytest

from crdt.errors import UpdateTooLarge
from crdt.limits import UpdateLimits
from crdt.structreader import read_structs
from crdt.structs import Kind, Struct
from tests.support.forging import Section, item, text
from tests.support.wire import string, uint

CLIENT = 2**40 + 5


def written(*sections: Section) -> bytes:
    parts = [uint(len(sections))]
    for section in sections:
        parts += [uint(len(section.structs)), uint(section.client), uint(section.clock)]
        parts += section.structs
    return b"".join(parts)


def read(data: bytes, **limits: int) -> tuple[Struct, ...]:
    structs, end = read_structs(b"\xff" + data, 1, UpdateLimits(**limits))
    assert end == 1 + len(data)
    return structs


def read_one(struct: bytes, clock: int = 3) -> Struct:
    (found,) = read(written(Section(CLIENT, clock, [struct])))
    return found


def test_no_structs_are_one_byte() -> None:
    assert read(b"\x00") == ()


def test_a_string_has_the_length_of_its_utf16() -> None:
    assert read_one(text("ß😀", (9, 4), (CLIENT, 1))) == Struct(
        CLIENT, 3, 3, Kind.STRING, (9, 4), (CLIENT, 1), None, None, "ß😀"
    )


def test_an_origin_may_be_the_same_clients() -> None:
    assert read_one(text("a", (CLIENT, 2))).origin == (CLIENT, 2)


def test_a_client_whose_number_begins_like_another_is_not_that_one() -> None:
    assert read_one(text("a", (CLIENT + 2**41, 2))).origin == (CLIENT + 2**41, 2)


def test_a_right_origin_alone_is_a_place() -> None:
    struct = read_one(text("a", None, (9, 0)))
    assert (struct.origin, struct.right_origin, struct.parent) == (None, (9, 0), None)


def test_a_root_is_a_name() -> None:
    assert read_one(item(Kind.STRING, string("a"), root="ß")).parent == "ß"


def test_a_parent_may_be_an_id() -> None:
    struct = read_one(bytes([Kind.STRING, 0]) + uint(9) + uint(300) + string("a"))
    assert struct.parent == (9, 300)


def test_a_key_follows_the_parent() -> None:
    struct = read_one(bytes([Kind.ANY | 0x20, 1]) + string("map") + string("key") + b"\x01\x78")
    assert (struct.parent, struct.parent_sub, struct.content) == ("map", "key", b"\x01\x78")


def test_a_key_is_not_written_where_an_origin_stands_for_it() -> None:
    struct = read_one(bytes([Kind.ANY | 0xA0]) + uint(9) + uint(4) + b"\x01\x78")
    assert (struct.origin, struct.parent, struct.parent_sub) == ((9, 4), None, None)


@pytest.mark.parametrize("kind", [Kind.GC, Kind.SKIP])
def test_a_struct_outside_the_document_is_only_long(kind: Kind) -> None:
    assert read_one(bytes([kind]) + uint(300)) == Struct(
        CLIENT, 3, 300, kind, None, None, None, None, b""
    )


def test_deleted_content_is_only_long() -> None:
    struct = read_one(item(Kind.DELETED, uint(300), (9, 4)))
    assert (struct.length, struct.content) == (300, b"")


def test_other_content_is_kept_as_it_was_written() -> None:
    content = string("bold") + string("true")
    assert read_one(item(Kind.FORMAT, content, (9, 4))).content == content


def test_structs_follow_each_other() -> None:
    structs = read(
        written(
            Section(9, 5, [text("a😀"), b"\x00\x04", text("b", (9, 0))]),
            Section(7, 0, [text("c")]),
        )
    )
    assert [(s.client, s.clock) for s in structs] == [(9, 5), (9, 8), (9, 12), (7, 0)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (written(Section(7, 0, [])), "brings nothing"),
        (written(Section(7, 0, [text("a")]), Section(7, 1, [text("b")])), "twice"),
        (written(Section(7, 0, [text("")])), "empty"),
        (written(Section(7, 0, [b"\x00\x00"])), "empty"),
        (written(Section(7, 0, [b"\x0a\x00"])), "empty"),
        (written(Section(7, 0, [item(Kind.DELETED, uint(0))])), "empty"),
        (written(Section(7, 0, [item(Kind.ANY, uint(0))])), "empty"),
        (written(Section(7, 2**31 - 1, [text("a")])), "2\\^31"),
        (written(Section(7, 0, [b"\x00" + uint(2**31)])), "2\\^31"),
        (written(Section(7, 0, [b"\x00" + uint(2**53)])), "larger than"),
        (written(Section(2**53 + 7, 0, [text("a")])), "larger than"),
        (written(Section(7, 0, [text("a", (9, 2**31))])), "2\\^31"),
        (written(Section(7, 0, [text("a", (2**53, 0))])), "larger than"),
        (written(Section(7, 0, [bytes([Kind.STRING, 2]) + string("r") + string("a")])), "neither"),
        (written(Section(7, 0, [item(0x14, string("a"))])), "unknown kind"),
        (written(Section(7, 0, [item(0x1F, string("a"), (9, 1))])), "unknown kind"),
        (written(Section(7, 0, [item(0x0B, string("a"))])), "unknown kind"),
        (written(Section(7, 0, [item(Kind.GC, uint(1), (9, 1))])), "unknown kind"),
        (written(Section(7, 0, [item(Kind.SKIP, uint(1), (9, 1))])), "unknown kind"),
        (written(Section(7, 0, [bytes([0x20, 1]) + string("t") + string("k") + b"\x01"])), "kind"),
        (written(Section(7, 0, [bytes([0x84, 0x81, 0]) + string("a")])), "longer than"),
    ],
)
def test_what_no_writer_writes_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(data)


def test_a_struct_may_reach_the_last_clock() -> None:
    assert read_one(text("a"), clock=2**31 - 2).clock == 2**31 - 2


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (uint(2**29), {}),
        (uint(3), {"clients": 2}),
        (uint(1) + uint(2**29), {}),
        (written(Section(9, 0, [text("a")] * 2), Section(7, 0, [text("a")])), {"structs": 2}),
    ],
)
def test_counts_are_refused_before_anything_is_read(data: bytes, limits: dict[str, int]) -> None:
    with pytest.raises(UpdateTooLarge):
        read(data, **limits)


def test_a_section_that_ends_too_early_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        read(written(Section(7, 0, [text("abc")]))[:-1])
