"""Lines: websocket connections of the load client, as cheap as a raw socket."""

import base64
import os
import socket
import time
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.compare.dialects import STEP_2, UPDATE, Dialect, read_sync, sync
from benchmarks.compare.frames import PONG, Inbox, masked
from benchmarks.compare.running import Running
from benchmarks.compare.servers import Server

PATIENCE = 60.0  # seconds for one answer
READ_BYTES = 256 * 1024
AT_ONCE = 50  # connections that are opened together
END_OF_HEAD = b"\r\n\r\n"

Seat = tuple[str, int]  # (article, person)


class Line:
    """One connection in an article; what comes is kept with its time and read later."""

    def __init__(self, sock: socket.socket, dialect: Dialect, article: str, token: str) -> None:
        self.sock = sock
        self.inbox = Inbox()
        self._dialect = dialect
        self._article = article
        self._token = token
        self._unsent = b""

    def frame(self, update: bytes) -> bytes:
        """The frame that brings an update to this line's article."""
        return masked(self._dialect.wrap(self._article, sync(UPDATE, update)))

    def greet(self) -> None:
        """Ask for everything, as a client does that has nothing."""
        for message in self._dialect.hello(self._article, self._token):
            self.send(masked(message))

    def send(self, frame: bytes) -> None:
        """Send without waiting; what the socket does not take now goes before the next."""
        data = self._unsent + frame if self._unsent else frame
        try:
            sent = self.sock.send(data)
        except OSError:  # not now, or never again
            sent = 0
        self._unsent = data[sent:]

    def drain(self) -> int:
        """Take what has come, without waiting; the number of bytes."""
        if self._unsent:
            self.send(b"")
        try:
            piece = self.sock.recv(READ_BYTES)
        except OSError:  # nothing there, or nobody
            return 0
        self.inbox.put(time.perf_counter(), piece)
        return len(piece)

    def updates(self) -> Iterator[tuple[float, int, bytes]]:
        """Yield the time, the step and the update of every sync message that has come since."""
        for at, message in self.inbox.messages():
            told = read_sync(self._dialect.unwrap(message))
            if told and told[0] >= STEP_2:
                yield at, told[0], told[1]
        while self.inbox.pings:  # a line that is not read for longer than this is hung up on
            self.send(masked(self.inbox.pings.pop(), PONG))

    def wait_for_sync(self) -> bytes:
        """Wait for the first full sync and return it as an update."""
        while True:
            for _, step, update in self.updates():
                if step == STEP_2:
                    return update
            self.wait()

    def wait(self) -> None:
        """Wait until anything comes; ConnectionError when the server ends the connection."""
        self.sock.settimeout(PATIENCE)
        piece = self.sock.recv(READ_BYTES)
        self.sock.setblocking(False)
        if not piece:
            raise ConnectionError("The server ended a connection.")
        self.inbox.put(time.perf_counter(), piece)


def hang_up(lines: Iterable[Line]) -> None:
    """Close lines."""
    for line in lines:
        line.sock.close()


def join(server: Server, running: Running, seats: Sequence[Seat]) -> list[Line]:
    """Open a connection for each seat, and wait until all are synced.

    Somebody opens each article before the others come: pycrdt-websocket turns people away who
    come while it opens a room.
    """
    first = dict(reversed([(article, number) for number, (article, _) in enumerate(seats)]))
    rest = sorted(set(range(len(seats))) - set(first.values()))
    lines: dict[int, Line] = {}
    for numbers in (*_batches(sorted(first.values())), *_batches(rest)):
        some = connect(server, running, [seats[number] for number in numbers])
        for line in some:
            line.greet()
        for line in some:
            line.wait_for_sync()
        lines.update(zip(numbers, some, strict=True))
    return [lines[number] for number in range(len(seats))]


def _batches(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def connect(server: Server, running: Running, seats: Sequence[Seat]) -> list[Line]:
    """Open connections that have not said anything yet."""
    socks = [_asking(server, running, seat) for seat in seats]
    return [_upgraded(server, sock, seat) for sock, seat in zip(socks, seats, strict=True)]


def _asking(server: Server, running: Running, seat: Seat) -> socket.socket:
    article, person = seat
    sock = socket.create_connection(("127.0.0.1", running.port), PATIENCE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        f"GET {server.dialect.path(article, server.token(person))} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{running.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return sock


def _upgraded(server: Server, sock: socket.socket, seat: Seat) -> Line:
    answer = b""
    while END_OF_HEAD not in answer and (piece := sock.recv(READ_BYTES)):
        answer += piece
    head, _, rest = answer.partition(END_OF_HEAD)
    if not head.startswith(b"HTTP/1.1 101"):
        raise ConnectionError(f"{server.name} does not let us in: {answer[:300]!r}")
    article, person = seat
    sock.setblocking(False)
    line = Line(sock, server.dialect, article, server.token(person))
    line.inbox.put(time.perf_counter(), rest)
    return line
