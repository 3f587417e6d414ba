"""A long article, written as people write: sentences here and there by several hands, and cuts."""

from functools import cache
from random import Random
from typing import NamedTuple

from pycrdt import Doc, Text

from benchmarks.compare.keystrokes import ROOT, WORDS, client_id
from benchmarks.compare.lines import Line, join
from benchmarks.compare.reading import runs
from benchmarks.compare.running import Running
from benchmarks.compare.servers import Server

HANDS = 8
FULL_BYTES = 1_000_000  # of the encoded article
EDITS = 8  # sentences or cuts in one go of one hand
SENTENCE = (20, 80)  # characters
CUT = (3, 40)
CUTS = 0.3  # of all edits
SEED = 11


class Part(NamedTuple):
    """What one hand wrote in one go."""

    hand: int
    update: bytes
    reached: tuple[int, int]  # its client id and next clock


class Manuscript(NamedTuple):
    """The parts in the order in which they were written, and what they are together."""

    parts: tuple[Part, ...]
    state: bytes

    def clocks(self) -> dict[int, int]:
        """The next clock of each client."""
        return {part.reached[0]: part.reached[1] for part in self.parts}


@cache
def manuscript(size: int = FULL_BYTES) -> Manuscript:
    """Write until the encoded article has so many bytes."""
    chance = Random(SEED)
    hands = [Doc(client_id=client_id(chance)) for _ in range(HANDS)]
    parts: list[Part] = []
    while not parts or len(parts) % 50 or len(hands[0].get_update()) < size:
        number = chance.randrange(HANDS)
        update = _write(hands[number], chance)
        for other in hands:
            if other is not hands[number]:
                other.apply_update(update)
        end = max(run.end for run in runs(update))
        parts.append(Part(number, update, (hands[number].client_id, end)))
    return Manuscript(tuple(parts), hands[0].get_update())


def _write(doc: Doc, chance: Random) -> bytes:
    text, before = doc.get(ROOT, type=Text), doc.get_state()
    with doc.transaction():
        for number in range(EDITS):
            length = len(text)
            if number and length > CUT[1] and chance.random() < CUTS:
                start = chance.randrange(length - CUT[1])
                del text[start : start + chance.randint(*CUT)]
            else:
                words = (WORDS * 2)[chance.randrange(len(WORDS)) :][: chance.randint(*SENTENCE)]
                text.insert(chance.randint(0, length), words)
    return doc.get_update(before)


def write_down(server: Server, running: Running, article: str, written: Manuscript) -> list[Line]:
    """Bring a manuscript to a server, each hand over its own connection; they stay in it."""
    lines = join(server, running, [(article, hand) for hand in range(HANDS)])
    for part in written.parts:
        lines[part.hand].send(lines[part.hand].frame(part.update))
        _wait_for(lines[part.hand], part)
        for line in lines:
            line.drain()
            for _ in line.updates():
                pass
    return lines


def _wait_for(line: Line, part: Part) -> None:
    client, clock = part.reached
    while True:
        for _, _, update in line.updates():
            if any(run.client == client and run.end >= clock for run in runs(update)):
                return
        line.wait()
