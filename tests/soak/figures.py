"""What a server's processes take, read from /proc."""

import os
from collections.abc import Sequence
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """The process and all its descendants, as they are now."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(c) for t in tasks for c in (t / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(each for child in children for each in tree(child))]


def memory(pid: int) -> int:
    """Resident bytes of a process and its descendants."""
    return sum(resident(each) for each in tree(pid))


def resident(pid: int) -> int:
    """Resident bytes of a process alone; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


def descriptors(pid: int) -> dict[str, int]:
    """Open files of a process and its descendants by kind."""
    kinds: dict[str, int] = {}
    for each in tree(pid):
        for link in Path(f"/proc/{each}/fd").iterdir():
            try:
                kind = link.readlink().as_posix().partition(":")[0]
            except OSError:
                continue
            kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def processor(pid: int) -> float:
    """Seconds of processor time that a process and its living descendants have had."""
    total = 0
    for each in tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """What the second figure gains while the first gains one: the line of least squares."""
    mean_x = sum(x for x, _ in samples) / len(samples)
    mean_y = sum(y for _, y in samples) / len(samples)
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    return sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread
