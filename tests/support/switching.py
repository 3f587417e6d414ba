"""A relay in front of servers: each connection goes on to one of them, chosen at random.

It can end all connections, refuse new ones, or let everything stand still, as networks do.
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from random import Random

Address = tuple[str, int] | Path  # a Path is a Unix socket
SOCKET = re.compile(rb"GET /sync/\S* HTTP/1.1\r\n")


class State(Enum):
    """How a relay treats what comes: passes it on, turns it away, or keeps everybody waiting."""

    OPEN = "open"
    SHUT = "shut"
    STILL = "still"


class Relay:
    """Connections in pairs of ends; all methods may be called from any thread."""

    def __init__(self, targets: Sequence[Address], chance: Random) -> None:
        self.sockets: list[int] = []  # the target's number of each websocket that came
        self.port = 0
        self.state = State.OPEN
        self._targets = targets
        self._chance = chance
        self._ends: set[_End] = set()
        self._loop = asyncio.new_event_loop()

    # What a test does

    def cut(self) -> None:
        """End all connections without a word; new ones are taken."""
        self._call(self._cut)

    def shut(self) -> None:
        """End all connections, and refuse new ones until it is opened."""
        self._call(self._turn, State.SHUT)

    def still(self) -> None:
        """Pass nothing on and end nothing until it is opened: what is sent meanwhile waits."""
        self._call(self._turn, State.STILL)

    def open(self) -> None:
        """Pass everything on, what has waited first."""
        self._call(self._turn, State.OPEN)

    # What the relay's own loop does

    def _turn(self, state: State) -> None:
        self.state = state
        if state is State.SHUT:
            self._cut()
        for end in list(self._ends):
            end.settle()

    def _cut(self) -> None:
        for end in list(self._ends):
            end.transport.abort()

    def came(self, near: "_End") -> None:
        self._ends.add(near)
        if self.state is State.SHUT:
            near.transport.abort()
        near.settle()

    async def reach(self, near: "_End") -> None:
        """Connect somebody onwards, to any that can be reached, as proxies do; else turn away."""
        for number in self._chance.sample(range(len(self._targets)), len(self._targets)):
            try:
                far = await self._connect(self._targets[number])
            except OSError:
                continue
            self._join(near, far, number)
            return
        near.transport.abort()

    def _join(self, near: "_End", far: "_End", number: int) -> None:
        self._ends.add(far)
        near.number = number
        near.other, far.other = far, near
        if near.transport.is_closing():
            far.transport.abort()
        near.settle()
        far.settle()

    async def _connect(self, target: Address) -> "_End":
        def make() -> _End:
            return _End(self, near=False)

        if isinstance(target, Path):
            _, far = await self._loop.create_unix_connection(make, str(target))
        else:
            _, far = await self._loop.create_connection(make, *target)
        return far

    def gone(self, end: "_End") -> None:
        self._ends.discard(end)
        if end.other is not None:
            end.other.transport.close()

    def _call(self, function: Callable[..., None], *given: object) -> None:
        async def called() -> None:
            function(*given)

        asyncio.run_coroutine_threadsafe(called(), self._loop).result()

    @contextmanager
    def running(self, path: Path | None) -> Iterator[None]:
        """Listen on a path, or on a free port, for the length of a block."""
        began = threading.Event()
        ending = asyncio.Event()
        main = self._main(path, began, ending)
        thread = threading.Thread(target=self._loop.run_until_complete, args=(main,))
        thread.start()
        began.wait()
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(ending.set)
            thread.join()
            self._loop.close()

    async def _main(self, path: Path | None, began: threading.Event, ending: asyncio.Event) -> None:
        def make() -> _End:
            return _End(self, near=True)

        if path:
            server = await self._loop.create_unix_server(make, str(path))
        else:
            server = await self._loop.create_server(make, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
        began.set()
        await ending.wait()
        server.close()
        self._cut()
        while self._ends:  # noqa: ASYNC110 - each takes a turn to be lost
            await asyncio.sleep(0)


class _End(asyncio.Protocol):
    """One end of a connection; what it hears its other end says."""

    transport: asyncio.Transport

    def __init__(self, relay: Relay, *, near: bool) -> None:
        self.other: _End | None = None
        self.number = -1  # of the target, where this is a client's end
        self._relay = relay
        self._near = near
        self._reaching: asyncio.Task[None] | None = None
        self._full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._near:
            self._relay.came(self)

    def data_received(self, data: bytes) -> None:
        assert self.other is not None
        if self._near and SOCKET.match(data):
            self._relay.sockets.append(self.number)
        self.other.transport.write(data)

    def pause_writing(self, *, full: bool = True) -> None:
        self._full = full
        if self.other is not None:
            self.other.settle()

    def resume_writing(self) -> None:
        self.pause_writing(full=False)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self._relay.gone(self)

    def settle(self) -> None:
        """Read while the relay is open and the other end takes it; reach out when it may."""
        if self.transport.is_closing():
            return
        moving = self._relay.state is State.OPEN
        if moving and self._near and self._reaching is None:
            self._reaching = asyncio.get_running_loop().create_task(self._relay.reach(self))
        if moving and self.other is not None and not self.other._full:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()


@contextmanager
def relaying(*targets: Address, seed: int = 0, path: Path | None = None) -> Iterator[Relay]:
    """Relay to servers for the length of a block, from a free port or a Unix socket."""
    relay = Relay(targets, Random(seed))
    with relay.running(path):
        yield relay
