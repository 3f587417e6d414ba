"""Kill -9: what of the text that somebody had seen is gone after the restart."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from benchmarks.compare.bench import Bench, Column, Figures
from benchmarks.compare.keystrokes import client_id, typing
from benchmarks.compare.lines import Line, connect, hang_up, join
from benchmarks.compare.load import Keystroke, Load
from benchmarks.compare.ours import article
from benchmarks.compare.reading import Reader, runs
from benchmarks.compare.running import Running

FEWEST_SECONDS, MOST_SECONDS = 14.0, 24.0  # of typing; Hocuspocus stores every ten at the latest
BURST = 100_000  # characters
BURST_SECONDS = 1.0  # from its begin to the end of the process
RATES = (("fast", 50.0), ("slow", 5.0))  # characters a second


class Scene(NamedTuple):
    """An article in which one writes and another sees it."""

    name: str
    article: str
    writer: Line
    witness: Line
    client: int


class Killing:
    """Counts characters that were seen and lost."""

    name = "kill"
    title = "kill -9: characters lost that somebody had seen, of those seen"
    durable_only = True
    columns: Sequence[Column] = (
        Column("burst_lost", "lost in a burst", ",.0f"),
        Column("burst_seen", "of", ",.0f"),
        Column("fast_lost", "lost at 50/s", ",.0f"),
        Column("fast_seen", "of", ",.0f"),
        Column("slow_lost", "lost at 5/s", ",.0f"),
        Column("slow_seen", "of", ",.0f"),
    )

    def measure(self, bench: Bench) -> Figures:
        """Type in three articles, kill in the midst of it, look what is left."""
        running = bench.start()
        try:
            scenes = _scenes(bench, running)
            load = Load((), [line for scene in scenes for line in (scene.writer, scene.witness)])
            load.play(_strokes(scenes, bench.chance.uniform(FEWEST_SECONDS, MOST_SECONDS)))
        finally:
            running.kill()
        load.settle()
        with bench.running() as running:
            figures = {
                key: figure
                for scene in scenes
                for key, figure in _compared(bench, running, scene).items()
            }
        hang_up(line for scene in scenes for line in (scene.writer, scene.witness))
        return figures


def _scenes(bench: Bench, running: Running) -> list[Scene]:
    names = ("burst", *(name for name, _ in RATES))
    seats = [(article(number), person) for number in range(len(names)) for person in range(2)]
    lines = join(bench.server, running, seats)
    return [
        Scene(name, article(number), writer, witness, client_id(bench.chance))
        for number, (name, writer, witness) in enumerate(
            zip(names, lines[::2], lines[1::2], strict=True)
        )
    ]


def _strokes(scenes: Sequence[Scene], seconds: float) -> list[Keystroke]:
    burst, *typed = scenes
    frames = islice(_frames(burst), BURST)
    strokes = [Keystroke(seconds - BURST_SECONDS, burst.writer, b"".join(frames), [])]
    for scene, (_, rate) in zip(typed, RATES, strict=True):
        strokes += (
            Keystroke(number / rate, scene.writer, frame, [])
            for number, frame in enumerate(islice(_frames(scene), int(seconds * rate)))
        )
    return sorted(strokes, key=lambda each: each.at)


def _frames(scene: Scene) -> Iterator[bytes]:
    return (scene.writer.frame(each) for each in typing(scene.client, (None, None)))


def _compared(bench: Bench, running: Running, scene: Scene) -> Figures:
    reader = Reader(scene.witness)
    for _ in reader.news():
        pass
    seen = reader.reached.get(scene.client, 0)
    (line,) = connect(bench.server, running, [(scene.article, 0)])
    line.greet()
    kept = [run.end for run in runs(line.wait_for_sync()) if run.client == scene.client]
    hang_up([line])
    return {
        f"{scene.name}_lost": max(0, seen - max(kept, default=0)),
        f"{scene.name}_seen": seen,
    }
