"""Edits that were admitted apart: when both orders in the log are one history."""

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import ContentAttribute, IdMap

from crdt.concurrency import commute, contradicts
from crdt.deletions import Deletion
from crdt.edit import Edit
from crdt.structs import ID, Kind, Struct


def typed(client: int, clock: int, text: str, right: ID | None = None) -> Struct:
    length = len(text.encode("utf-16-le")) // 2
    return Struct(client, clock, length, Kind.STRING, None, right, "content", None, text)


def edit(*structs: Struct, deleted: tuple[Deletion, ...] = (), carried: bool = False) -> Edit:
    kept = IdMap()
    if carried:
        kept.insert(1, 0, 1, [ContentAttribute("insert", "ada")])
    return Edit("ada", structs, deleted, b"", kept.encode() if carried else None)


def test_edits_of_different_clients_commute() -> None:
    ours, theirs = [edit(typed(1, 0, "abc"))], [edit(typed(2, 0, "abc")), edit(typed(3, 0, "x"))]
    assert commute(ours, theirs)
    assert commute([], theirs)


def test_what_one_client_wrote_one_after_the_other_commutes() -> None:
    assert commute([edit(typed(1, 3, "def"))], [edit(typed(1, 0, "abc"))])


def test_the_same_id_on_both_sides_does_not_commute() -> None:
    theirs = [edit(typed(1, 0, "abc"))]
    assert not commute([edit(typed(1, 2, "cd"))], theirs)
    assert not commute([edit(typed(2, 0, "x"), typed(1, 1, "b"))], theirs)
    assert not commute(theirs, theirs)


def test_a_deletion_of_the_same_id_does_not_commute() -> None:
    theirs = [edit(deleted=(Deletion(1, 5, 10),))]
    assert not commute([edit(deleted=(Deletion(1, 14, 1),))], theirs)
    assert not commute([edit(deleted=(Deletion(1, 0, 90),))], theirs)
    assert commute([edit(deleted=(Deletion(1, 15, 1), Deletion(1, 0, 5)))], theirs)
    assert commute([edit(typed(1, 5, "inserted, not deleted"))], theirs)


def test_two_who_carry_text_at_once_do_not_commute() -> None:
    one, other = edit(typed(1, 0, "a"), carried=True), edit(typed(2, 0, "b"), carried=True)
    assert not commute([one], [other])
    assert commute([one], [edit(typed(2, 0, "b"))])


ranges = st.lists(
    st.builds(Deletion, st.integers(1, 3), st.integers(0, 30), st.integers(1, 6)), max_size=6
)


@given(ranges, ranges)
def test_ranges_meet_when_they_have_an_id_in_common(
    one: list[Deletion], other: list[Deletion]
) -> None:
    ids = [
        {(d.client, d.clock + n) for d in side for n in range(d.length)} for side in (one, other)
    ]
    inserted = [
        [edit(*(typed(d.client, d.clock, "x" * d.length) for d in side))] for side in (one, other)
    ]
    deleted = [[edit(deleted=tuple(side))] for side in (one, other)]
    assert commute(*inserted) is commute(*deleted) is not bool(ids[0] & ids[1])


def test_the_same_again_is_no_contradiction() -> None:
    theirs = [typed(1, 0, "abc"), typed(1, 3, "d😀f")]
    assert not contradicts([typed(1, 2, "cd")], theirs)
    assert not contradicts([typed(1, 4, "😀fgh")], theirs)
    assert not contradicts([typed(2, 0, "xyz")], theirs)


def test_other_text_under_the_same_id_is_a_contradiction() -> None:
    theirs = [typed(1, 0, "abc"), typed(1, 3, "def", (9, 9))]
    assert contradicts([typed(2, 0, "x"), typed(1, 2, "Cd")], theirs)
    assert contradicts([typed(1, 3, "def")], theirs)
    embed = Struct(1, 1, 1, Kind.EMBED, None, None, "content", None, b"\x02{}")
    assert contradicts([embed], theirs)


def test_what_was_deleted_meanwhile_may_have_been_forgotten() -> None:
    forgotten = Struct(1, 0, 3, Kind.DELETED, None, None, "content", None, b"")
    assert not contradicts([forgotten], [typed(1, 0, "abc")])
    assert not contradicts([typed(1, 0, "abc")], [forgotten])
