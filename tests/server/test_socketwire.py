"""The wire on a transport of a test: what it reads, sends, holds, and when it gives up."""

import asyncio
import random
from typing import Any

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from server import socketwire
from server.socketwire import FRAMES_AT_ONCE, SocketWire
from server.wire import Loss
from tests.support.live import until

MOST = 1000


class Transport(asyncio.Transport):
    """Keeps what is written; `full` makes it keep it in its buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.unsent = 0
        self.reading = True
        self.ended = ""

    def write(self, data: Any) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def is_closing(self) -> bool:
        return bool(self.ended)

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"


class Ear:
    """A listener that keeps what it hears; it may hold the wire after a message."""

    def __init__(self) -> None:
        self.messages: list[bytes | None] = []
        self.losses: list[Loss] = []
        self.writable_again = 0
        self.slowed_down = 0
        self.hold: SocketWire | None = None

    def received(self, message: bytes | None) -> None:
        self.messages.append(message)
        if self.hold is not None:
            self.hold.hold()

    def slowed(self) -> None:
        self.slowed_down += 1

    def writable(self) -> None:
        self.writable_again += 1

    def lost(self, loss: Loss) -> None:
        self.losses.append(loss)


class Line:
    """A wire between a client's bytes and an ear."""

    def __init__(self, stall_seconds: float = 10.0) -> None:
        conn = ServerProtocol(max_size=MOST, state=OPEN)
        self.transport, self.ear = Transport(), Ear()
        self.spent: list[int] = []
        self.pause = 0.0
        self.wire = SocketWire(self.transport, conn, self.ear, self._spend, stall_seconds)

    def _spend(self, size: int) -> float:
        self.spent.append(size)
        return self.pause

    def comes(self, *frames: Frame) -> None:
        self.wire.data_received(b"".join(frame.serialize(mask=True) for frame in frames))

    def ends(self) -> Loss:
        self.wire.connection_lost(None)
        return self.ear.losses[-1]

    def told(self) -> list[Frame]:
        """The frames that the client has been sent."""
        client = ClientProtocol(parse_uri("ws://x/"), max_size=None, state=OPEN)
        client.receive_data(self.transport.written)
        return [event for event in client.events_received() if isinstance(event, Frame)]


def _binary(data: bytes, *, fin: bool = True) -> Frame:
    return Frame(Opcode.BINARY, data, fin)


async def test_messages_come_out_however_the_bytes_are_cut() -> None:
    lot = random.Random(1)
    messages = [lot.randbytes(lot.choice([0, 1, 125, 126, 400, MOST])) for _ in range(60)]
    stream = b"".join(_binary(message).serialize(mask=True) for message in messages)
    for most in (1, 2, 7, 100, 5000):
        line, position = Line(), 0
        while position < len(stream):
            size = lot.randint(1, most)
            line.wire.data_received(stream[position : position + size])
            position += size
        assert line.ear.messages == messages


async def test_fragments_are_one_message_and_control_frames_may_stand_between_them() -> None:
    line = Line()
    line.comes(
        _binary(b"one ", fin=False),
        Frame(Opcode.PING, b"?"),
        Frame(Opcode.CONT, b"two ", fin=False),
        Frame(Opcode.CONT, b"three"),
        _binary(b"next"),
    )
    assert line.ear.messages == [b"one two three", b"next"]
    assert [frame.opcode for frame in line.told()] == [Opcode.PONG]


async def test_a_message_amid_fragments_breaks_the_rules() -> None:
    line = Line()
    line.comes(_binary(b"one ", fin=False), _binary(b"two"))
    assert line.ear.messages == []
    assert line.told()[-1].opcode is Opcode.CLOSE
    assert line.transport.ended == "closed"
    assert line.ends() == "wrong"


async def test_an_unmasked_frame_breaks_the_rules() -> None:
    line = Line()
    line.wire.data_received(_binary(b"words").serialize(mask=False))
    assert line.ear.messages == []
    assert line.ends() == "wrong"


async def test_text_is_told_apart() -> None:
    line = Line()
    line.comes(Frame(Opcode.TEXT, b"words"))
    assert line.ear.messages == [None]


async def test_a_message_that_is_too_large_ends_the_connection_before_it_has_come() -> None:
    line = Line()
    line.wire.data_received(_binary(b"x" * (MOST + 1)).serialize(mask=True)[:20])
    assert line.told()[-1].data[:2] == (1009).to_bytes(2)
    assert line.ends() == "too-large"


