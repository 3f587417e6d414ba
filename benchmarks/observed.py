"""A server in a process of its own that tells how long its event loop was held.

python -m benchmarks.observed DATA_FOLDER SHARED_FILE

The file holds two numbers. While the first is not 0, a task of the loop wants to run every
millisecond, and the longest time that it had to wait beyond that is the second.
"""

import asyncio
import mmap
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.serving import serve
from server.settings import Settings
from tests.support.serving import ADDRESS, CODE_FOLDER

BEAT = 0.001  # seconds
IDLE = 0.05
FIGURES = struct.Struct("dd")


class Observed:
    """The server, from outside: what it has used, and how long its loop was held."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, shared: mmap.mmap) -> None:
        self.url = url
        self._process = process
        self._shared = shared

    def processor_ms(self) -> float:
        """Processor time of the process that serves, all threads, without its historian."""
        return _processor_ms(self._process.pid)

    def historian_ms(self) -> float:
        """Processor time of its historian; 0 when there is none yet."""
        parents = {int(path.name): path for path in Path("/proc").glob("[0-9]*")}
        children = [pid for pid, path in parents.items() if self._is_parent_of(path)]
        return sum(map(_processor_ms, children))

    def _is_parent_of(self, process: Path) -> bool:
        try:
            return int((process / "stat").read_text().rpartition(") ")[2].split()[1]) == (
                self._process.pid
            )
        except OSError:  # it has ended meanwhile
            return False

    def watch(self) -> None:
        """Begin to look for holds."""
        FIGURES.pack_into(self._shared, 0, 1.0, 0.0)
        time.sleep(2 * IDLE)
        FIGURES.pack_into(self._shared, 0, 1.0, 0.0)

    def held_ms(self) -> float:
        """The longest hold since the last look, in milliseconds."""
        held: float = FIGURES.unpack_from(self._shared)[1]
        FIGURES.pack_into(self._shared, 0, 1.0, 0.0)
        return held * 1e3

    def rest(self) -> None:
        """Stop looking, which takes some processor time itself."""
        FIGURES.pack_into(self._shared, 0, 0.0, 0.0)


def _processor_ms(pid: int) -> float:
    return time.clock_gettime((~pid << 3) | 2) * 1e3  # clock_getcpuclockid(3)


@contextmanager
def observed(data_dir: Path) -> Iterator[Observed]:
    """Run a server over a data folder for the length of a block."""
    file = data_dir / "figures"
    file.write_bytes(FIGURES.pack(0.0, 0.0))
    command = [sys.executable, "-m", "benchmarks.observed", str(data_dir), str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CODE_FOLDER)
    assert process.stdout
    try:
        found = next(match for line in process.stdout if (match := ADDRESS.search(line)))
        with file.open("r+b") as opened, mmap.mmap(opened.fileno(), FIGURES.size) as shared:
            yield Observed(process, found[0], shared)
    finally:
        process.terminate()
        process.wait(20)


async def beat(shared: mmap.mmap) -> None:
    while True:
        watching, longest = FIGURES.unpack_from(shared)
        pause = BEAT if watching else IDLE
        due = time.monotonic() + pause
        await asyncio.sleep(pause)
        late = time.monotonic() - due
        if watching and late > longest:
            FIGURES.pack_into(shared, 0, watching, late)


def main(data_dir: str, file: str) -> None:
    tasks = []

    def announce(url: str) -> None:
        tasks.append(asyncio.get_running_loop().create_task(beat(shared)))
        print(url, flush=True)

    settings = Settings(
        data_dir=Path(data_dir),
        port=0,
        sample_article=False,
        automatic_revisions=False,  # which would be computed at the same time
        log_level="error",
    )
    with Path(file).open("r+b") as opened, mmap.mmap(opened.fileno(), FIGURES.size) as shared:
        serve(settings, announce)


if __name__ == "__main__":
    main(*sys.argv[1:])
