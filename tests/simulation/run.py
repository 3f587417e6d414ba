"""A run: the storm of a seed, and what must hold after it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.loop import VirtualLoop
from tests.simulation.plan import Plan
from tests.simulation.storm import Storm
from tests.simulation.trace import Trace
from tests.simulation.verdict import converged, differences, faults, gathered, haunted
from tests.simulation.world import World

LOOK = 0.1  # seconds between two looks at what is healing
HEALED = 10.0  # seconds until all replicas have to be equal
LEFT = 12.0  # seconds until the people of a dead process have to be gone
OUTDATED = 34.0  # until who was too slow to hear that somebody left has forgotten them by itself
SEEN = 45.0  # seconds until everybody has to see everybody: stock clients tell again after 15


@dataclass(frozen=True)
class Outcome:
    """What came of a run: what was `wrong`, and the time that healing took."""

    plan: Plan
    wrong: tuple[str, ...]
    fingerprint: str
    healing: float
    rows: int
    processes: int


def run(plan: Plan, show: Callable[[str], object] | None = None) -> Outcome:
    """Let the run of a plan happen; to be called where the stand-ins stand in."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_run(plan, loop, show))
    finally:
        loop.close()


async def _run(plan: Plan, loop: VirtualLoop, show: Callable[[str], object] | None) -> Outcome:
    trace = Trace(loop.time, show)
    world = World(plan, loop, trace)
    storm = Storm(world)
    await asyncio.sleep(plan.seconds)
    storm.over()
    wrong: list[str] = []
    healing = await _until(lambda: converged(world), HEALED)
    if healing is None:
        wrong += differences(world)
    if await _until(lambda: not haunted(world), OUTDATED if plan.slow_readers else LEFT) is None:
        wrong.append("somebody sees people who have gone")
    if await _until(lambda: gathered(world), SEEN) is None:
        wrong.append("not everybody sees everybody")
    wrong += faults(world)
    trace.note("log", "says", *sorted(world.witness.clocks.items()), world.clients[0].text)
    await world.close()
    wrong += loop.errors
    wrong += _left()
    rows = world.witness.count["rows"]
    took = HEALED if healing is None else healing
    return Outcome(plan, tuple(wrong), trace.fingerprint, took, rows, len(world.ended))


async def _until(condition: Callable[[], bool], seconds: float) -> float | None:
    """Wait until something holds; give the seconds that it took, or None."""
    for looks in range(int(seconds / LOOK)):
        if condition():
            return looks * LOOK
        await asyncio.sleep(LOOK)
    return None


def _left() -> list[str]:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return [f"a task is left: {task.get_name()}" for task in tasks]
