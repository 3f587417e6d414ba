"""What a process and its children have used: CPU seconds and memory, as the kernel counts them."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
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
    """Yield a process and its living descendants, the parents first."""
    yield pid
    with suppress(FileNotFoundError):  # it has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in _told(thread / "children").split():
                yield from family(int(child))


def _own_seconds(pid: int) -> float:
    """The process's own CPU clock (clock_getcpuclockid), finer than the ticks in /proc."""
    with suppress(OSError):  # it has ended, and its parent counts it
        return time.clock_gettime((~pid << 3) | 2)
    return 0.0


def _ended_seconds(pid: int) -> float:
    told = _told(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return sum(map(int, told[ENDED_CHILDREN])) / TICK


def _resident(pid: int) -> int:
    lines = _told(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss:"))


def _told(path: Path) -> str:
    """What the kernel tells of a process; nothing of one that has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return path.read_text()
    return ""
