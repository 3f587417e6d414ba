"""Everything that is done to processes and to what they share; each returns when it is over.

What a fault takes away is back when it returns; a killed process is not: the others go on, and it
is started again before the next fault.
"""

import asyncio
from collections.abc import Awaitable, Callable

from anyio import to_thread

from tests.support.cluster import Cluster, Process

Fault = Callable[[Cluster, Process, float], Awaitable[None]]


async def a_process_is_killed(_cluster: Cluster, process: Process, _seconds: float) -> None:
    await to_thread.run_sync(process.kill)


async def a_process_is_told_to_stop(_cluster: Cluster, process: Process, _seconds: float) -> None:
    await to_thread.run_sync(process.stop)


async def a_process_stands_still(_cluster: Cluster, process: Process, seconds: float) -> None:
    process.pause()
    await asyncio.sleep(seconds)
    process.resume()


async def redis_is_killed(cluster: Cluster, _process: Process, seconds: float) -> None:
    await to_thread.run_sync(cluster.redis.stop)
    await asyncio.sleep(seconds)
    await to_thread.run_sync(cluster.redis.start)


async def redis_ends_its_connections(cluster: Cluster, _process: Process, _seconds: float) -> None:
    await to_thread.run_sync(cluster.redis.kill_clients)


async def redis_stalls(cluster: Cluster, _process: Process, seconds: float) -> None:
    await to_thread.run_sync(cluster.redis.stall, seconds)
    await asyncio.sleep(seconds)


async def postgresql_is_stopped(cluster: Cluster, _process: Process, seconds: float) -> None:
    await to_thread.run_sync(cluster.postgres.stop)
    await asyncio.sleep(seconds)
    await to_thread.run_sync(cluster.postgres.start)


async def postgresql_stands_still(cluster: Cluster, _process: Process, seconds: float) -> None:
    cluster.postgres.pause()
    await asyncio.sleep(seconds)
    cluster.postgres.resume()


def _cut_off(name: str, state: str, *relays: str) -> Fault:
    """Cut a process off from something: `state` says how."""

    async def fault(_cluster: Cluster, process: Process, seconds: float) -> None:
        for relay in relays:
            getattr(process.relays[relay], state)()
        await asyncio.sleep(seconds)
        for relay in relays:
            process.relays[relay].open()

    fault.__name__ = name
    return fault


FAULTS: tuple[Fault, ...] = (
    a_process_is_killed,
    redis_is_killed,
    redis_ends_its_connections,
    redis_stalls,
    postgresql_is_stopped,
    _cut_off("a_process_cannot_reach_redis", "shut", "news"),
    _cut_off("redis_is_silent_to_a_process", "still", "news"),
    _cut_off("a_process_cannot_reach_postgresql", "shut", "database"),
    _cut_off("postgresql_is_silent_to_a_process", "still", "database"),
    _cut_off("a_process_is_cut_off", "still", "news", "database"),
    postgresql_stands_still,
    a_process_stands_still,
    a_process_is_told_to_stop,
)
