"""One connection's protocol: what goes on to the room, what is refused, what is told."""

import pytest

from crdt.encoding import MAX_INTEGER
from crdt.errors import (
    MalformedMessage,
    MalformedUpdate,
    MessageTooLarge,
    ReadOnly,
    Refusal,
    TooEntangled,
    UpdateTooLarge,
)
from crdt.limits import UpdateLimits
from crdt.messages import PresenceQuery, SyncStep1, SyncUpdate
from crdt.session import MOST_TOLD, MessageLimits, Session
from tests.support import wire

LIMITS = MessageLimits(100, 3, UpdateLimits(clients=2))
EDIT = b"\x00\x01\x07\x01\x00\x01"


def session(*, readonly: bool = False) -> Session:
    return Session(LIMITS, readonly=readonly)


def step_1(*vector: int) -> bytes:
    return wire.sync(wire.STEP_1, b"".join(wire.uint(part) for part in vector))


@pytest.mark.parametrize("kind", [wire.STEP_2, wire.UPDATE])
def test_an_update_goes_on_unread(kind: int) -> None:
    assert session().receive(wire.sync(kind, EDIT)) == SyncUpdate(EDIT)


def test_a_state_vector_goes_on() -> None:
    assert session().receive(step_1(1, 7, 300)) == SyncStep1(b"\x01\x07\xac\x02")


def test_a_query_for_presence_goes_on() -> None:
    assert session().receive(b"\x03") == PresenceQuery()


@pytest.mark.parametrize("readonly", [True, False])
def test_the_update_of_who_has_nothing_new_is_nothing(readonly: bool) -> None:  # noqa: FBT001 - a parameter
    assert session(readonly=readonly).receive(wire.sync(wire.STEP_2, b"\x00\x00")) is None


def test_a_reader_may_not_write() -> None:
    with pytest.raises(ReadOnly):
        session(readonly=True).receive(wire.sync(wire.UPDATE, EDIT))


def test_a_reader_may_ask_for_the_document() -> None:
    assert session(readonly=True).receive(step_1(0)) == SyncStep1(b"\x00")


def test_a_message_has_a_largest_size() -> None:
    largest = wire.sync(wire.UPDATE, bytes(97))
    assert len(largest) == 100
    assert session().receive(largest) == SyncUpdate(bytes(97))
    with pytest.raises(MessageTooLarge, match="100 bytes, not 101"):
        session().receive(largest + b"\x00")


def test_a_state_vector_has_a_largest_number_of_clients() -> None:
    with pytest.raises(UpdateTooLarge):
        session().receive(step_1(3, 1, 1, 2, 1, 3, 1))


@pytest.mark.parametrize(
    "vector", [(), (1,), (1, 7), (1, 7, MAX_INTEGER), (2, 7, 1, 7, 1), (0, 0), (2**29,)]
)
def test_a_malformed_state_vector_is_refused(vector: tuple[int, ...]) -> None:
    with pytest.raises((MalformedUpdate, UpdateTooLarge)):
        session().receive(step_1(*vector))


def test_a_message_with_too_many_presences_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        session().receive(wire.awareness(*((client, 1, {}) for client in range(4))))


def test_a_refusal_is_told_as_a_message() -> None:
    assert session().tell(TooEntangled("No.")) == b"\x02\x00" + wire.string("too-entangled: No.")


def test_the_same_refusal_is_told_once() -> None:
    one = session()
    assert one.tell(TooEntangled("No."))
    assert one.tell(TooEntangled("No.")) is None
    assert one.tell(Refusal("No."))


def test_there_is_an_end_to_what_one_connection_is_told() -> None:
    one = session()
    told = [one.tell(TooEntangled(f"No. {number}")) for number in range(MOST_TOLD + 1)]
    assert all(told[:MOST_TOLD])
    assert told[MOST_TOLD] is None
