"""What a bus costs and loses, over Redis' pub/sub (ours) and over its streams.

    python -m benchmarks.bus

Two processes, one that tells and one that hears, with a Redis between them that this starts.
"""

import asyncio
import multiprocessing
import os
import signal
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from statistics import median

from benchmarks.streambus import StreamBus
from server.bus import Bus
from server.redisbus import RedisBus
from server.telemetry import Telemetry
from tests.support import redis
from tests.support.buses import working

ARTICLES = 50
SECONDS = 5.0
TICK = 0.002
END = 1 << 40  # the number of a message that says that there are no more
ENDS = 20
GRACE = 0.5
KILL_EVERY = 0.25
HEAD = struct.Struct(">Qd")  # number, time

BUSES: dict[str, Callable[[str], Bus]] = {
    "pub/sub": lambda url: RedisBus(url, "a secret for a benchmark", Telemetry()),
    "streams": lambda url: StreamBus(url, one=False),
    "one stream": lambda url: StreamBus(url, one=True),
}


@dataclass(frozen=True)
class Load:
    rate: int  # messages per second
    size: int  # bytes


@dataclass(frozen=True)
class Heard:
    numbers: set[int]
    delays: list[float]
    cpu: float
    missed: float  # when it was last said that something may have been lost


async def tell(name: str, url: str, load: Load, pipe: Connection) -> None:
    bus = BUSES[name](url)
    async with bus.listening(lambda *_: None, lambda: None):
        await working(bus)
        await asyncio.to_thread(pipe.recv)
        began, number, cpu = time.monotonic(), 0, time.process_time()
        while (passed := time.monotonic() - began) < SECONDS:
            while number < passed * load.rate:
                body = HEAD.pack(number, time.monotonic()) + bytes(load.size - HEAD.size)
                bus.publish(number % ARTICLES + 1, body)
                number += 1
            await asyncio.sleep(TICK)
        pipe.send((number, time.process_time() - cpu))
        for _ in range(ENDS):
            await asyncio.sleep(GRACE)
            bus.publish(1, HEAD.pack(END, time.monotonic()))


async def hear(name: str, url: str, pipe: Connection) -> None:
    numbers: set[int] = set()
    delays: list[float] = []
    missed, ended = [0.0], asyncio.Event()

    def heard(_article: int, message: bytes) -> None:
        number, told = HEAD.unpack_from(message)
        if number == END:
            ended.set()
        elif number not in numbers:
            numbers.add(number)
            delays.append(time.monotonic() - told)

    bus = BUSES[name](url)
    async with bus.listening(heard, lambda: missed.append(time.monotonic())):
        await working(bus)
        for article in range(1, ARTICLES + 1):
            await bus.join(article)
        pipe.send("ready")
        cpu = time.process_time()
        await ended.wait()
        await asyncio.sleep(GRACE)
        pipe.send(Heard(numbers, delays, time.process_time() - cpu, missed[-1]))


def work(job: Callable[..., object], *arguments: object) -> None:
    asyncio.run(job(*arguments))  # type: ignore[arg-type]


@contextmanager
def child(job: Callable[..., object], *arguments: object) -> Iterator[tuple[Connection, int]]:
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=work, args=(job, *arguments, theirs))
    process.start()
    try:
        assert process.pid is not None
        yield ours, process.pid
    finally:
        process.kill()
        process.join()


def run(name: str, load: Load, fault: Callable[[redis.Redis, int], None]) -> str:
    with (
        redis.running() as server,
        child(hear, name, server.url) as (ear, pid),
        child(tell, name, server.url, load) as (mouth, _),
    ):
        assert ear.recv() == "ready"
        mouth.send("begin")
        began = time.monotonic()
        fault(server, pid)
        told, telling = mouth.recv()
        heard = ear.recv()
        lost = told - len(heard.numbers)
        said = (
            f"said so after {heard.missed - began:.1f} s"
            if heard.missed > began
            else "said nothing"
        )
        each = 1e6 / told
        delays = sorted(heard.delays)
        return (
            f"{told:7} told {lost:6} lost {said if lost else '':22}"
            f" {median(delays) * 1e3:8.2f} ms {delays[len(delays) * 99 // 100] * 1e3:8.2f} ms"
            f" {telling * each:7.1f} us {heard.cpu * each:7.1f} us"
        )


def kill(server: redis.Redis, _pid: int) -> None:
    for _ in range(int(SECONDS / KILL_EVERY) - 2):
        time.sleep(KILL_EVERY)
        server.kill_clients()


def stall(seconds: float, server: redis.Redis, _pid: int) -> None:
    time.sleep(1)
    server.stall(seconds)


def stop_reader(_server: redis.Redis, pid: int) -> None:
    time.sleep(1)
    os.kill(pid, signal.SIGSTOP)
    time.sleep(3)
    os.kill(pid, signal.SIGCONT)


FAULTS: dict[str, tuple[Load, Callable[[redis.Redis, int], None]]] = {
    "20 people type": (Load(100, 150), lambda *_: None),
    "500 messages per s": (Load(500, 150), lambda *_: None),
    "5,000 per s": (Load(5_000, 150), lambda *_: None),
    "18 x CLIENT KILL": (Load(500, 150), kill),
    "Redis stalls for 2 s": (Load(500, 150), partial(stall, 2.0)),
    "Redis stalls for 5 s": (Load(500, 150), partial(stall, 5.0)),
    "a reader stalls for 3 s": (Load(5_000, 150), stop_reader),
    "the same, 4 KB messages": (Load(5_000, 4_096), stop_reader),
}


def main() -> None:
    print("p50, p99: from publish to heard; us: processor time for a message, telling and hearing")
    for what, (load, fault) in FAULTS.items():
        print(what)
        for name in BUSES:
            print(f"  {name:11}{run(name, load, fault)}", flush=True)


if __name__ == "__main__":
    main()
