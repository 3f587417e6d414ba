"""The comparison with the peers: that its figures are complete, and never how large they are."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from pycrdt import Doc, Text

from benchmarks.compare import table
from benchmarks.compare.bench import bench
from benchmarks.compare.frames import Inbox, masked
from benchmarks.compare.keystrokes import ROOT, WORDS, Paragraphs, typing
from benchmarks.compare.ours import Palimpsest
from benchmarks.compare.reading import Reader, runs
from benchmarks.compare.results import Measurement, Results
from benchmarks.compare.workloads import WORKLOADS
from benchmarks.compare.workloads.crowd import Crowd

MARK = table.begin("benchmarks.compare")
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Palimpsest:
    return Palimpsest(tmp_path_factory.mktemp("template") / "data")


def test_a_small_crowd_on_our_server_gives_complete_figures(
    ours: Palimpsest, tmp_path: Path
) -> None:
    crowd = Crowd("small", "two articles", articles=2, members=3, typists=2, rate=10.0)
    core = min(os.sched_getaffinity(0))
    with bench(ours, tmp_path, core, seconds=1.0, seed=1) as prepared:
        figures = crowd.measure(prepared)
    assert figures["missing"] == 0
    assert figures["updates"] == 2 * 2 * 10
    assert figures["cpu_per_update"] > 0
    assert 0 < figures["p50"] <= figures["p99"] <= figures["worst"]
    assert {column.key for column in crowd.columns} <= figures.keys()


def test_keystrokes_are_updates_that_yjs_can_apply() -> None:
    page = Paragraphs(2, Random(1))
    hands = [typing(7, page.place(0)), typing(8, page.place(1))]
    updates = [page.update] + [next(hand) for _ in WORDS for hand in hands]
    doc = Doc()
    for update in updates:
        doc.apply_update(update)
    assert str(doc.get(ROOT, type=Text)) == f"\n{WORDS}\n{WORDS}\n"
    assert runs(updates[1]) == ((7, 0, 1),)


def test_a_message_is_read_however_it_was_cut_into_pieces() -> None:
    inbox = Inbox()
    message = bytes(range(256)) * 3
    frame = b"\x82\x7e" + len(message).to_bytes(2) + message
    for at, byte in enumerate(frame + frame):
        inbox.put(at, bytes((byte,)))
    assert list(inbox.messages()) == [
        (len(frame) - 1, message),
        (2 * len(frame) - 1, message),
    ]


def test_a_masked_frame_unmasks_to_its_message() -> None:
    for size in (0, 1, 125, 126, 70_000):
        message = bytes(number % 251 for number in range(size))
        frame = masked(message)
        body = frame[len(frame) - size :]
        mask = frame[len(frame) - size - 4 : len(frame) - size]
        assert bytes(each ^ mask[at % 4] for at, each in enumerate(body)) == message


def test_a_reader_counts_what_is_missing_from_a_gap_on() -> None:
    class Line:
        def updates(self) -> Iterator[tuple[float, int, bytes]]:
            strokes = list(zip(range(5), typing(9, (None, None)), strict=False))
            yield from ((at, 2, update) for at, update in strokes if at != 2)

    reader = Reader(Line())
    assert reader.missing({9: 5}) == 3


def measured(server: str, cost: float, repetition: int) -> Measurement:
    figures = {"cpu_per_delivery": cost, "p50": 1.0, "p99": 2.0, "missing": 0, "client_share": 0.95}
    return Measurement("fifty", server, repetition, 0.0, figures)


@pytest.fixture
def results() -> Results:
    measurements = [
        measured(server, cost + repetition, repetition)
        for repetition in range(3)
        for server, cost in (("Palimpsest", 4.0), ("Hocuspocus", 19.0))
    ]
    return Results({"date": "today"}, 6.0, measurements)


def test_a_table_tells_medians_ranges_and_what_the_yardstick_needs(results: Results) -> None:
    told = table.markdown(results, WORKLOADS)
    assert "| Palimpsest | 5.00 (4.00 to 6.00) | 0.25 x | 1.0 | 2.0 | 0 |" in told
    assert "| Hocuspocus | 20.00 (19.00 to 21.00) | 1.00 x |" in told


def test_a_table_says_where_the_load_client_was_saturated(results: Results) -> None:
    assert "**95%, saturated**" in table.markdown(results, WORKLOADS)


def test_results_are_the_same_after_they_were_saved(results: Results, tmp_path: Path) -> None:
    results.save(tmp_path / "results.json")
    assert Results.load(tmp_path / "results.json") == results
    assert json.loads((tmp_path / "results.json").read_text())["seconds"] == 6.0


def test_a_page_keeps_what_stands_around_the_tables(results: Results, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before {MARK} old {table.END} after")
    table.write_into(page, MARK, table.markdown(results, WORKLOADS))
    told = page.read_text()
    assert told.startswith("before ")
    assert told.endswith(" after")
    assert " old " not in told
    assert "| Palimpsest |" in told


def test_a_page_without_a_place_for_the_tables_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing")
    with pytest.raises(ValueError, match="no marks"):
        table.write_into(page, MARK, "figures")


def test_the_page_about_performance_names_every_workload() -> None:
    told = PAGE.read_text()
    assert MARK in told
    assert table.END in told
    for workload in WORKLOADS:
        assert f"`{workload.name}`" in told, f"{workload.name} is not described"
