import pytest

from crdt.errors import MalformedUpdate, PresenceRefused, ReadOnly, StructureRefused
from crdt.session import Session
from server.limits import message_limits
from server.member import MOST_PENDING, MOST_PENDING_BYTES, Member
from server.outbox import Parcel
from server.telemetry import Telemetry
from tests.support.live import SETTINGS, Shelf


def _member(most_bytes: int = 1000, sends: int = 0) -> Member:
    session = Session(message_limits(SETTINGS), readonly=False)
    member = Member(session, None, Shelf(), most_bytes, Telemetry(), wants_attribution=False)
    for _ in range(sends):
        member.submitted(1)
    return member


def _wire(member: Member) -> Shelf:
    wire = member._wire
    assert isinstance(wire, Shelf)
    return wire


def test_the_same_refusal_is_told_once() -> None:
    member = _member()
    for _ in range(3):
        member.tell(ReadOnly("You may read."))
    assert len(_wire(member).take(member.outbox)) == 1


def test_a_gap_is_asked_for_once_until_something_comes_in() -> None:
    member = _member(sends=3)
    assert [member.resync(b"\x00"), member.resync(b"\x00")] == [True, False]
    member.stored(1)
    assert member.resync(b"\x00")


def test_after_a_refused_edit_asking_is_of_no_use() -> None:
    member = _member(sends=1)
    member.refused(StructureRefused("No."))
    assert not member.resync(b"\x00")


def test_a_refused_presence_says_nothing_about_edits() -> None:
    member = _member()
    member.tell(PresenceRefused("No."))
    assert not member.stuck


def test_a_malformed_update_ends_the_connection() -> None:
    member = _member(sends=1)
    member.refused(MalformedUpdate("No."))
    assert _wire(member).farewell[0] == 4400  # type: ignore[index]


def test_only_the_first_reason_to_leave_counts() -> None:
    member = _member()
    member.close(ReadOnly("first"))
    member.close(ReadOnly("second"))
    assert str(member.closed) == "first"


@pytest.mark.parametrize("settle", [lambda m: m.stored(1), lambda m: m.refused(ReadOnly("No."))])
def test_a_member_with_many_updates_waiting_is_not_read_until_one_is_settled(
    settle: object,
) -> None:
    member = _member()
    for _ in range(MOST_PENDING - 1):
        member.submitted(1)
    assert _wire(member).holds == 0
    member.submitted(1)
    member.submitted(1)
    assert _wire(member).holds == 1
    settle(member)  # type: ignore[operator]
    assert _wire(member).holds == 1
    settle(member)  # type: ignore[operator]
    assert _wire(member).holds == 0


def test_few_large_updates_are_many_too() -> None:
    member = _member()
    for _ in range(3):
        member.submitted(MOST_PENDING_BYTES // 2)
    assert _wire(member).holds == 1
    member.stored(1)
    assert _wire(member).holds == 1
    member.stored(1)
    member.stored(1)
    assert _wire(member).holds == 0
    assert member._pending_bytes == 0


def test_an_overflow_is_counted_once_until_the_member_has_caught_up() -> None:
    member = _member(100)
    for _ in range(10):
        member.put(Parcel.of(b"x" * 60, seq=1))
    assert member._telemetry.overflowed._value.get() == 1
