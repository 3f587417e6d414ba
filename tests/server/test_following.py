from persistence.log import Entry
from server.arrival import Arrival, arrivals_of
from server.following import MOST_AHEAD, Following
from tests.support.forging import insertion, text
from tests.support.stores import NOON

UPDATE = insertion(1, 0, text("x"))


def _rows(*seqs: int) -> list[Arrival]:
    return arrivals_of(Entry(1, seq, "ada", NOON, UPDATE, None) for seq in seqs)


def test_what_comes_next_is_taken_in_order_however_it_came() -> None:
    following = Following()
    assert following.wait(_rows(7, 5))
    assert following.wait(_rows(6, 5))
    rows, gap = following.next(4)
    assert ([row.seq for row in rows], gap) == ([5, 6, 7], False)
    assert following.next(7) == ([], False)


def test_a_gap_is_told_and_what_is_behind_it_is_left_to_the_log() -> None:
    following = Following()
    following.wait(_rows(5, 8, 9))
    rows, gap = following.next(4)
    assert ([row.seq for row in rows], gap) == ([5], True)
    assert following.next(7) == ([], False)


def test_what_the_room_has_already_falls_away() -> None:
    following = Following()
    following.wait(_rows(1, 2, 3))
    assert following.next(3) == ([], False)


def test_too_many_are_left_to_the_log() -> None:
    following = Following()
    assert following.wait(_rows(*range(1, MOST_AHEAD + 1)))
    assert not following.wait(_rows(MOST_AHEAD + 1))
    assert following.next(0) == ([], False)
