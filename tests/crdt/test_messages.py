"""Messages both ways: as y-websocket writes and reads them, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import ContentAttribute

from crdt.attribution import Attribution
from crdt.errors import MalformedMessage
from crdt.limits import MAX_CLOCK
from crdt.messages import (
    Entry,
    Presence,
    PresenceQuery,
    SyncStep1,
    SyncUpdate,
    decode_message,
    encode_attribution,
    encode_presence,
    encode_refusal,
    encode_step_1,
    encode_step_2,
    encode_sync_update,
)
from tests.support import wire
from tests.support.ledger import Ledger

entries = st.builds(
    Entry,
    st.integers(0, 2**53 - 1),
    st.integers(0, MAX_CLOCK),
    st.text(st.characters(exclude_categories=["Cs"])),
)


def presence(*body: bytes) -> bytes:
    return wire.uint(wire.AWARENESS) + wire.array(b"".join(body))


def test_a_step_1_is_both_ways() -> None:
    assert encode_step_1(b"sv") == wire.sync(wire.STEP_1, b"sv")
    assert decode_message(encode_step_1(b"sv"), 0) == SyncStep1(b"sv")


def test_a_step_2_and_an_update_are_the_same_to_us() -> None:
    assert encode_step_2(b"u") == wire.sync(wire.STEP_2, b"u")
    assert encode_sync_update(b"u") == wire.sync(wire.UPDATE, b"u")
    assert decode_message(encode_step_2(b"u"), 0) == SyncUpdate(b"u")
    assert decode_message(encode_sync_update(b"u"), 0) == SyncUpdate(b"u")


def test_a_query_is_one_byte() -> None:
    assert decode_message(b"\x03", 0) == PresenceQuery()


@given(st.lists(entries, max_size=4))
def test_presence_is_both_ways(shown: list[Entry]) -> None:
    assert decode_message(encode_presence(iter(shown)), 4) == Presence(tuple(shown))


def test_presence_is_read_as_clients_write_it() -> None:
    states: list[tuple[int, int, Any]] = [(2**40, 300, {"user": {"name": "Zoë 😀"}}), (7, 1, None)]
    message = decode_message(wire.awareness(*states), 2)
    assert isinstance(message, Presence)
    assert [(c, k, json.loads(s)) for c, k, s in message.entries] == states


def test_a_refusal_is_a_denial_of_y_websockets_auth_protocol() -> None:
    assert encode_refusal("read-only: Nö.") == b"\x02\x00" + wire.string("read-only: Nö.")


def test_attribution_is_read_as_clients_read_it() -> None:
    told = Attribution()
    told.inserts.insert(7, 3, 2, [ContentAttribute("insert", "ada")])
    told.deletes.insert(9, 0, 1, [ContentAttribute("delete", "bo")])
    reader = wire.Reader(encode_attribution(300, told, '{"ada": {"name": "Ada"}}'))
    assert reader.uint() == wire.ATTRIBUTION
    ledger = Ledger()
    ledger.read(reader)
    assert reader.done()
    assert ledger.seq == 300
    assert ledger.inserted == {(7, 3): "ada", (7, 4): "ada"}
    assert ledger.deleted == {(9, 0): "bo"}
    assert ledger.names == {"ada": {"name": "Ada"}}


MALFORMED = [
    (b"", "ends too early"),
    (b"\x00", "ends too early"),
    (b"\x00\x00", "ends too early"),
    (b"\x00\x02\x05abcd", "ends too early"),
    (b"\x00\x03\x00", "Sync message type 3"),
    (b"\x00\x02\x01ab", "followed by other bytes"),
    (b"\x03\x03", "followed by other bytes"),
    (b"\x80\x00\x00\x00", "longer than it needs"),
    (b"\x02\x00\x00", "Message type 2"),
    (b"\x50\x00\x00\x00\x00", "Message type 80"),
    (b"\x05art-1\x02\x00\x03tok", "Message type 5"),
    (presence(), "ends too early"),
    (presence(b"\x01\x07\x01"), "ends too early"),
    (presence(b"\x01\x07\x01\x02\xff\xff"), "UTF-8"),
    (presence(b"\x01\x07", wire.uint(MAX_CLOCK + 1), b"\x00"), "clock of a presence"),
    (presence(b"\x01", wire.uint(2**53), b"\x01\x00"), "2\\^53"),
    (presence(b"\x00\x00"), "followed by other bytes"),
    (presence(b"\x03"), "too many clients"),
    (presence(b"\x00") + b"\x00", "followed by other bytes"),
]


@pytest.mark.parametrize(("data", "reason"), MALFORMED)
def test_everything_else_is_malformed(data: bytes, reason: str) -> None:
    with pytest.raises(MalformedMessage, match=reason):
        decode_message(data, 2)


@given(st.binary(max_size=40))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        decode_message(data, 2)
    except MalformedMessage as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - most bytes are refused, some are not
