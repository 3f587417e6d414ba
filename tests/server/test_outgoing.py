import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from server.outgoing import MOST_WAITING, MOST_WAITING_BYTES, Outgoing
from tests.support.buses import until


class Connection:
    """Takes writes while it may."""

    _writer: Any = None

    def __init__(self) -> None:
        self.writes: list[list[tuple[bytes, ...]]] = []
        self.may = asyncio.Event()
        self.may.set()

    def pack_commands(self, commands: Iterable[tuple[bytes, ...]]) -> list[tuple[bytes, ...]]:
        return list(commands)

    async def send_packed_command(self, packed: Any, *, check_health: bool) -> None:
        assert not check_health, "that could connect anew, in silence"
        self.writes.append(packed)
        await self.may.wait()


@asynccontextmanager
async def writing(
    connection: Connection, notice: tuple[bytes, ...] = ()
) -> AsyncIterator[Outgoing]:
    outgoing = Outgoing(cast("Any", connection), notice)
    task = asyncio.create_task(outgoing.write())
    yield outgoing
    task.cancel()


async def test_what_is_put_in_one_turn_goes_out_in_one_write() -> None:
    connection = Connection()
    async with writing(connection) as outgoing:
        assert outgoing.put(b"PUBLISH", b"c", b"1") == 0
        assert outgoing.put(b"PUBLISH", b"c", b"2") == 0
        await until(lambda: bool(connection.writes))
        assert connection.writes == [[(b"PUBLISH", b"c", b"1"), (b"PUBLISH", b"c", b"2")]]
        assert len(outgoing) == 0


async def test_what_is_put_while_a_write_is_under_way_goes_with_the_next() -> None:
    connection = Connection()
    connection.may.clear()
    async with writing(connection) as outgoing:
        outgoing.put(b"1")
        await until(lambda: len(connection.writes) == 1)
        outgoing.put(b"2")
        outgoing.put(b"3")
        connection.may.set()
        await until(lambda: len(connection.writes) == 2)
        assert connection.writes == [[(b"1",)], [(b"2",), (b"3",)]]


async def test_a_connection_that_has_ended_is_a_trouble_of_the_network() -> None:
    class Ended(Connection):
        async def send_packed_command(self, packed: Any, *, check_health: bool) -> None:
            await super().send_packed_command(packed, check_health=check_health)
            raise RuntimeError("the handler is closed")

    outgoing = Outgoing(cast("Any", Ended()))
    outgoing.put(b"1")
    with pytest.raises(ConnectionResetError, match="closed"):
        await outgoing.write()


class Writer:
    """What redis-py keeps of a connection; `buffered` bytes are on their way."""

    buffered = 0

    def __init__(self) -> None:
        self.transport = self
        self.lines: list[Any] = []

    def get_write_buffer_size(self) -> int:
        return self.buffered

    def writelines(self, lines: list[Any]) -> None:
        self.lines += lines


class Open(Connection):
    """Has a writer, as a connection in use has."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._writer = writer

    def pack_command(self, *command: bytes) -> list[bytes]:
        return [b" ".join(command)]


async def test_the_first_of_a_turn_of_the_loop_goes_out_at_once_and_is_not_overtaken() -> None:
    writer = Writer()
    connection = Open(writer)
    async with writing(connection) as outgoing:
        for number in (b"1", b"2", b"3"):
            assert outgoing.put(b"PUBLISH", number) == 0
        assert writer.lines == [b"PUBLISH 1"]
        assert len(outgoing) == 2
        await until(lambda: bool(connection.writes))
        assert connection.writes == [[(b"PUBLISH", b"2"), (b"PUBLISH", b"3")]]
        outgoing.put(b"PUBLISH", b"4")
        assert writer.lines == [b"PUBLISH 1", b"PUBLISH 4"]


async def test_nothing_is_written_at_once_while_something_is_on_its_way() -> None:
    writer = Writer()
    writer.buffered = 1
    outgoing = Outgoing(cast("Any", Open(writer)))
    outgoing.put(b"PUBLISH", b"1")
    assert writer.lines == []
    assert len(outgoing) == 1


async def test_a_writer_that_has_ended_loses_nothing_at_once() -> None:
    class Closed(Writer):
        def writelines(self, lines: list[Any]) -> None:  # noqa: ARG002 - it takes nothing
            raise RuntimeError("the handler is closed")

    outgoing = Outgoing(cast("Any", Open(Closed())))
    assert outgoing.put(b"PUBLISH", b"1") == 0
    assert len(outgoing) == 1


async def test_of_too_many_the_oldest_are_lost() -> None:
    outgoing = Outgoing(cast("Any", Connection()))
    lost = sum(outgoing.put(b"%d" % number) for number in range(MOST_WAITING + 5))
    assert lost == 5
    assert len(outgoing) == MOST_WAITING
    assert outgoing.overflowed


async def test_of_too_much_the_oldest_is_lost() -> None:
    outgoing = Outgoing(cast("Any", Connection()))
    half = bytes(MOST_WAITING_BYTES // 2)
    assert [outgoing.put(half) for _ in range(4)] == [0, 0, 1, 1]
    assert outgoing.put(bytes(MOST_WAITING_BYTES + 1)) == 3
    assert len(outgoing) == 0


async def test_a_loss_is_told_at_the_end_of_the_next_write_and_once() -> None:
    connection = Connection()
    async with writing(connection, (b"lost",)) as outgoing:
        for number in range(MOST_WAITING + 1):
            outgoing.put(b"%d" % number)
        await until(lambda: len(connection.writes) == 1)
        outgoing.put(b"more")
        await until(lambda: len(connection.writes) == 2)
    assert connection.writes[0][-1] == (b"lost",)
    assert connection.writes[1] == [(b"more",)]
