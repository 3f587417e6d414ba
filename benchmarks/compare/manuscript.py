"""A long article, written as people write: sentences here and there by several hands, and cuts."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
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
EDITS = 20  # sentences or cuts in one go of one hand
PARTS = 20  # between two looks at the size
SENTENCE = (20, 80)  # characters
CUT = (3, 40)
CUTS = 0.3  # of all edits
SEED = 11


class Part(NamedTuple):
    """What one hand wrote in one go, and its client id and next clock after that."""

    hand: int
    update: bytes
    client: int
    clock: int


Manuscript = tuple[Part, ...]  # in the order in which they were written


@cache
def manuscript(folder: Path) -> Manuscript:
    """The manuscript that is kept in a folder, written there first where it is not."""
    path = folder / f"manuscript-{SEED}-{FULL_BYTES}-{EDITS}.json"
    if not path.exists():
        parts = [[hand, b64encode(update).decode(), *end] for hand, update, *end in _written()]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(parts))
    told = json.loads(path.read_text())
    return tuple(Part(hand, b64decode(update), *end) for hand, update, *end in told)


def clocks(written: Manuscript) -> dict[int, int]:
    """The next clock of each client."""
    return {part.client: part.clock for part in written}


def _written() -> Iterator[Part]:
    """Write until the encoded article is full."""
    chance = Random(SEED)
    hands: list[Doc[Text]] = [Doc(client_id=client_id(chance)) for _ in range(HANDS)]
    while len(hands[0].get_update()) < FULL_BYTES:
        for _ in range(PARTS):
            number = chance.randrange(HANDS)
            update = _write(hands[number], chance)
            for other in hands:
                if other is not hands[number]:
                    other.apply_update(update)
            end = max(run.end for run in runs(update))
            yield Part(number, update, hands[number].client_id, end)


def _write(doc: Doc[Text], chance: Random) -> bytes:
    """Make some edits; the update holds what is new, which a diff of states would not."""
    made: list[bytes] = []
    subscription = doc.observe(lambda event: made.append(event.update))
    with doc.transaction():
        for number in range(EDITS):
            _edit(doc.get(ROOT, type=Text), chance, begin=not number)
    doc.unobserve(subscription)
    return made[0]


def _edit(text: Text, chance: Random, *, begin: bool) -> None:
    length = len(text)
    if not begin and length > CUT[1] and chance.random() < CUTS:
        start = chance.randrange(length - CUT[1])
        del text[start : start + chance.randint(*CUT)]
    else:
        words = (WORDS * 2)[chance.randrange(len(WORDS)) :][: chance.randint(*SENTENCE)]
        text.insert(chance.randint(0, length), words)


def write_down(server: Server, running: Running, article: str, written: Manuscript) -> list[Line]:
    """Bring a manuscript to a server, each hand over its own connection; they stay in it."""
    lines = join(server, running, [(article, hand) for hand in range(HANDS)])
    for part in written:
        lines[part.hand].send(lines[part.hand].frame(part.update))
        _wait_for(lines[part.hand], part)
        for line in lines:
            line.drain()
            for _ in line.updates():
                pass
    return lines


def _wait_for(line: Line, part: Part) -> None:
    while True:
        for _, _, update in line.updates():
            if any(run.client == part.client and run.end >= part.clock for run in runs(update)):
                return
        line.wait()
