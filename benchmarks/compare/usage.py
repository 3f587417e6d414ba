"""What a process and its children have used: CPU seconds and memory, as the kernel counts them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
ENDED_CHILDREN = slice(13, 15)  # cutime and cstime in /proc/PID/stat behind the name


def cpu_seconds(pid: int) -> float:
    """CPU time of a process with all that it started, living or ended."""
    return sum(_own_seconds(each) + _ended_seconds(each) for each in family(pid))


def resident_bytes(pid: int) -> int:
    """Memory of a process with all that it started, as far as it is in RAM."""
    return sum(_resident(each) for each in family(pid))


def family(pid: int) -> Iterator[int]:
    """Yield a process and its living descendants."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from family(int(child))


def _own_seconds(pid: int) -> float:
    """The process's own CPU clock (clock_getcpuclockid), finer than the ticks in /proc."""
    return time.clock_gettime((~pid << 3) | 2)


def _ended_seconds(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, told[ENDED_CHILDREN])) / TICK


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss:"))
