"""Structs as they are written: neighbours fused, gaps skipped, nothing else changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.limits import UpdateLimits
from crdt.structreader import read_structs
from crdt.structs import ID, Kind, Struct
from crdt.structwriter import write_structs
from crdt.utf16 import utf16_length


def string(clock: int, text: str, origin: ID | None = None, right: ID | None = None) -> Struct:
    root = None if origin or right else "content"
    return Struct(7, clock, utf16_length(text), Kind.STRING, origin, right, root, None, text)


def bare(kind: Kind, clock: int, length: int, client: int = 7) -> Struct:
    return Struct(client, clock, length, kind, None, None, None, None, b"")


def deleted(clock: int, length: int, origin: ID | None = None) -> Struct:
    root = None if origin else "content"
    return Struct(7, clock, length, Kind.DELETED, origin, None, root, None, b"")


def rewritten(*structs: Struct) -> tuple[Struct, ...]:
    out = bytearray()
    write_structs(out, structs)
    found, end = read_structs(bytes(out), 0, UpdateLimits())
    assert end == len(out)
    return found


PLACES = [
    string(4, "a", (9, 300)),
    string(4, "ß😀", None, (9, 2**31 - 1)),
    string(4, "a", (9, 0), (7, 3)),
    string(4, "a"),
    string(0, "a")._replace(parent=(9, 4)),
    string(0, "a")._replace(parent_sub=""),
    string(0, "a")._replace(parent=(9, 4), parent_sub="key"),
    bare(Kind.GC, 4, 300),
    bare(Kind.SKIP, 4, 300),
    deleted(4, 300, (9, 0)),
    string(4, "")._replace(length=1, kind=Kind.FORMAT, content=b"\x04bold\x04true"),
    string(4, "")._replace(length=2, kind=Kind.ANY, content=b"\x02\x78\x79"),
]


@pytest.mark.parametrize("struct", PLACES)
def test_a_struct_is_read_as_it_was_written(struct: Struct) -> None:
    assert rewritten(struct) == (struct,)


def test_clients_descend_and_clocks_ascend() -> None:
    given = (bare(Kind.GC, 5, 1, 2), string(1, "b"), bare(Kind.GC, 0, 1, 9), deleted(0, 1))
    found = rewritten(*given)
    assert [(s.client, s.clock) for s in found] == [(9, 0), (7, 0), (7, 1), (2, 5)]


def test_typed_characters_become_one_string() -> None:
    structs = [string(3, "a", (9, 1), (9, 2)), string(4, "😀", (7, 3), (9, 2))]
    assert rewritten(*structs, string(6, "b", (7, 5), (9, 2))) == (
        string(3, "a😀b", (9, 1), (9, 2)),
    )


def test_the_first_of_a_run_may_stand_at_the_root() -> None:
    assert rewritten(string(0, "a"), string(1, "b", (7, 0))) == (string(0, "ab"),)


def test_deleted_and_collected_neighbours_become_one() -> None:
    assert rewritten(deleted(0, 2), deleted(2, 3, (7, 1))) == (deleted(0, 5),)
    assert rewritten(bare(Kind.GC, 0, 2), bare(Kind.GC, 2, 3)) == (bare(Kind.GC, 0, 5),)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (string(0, "a"), string(1, "b")),
        (string(0, "a"), string(1, "b", (9, 0))),
        (string(0, "ab"), string(2, "c", (7, 0))),
        (string(0, "a"), string(1, "b", (7, 0), (9, 0))),
        (string(0, "a", None, (9, 0)), string(1, "b", (7, 0))),
        (string(0, "a"), deleted(1, 1, (7, 0))),
        (bare(Kind.GC, 0, 1), deleted(1, 1, (7, 0))),
        (
            string(0, "")._replace(length=1, kind=Kind.EMBED, content=b"\x011"),
            string(1, "", (7, 0))._replace(length=1, kind=Kind.EMBED, content=b"\x011"),
        ),
    ],
)
def test_neighbours_that_do_not_continue_each_other_stay_two(left: Struct, right: Struct) -> None:
    assert rewritten(left, right) == (left, right)


def test_a_gap_is_written_as_a_skip() -> None:
    left, right = string(0, "a"), string(5, "b", (7, 4))
    assert rewritten(right, left) == (left, bare(Kind.SKIP, 1, 4), right)


def test_structs_that_overlap_are_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="overlap"):
        rewritten(string(0, "ab"), string(1, "b", (7, 0)))


def test_a_struct_without_a_place_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="neither an origin nor a parent"):
        rewritten(string(0, "a")._replace(parent=None))


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)


@given(st.lists(texts, min_size=1), st.sampled_from([None, (9, 3)]))
def test_a_run_of_any_length_is_one_string(pieces: list[str], right: ID | None) -> None:
    structs, clock = [], 0
    for piece in pieces:
        structs.append(string(clock, piece, (7, clock - 1) if clock else (9, 1), right))
        clock += utf16_length(piece)
    assert rewritten(*reversed(structs)) == (string(0, "".join(pieces), (9, 1), right),)
