"""Edits of one author, made one after the other, are one row."""

from pycrdt import ContentAttribute, IdMap

from crdt.deletions import Deletion
from crdt.edit import Edit, merge_edits
from crdt.limits import UpdateLimits
from crdt.update import decode_update
from tests.support.forging import Forged, Section, text


def edit(author: str, clock: int, *, carried: bool = False) -> Edit:
    section = Section(7, clock, [text("a", (7, clock - 1) if clock else None)])
    data = Forged([section], [(9, clock, 1)]).encode()
    kept = IdMap()
    kept.insert(7, clock, 1, [ContentAttribute("insert", "zoe")])
    update = decode_update(data, UpdateLimits())
    return Edit(author, update.structs, update.deletions, data, kept.encode() if carried else None)


def test_one_edit_stays_as_it_is() -> None:
    one = edit("ada", 0)
    assert merge_edits([one]) == (one,)
    assert merge_edits([]) == ()


def test_neighbours_by_one_author_are_one() -> None:
    (row,) = merge_edits([edit("ada", 0), edit("ada", 1)])
    assert row.clients == {7}
    assert row.deletions == (Deletion(9, 0, 1), Deletion(9, 1, 1))
    assert row.payload == Forged([Section(7, 0, [text("aa")])], [(9, 0, 2)]).encode()
    assert row.carried is None


def test_only_neighbours_are_one() -> None:
    rows = merge_edits([edit("ada", 0), edit("bo", 1), edit("ada", 2)])
    assert [row.author for row in rows] == ["ada", "bo", "ada"]


def test_what_was_carried_stays_so() -> None:
    (row,) = merge_edits(
        [edit("ada", 0, carried=True), edit("ada", 1), edit("ada", 2, carried=True)]
    )
    assert row.carried is not None
    ranges = [(part.start, part.end) for _, part in IdMap.decode(row.carried).entries()]
    assert ranges == [(0, 1), (2, 3)]
