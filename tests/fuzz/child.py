"""A process that may die: feeds inputs to a target, the present one always in a file.

python -m tests.fuzz.child TARGET INPUTS SEED FILE
"""

import mmap
import signal
import sys
from pathlib import Path
from random import Random

from tests.fuzz.corpus import history, hostile
from tests.fuzz.mutation import mutated, structured
from tests.fuzz.targets import TARGETS

DEADLINE = 20.0  # seconds for one input; a signal that nothing handles ends even a stuck yrs
ROOM = 1 << 20  # bytes of an input that are kept


def main(target: str, inputs: int, seed: int, kept: Path) -> None:
    random = Random(seed)
    victim = TARGETS[target]()
    corpus = history(seed=2, edits=60) + hostile()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    kept.write_bytes(b"\0" * ROOM)
    with kept.open("r+b") as file, mmap.mmap(file.fileno(), ROOM) as present:
        for number in range(inputs):
            honest = number % 50 == 0
            made_up = bool(victim.clocks) and number % 2 == 0
            data = structured(random, victim.clocks) if made_up else mutated(random, corpus)
            data = random.choice(corpus) if honest else data
            line = data[: ROOM // 2 - 1].hex().encode() + b"\n"
            present[: len(line)] = line
            signal.setitimer(signal.ITIMER_REAL, DEADLINE)
            victim.survive(data)
    signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
