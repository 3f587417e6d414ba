"""The suffix of a struct: what Yjs would send of it to a replica that knows the beginning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from crdt.errors import StructureRefused
from crdt.limits import UpdateLimits
from crdt.structs import Kind, Struct
from crdt.suffix import suffix
from crdt.update import decode_update, encode_update

TEXT = Struct(7, 10, 6, Kind.STRING, None, (9, 4), None, None, "aß😀bc")


def test_the_rest_of_a_string_stands_behind_what_was_cut_off() -> None:
    assert suffix(TEXT, 2) == Struct(7, 12, 4, Kind.STRING, (7, 11), (9, 4), None, None, "😀bc")


def test_a_surrogate_pair_is_not_cut() -> None:
    with pytest.raises(StructureRefused):
        suffix(TEXT, 3)


def test_the_rest_needs_no_parent() -> None:
    struct = TEXT._replace(right_origin=None, parent="content", parent_sub="key")
    assert suffix(struct, 1)[4:8] == ((7, 10), None, None, None)


@pytest.mark.parametrize("kind", [Kind.GC, Kind.SKIP])
def test_what_is_outside_the_document_stays_there(kind: Kind) -> None:
    struct = Struct(7, 10, 6, kind, None, None, None, None, b"")
    assert suffix(struct, 2) == struct._replace(clock=12, length=4)


def test_the_rest_of_deleted_content_is_shorter() -> None:
    struct = suffix(TEXT._replace(kind=Kind.DELETED, content=b""), 2)
    assert (struct.clock, struct.length, struct.origin, struct.content) == (12, 4, (7, 11), b"")


def test_the_rest_of_a_list_of_values_is_its_last_values() -> None:
    struct = TEXT._replace(kind=Kind.ANY, length=3, content=b"\x03\x7e\x78\x79")
    assert suffix(struct, 2).content == b"\x01\x79"


edits = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["a", "ß", "bcd", "漢字"])))


@given(edits, st.data())
def test_a_replica_that_knows_the_beginning_takes_the_suffix_for_the_whole(
    typed: list[tuple[int, str]], data: st.DataObject
) -> None:
    writer = Doc(client_id=7)
    text = writer.get("content", type=Text)
    for place, words in [*typed, (0, "at least one")]:
        before = str(text)[:place]
        text.insert(len(before.encode()), words)
    whole = writer.get_update()
    update = decode_update(whole, UpdateLimits())
    cut = data.draw(st.integers(1, sum(s.length for s in update.structs) - 1))
    known = [s if s.clock + s.length <= cut else _prefix(s, cut - s.clock) for s in update.structs]
    rest = [suffix(s, cut - s.clock) if s.clock < cut else s for s in update.structs]
    reader = Doc()
    reader.apply_update(encode_update([s for s in known if s.length > 0], ()))
    reader.apply_update(encode_update([s for s in rest if s.length > 0], update.deletions))
    assert str(reader.get("content", type=Text)) == str(text)
    assert reader.get_state() == writer.get_state()


def _prefix(struct: Struct, length: int) -> Struct:
    assert isinstance(struct.content, str)
    return struct._replace(length=length, content=struct.content[: max(length, 0)])