async def test_fragments_that_are_too_large_together_end_the_connection() -> None:
    line = Line()
    half = b"x" * (MOST // 2 + 1)
    line.comes(_binary(half, fin=False), Frame(Opcode.CONT, half))
    assert line.ends() == "too-large"


async def test_many_tiny_fragments_are_kept_as_their_bytes_alone() -> None:
    line = Line()
    line.comes(_binary(b"", fin=False))
    for _ in range(MOST):
        line.comes(Frame(Opcode.CONT, b"x", fin=False))
    assert line.wire._message == b"x" * MOST
    assert line.wire._conn.events == []


async def test_a_client_that_fetches_no_pongs_gets_no_more_of_them() -> None:
    line = Line()
    line.wire.pause_writing()
    line.comes(*[Frame(Opcode.PING, b"?") for _ in range(100)])
    assert line.transport.written == b""
    line.wire.resume_writing()
    line.comes(Frame(Opcode.PING, b"!"))
    assert [frame.data for frame in line.told()] == [b"!"]


async def test_of_one_socket_only_so_many_frames_are_read_before_others_have_their_turn() -> None:
    line = Line()
    line.comes(*[_binary(b"x")] * (2 * FRAMES_AT_ONCE + 1))
    assert len(line.ear.messages) == FRAMES_AT_ONCE
    assert not line.transport.reading
    await until(lambda: len(line.ear.messages) == 2 * FRAMES_AT_ONCE + 1)
    assert line.transport.reading


@pytest.mark.parametrize("closing", [False, True])
async def test_no_more_is_read_from_a_socket_while_frames_of_it_wait(*, closing: bool) -> None:
    line = Line()
    line.wire.hold()
    if closing:
        line.wire.close(1012, "later")
    most, flood = 0, _binary(b"x").serialize(mask=True) * 3 * FRAMES_AT_ONCE
    line.wire.data_received(flood)
    line.wire.release()
    for _ in range(200):
        if line.transport.reading:
            line.wire.data_received(flood)
        most = max(most, len(line.wire._buffer))
        await asyncio.sleep(0)
    assert most <= len(flood)
    line.wire.connection_lost(None)


async def test_nothing_is_received_while_somebody_holds_and_nothing_is_lost() -> None:
    line = Line()
    line.ear.hold = line.wire
    line.comes(_binary(b"one"), _binary(b"two"))
    line.comes(_binary(b"three"))
    assert line.ear.messages == [b"one"]
    assert not line.transport.reading
    line.wire.hold()
    line.wire.release()
    assert not line.transport.reading
    line.wire.release()
    await until(lambda: len(line.ear.messages) == 2)
    line.ear.hold = None
    line.wire.release()
    await until(lambda: line.ear.messages == [b"one", b"two", b"three"])
    assert line.transport.reading


async def test_the_first_farewell_counts_and_nothing_is_sent_after_it() -> None:
    line = Line()
    line.wire.close(4400, "first")
    line.wire.close(4401, "second")
    line.wire.send(b"\x82\x01x")
    (farewell,) = line.told()
    assert farewell.data == (4400).to_bytes(2) + b"first"
    assert line.transport.ended == ""


async def test_what_comes_after_a_farewell_is_not_received_but_its_answer_ends_it() -> None:
    line = Line()
    line.wire.hold()
    line.wire.close(4400, "bye")
    await until(lambda: line.transport.reading)
    line.comes(_binary(b"late"), Frame(Opcode.CLOSE, (4400).to_bytes(2)))
    assert line.ear.messages == []
    assert line.transport.ended == "closed"
    assert line.ends() == "closed"


async def test_who_does_not_answer_a_farewell_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socketwire, "FAREWELL_SECONDS", 0.01)
    line = Line()
    line.wire.close(1012, "later")
    await until(lambda: line.transport.ended == "aborted")


async def test_the_clients_farewell_is_answered() -> None:
    line = Line()
    line.comes(Frame(Opcode.CLOSE, (1000).to_bytes(2)))
    assert line.told()[-1].opcode is Opcode.CLOSE
    assert line.transport.ended == "closed"


async def test_a_full_socket_that_takes_nothing_is_cut_off() -> None:
    line = Line(stall_seconds=0.01)
    line.transport.unsent = 100
    line.wire.pause_writing()
    assert not line.wire.ready
    await until(lambda: line.transport.ended == "aborted")
    assert line.ends() == "stalled"


async def test_a_slow_reader_that_goes_on_reading_is_not_cut_off() -> None:
    line = Line(stall_seconds=0.01)
    line.transport.unsent = 100
    line.wire.pause_writing()
    for left in range(99, 90, -1):
        line.transport.unsent = left
        before = line.wire._stall._timer
        await until(lambda before=before: line.wire._stall._timer is not before)
    assert line.transport.ended == ""
    line.wire.resume_writing()
    assert line.ear.writable_again == 1
    assert line.wire._stall._timer is None


async def test_a_client_that_is_silent_is_cut_off_and_one_that_answers_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socketwire, "PING_SECONDS", 0.01)
    silent, alive, held = Line(), Line(), Line()
    held.wire.hold()
    write = alive.transport.write

    def write_and_answer(data: bytes) -> None:
        write(data)
        asyncio.get_running_loop().call_soon(alive.comes, Frame(Opcode.PONG, b""))

    monkeypatch.setattr(alive.transport, "write", write_and_answer)
    await until(lambda: silent.transport.ended == "aborted")
    assert silent.ends() == "silent"
    await until(lambda: len(held.told()) > 2)
    assert alive.transport.ended == held.transport.ended == ""
    assert alive.told()[0].opcode is Opcode.PING


async def test_a_lost_wire_is_not_ready_and_is_told_of_once() -> None:
    line = Line()
    line.wire.pause_writing()
    assert line.ends() == "closed"
    assert not line.wire.ready
    assert line.ear.losses == ["closed"]
    line.wire.send(b"\x82\x01x")
    assert line.transport.written == b""


async def test_every_frame_is_counted_whatever_it_is() -> None:
    line = Line()
    line.comes(_binary(b"xy"), Frame(Opcode.PING, b""), Frame(Opcode.TEXT, b"words"))
    assert line.spent == [8, 6, 11]


async def test_who_sends_too_much_is_told_and_not_read_for_a_while() -> None:
    line = Line()
    line.pause = 0.01
    line.comes(_binary(b"one"), _binary(b"two"))
    assert line.ear.messages == [b"one"]
    assert not line.transport.reading
    await until(lambda: line.ear.messages == [b"one", b"two"])
    assert line.ear.slowed_down == 2
    await until(lambda: line.transport.reading)
