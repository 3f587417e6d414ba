"""What the history of a long article costs: python -m benchmarks.history [--rows N] [--folder F]

An article of 260,000 edits by six people in two months is made, or found in the folder. Then:

    the first request     frames that were never made are made by the historian, while they are sent
    every request         processor time of the serving process, bytes, and seconds until the last
    the event loop        the longest time that a task which wants to run each millisecond waited
    in the browser        the first load, and 50 moments at random, each until it is on screen
"""

import argparse
import statistics
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from benchmarks.observed import Observed, observed
from persistence import schema
from persistence.store import Store, open_store
from tests.support import longarticle, planting

ROWS = 260_000
REPEATED = 20
SLUG = "long"


class Range(NamedTuple):
    """A request; the range's ends are parts of the article."""

    name: str
    after: float
    until: float
    frames: int


RANGES = (
    Range("all, 1,000 frames", 0, 1, 1_000),
    Range("all, 2,000 frames", 0, 1, 2_000),
    Range("all, 250 frames", 0, 1, 250),
    Range("all, 1 frame", 0, 1, 1),
    Range("a quarter, 1,000 frames", 0.4003, 0.6503, 1_000),
    Range("a tenth, 500 frames", 0.8001, 0.9001, 500),
    Range("5,000 rows, 1,000 frames", 0.5, 0.5 + 5_000 / ROWS, 1_000),
    Range("512 rows one by one", 0.7, 0.7 + 512 / ROWS, 1_000),
    Range("the last 300 rows", 1 - 300 / ROWS, 1, 1_000),
)


class Answer(NamedTuple):
    size: int
    first_ms: float
    seconds: float


def ask(url: str, after: int, until: int, frames: int) -> Answer:
    """Read an answer to its end."""
    host = urlsplit(url).netloc
    connection = HTTPConnection(host, timeout=120)
    began = time.perf_counter()
    query = f"after={after}&until={until}&frames={frames}"
    connection.request("GET", f"/api/v1/articles/{SLUG}/history?{query}")
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    first, size = 0.0, 0
    while chunk := answer.read1(1 << 20):
        first = first or time.perf_counter() - began
        size += len(chunk)
    connection.close()
    return Answer(size, first * 1e3, time.perf_counter() - began)


def article(folder: Path, rows: int) -> int:
    """Make the article, unless it is there; its head."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'palimpsest.db'}"
    schema.migrate(url)
    store = open_store(url)
    try:
        return _planted(store, rows)
    finally:
        store.close()


def _planted(store: Store, rows: int) -> int:
    if not store.articles.list():
        began = time.perf_counter()
        log = longarticle.write(rows)
        planting.plant(store, log, SLUG)
        print(f"made in {time.perf_counter() - began:.1f} s")
    (found,) = store.articles.list()
    store.frames.delete(found.id)
    days = (found.changed_at - longarticle.BEGINNING).days
    print(f"{found.head:,} rows in {days} days, {len(longarticle.PEOPLE)} authors")
    return found.head


def first_request(server: Observed, head: int) -> None:
    """All frames are made for it."""
    server.watch()
    before = server.processor_ms()
    answer = ask(server.url, 0, head, 1_000)
    spent, held = server.processor_ms() - before, server.held_ms()
    server.rest()
    print(
        f"never made before: {answer.size:,} bytes in {answer.seconds:.1f} s, the first after"
        f" {answer.first_ms:.0f} ms; server {spent:.0f} ms and historian"
        f" {server.historian_ms():,.0f} ms of processor time; longest hold {held:.1f} ms"
    )


def every_request(server: Observed, head: int) -> None:
    print(f"\n{'request':26}{'bytes':>12}{'server ms':>12}{'seconds':>10}{'held ms':>10}")
    for name, after, until, frames in RANGES:
        ends = int(after * head), int(until * head)
        ask(server.url, *ends, frames)
        before = server.processor_ms()
        answers = [ask(server.url, *ends, frames) for _ in range(REPEATED)]
        spent = (server.processor_ms() - before) / REPEATED
        seconds = statistics.median(answer.seconds for answer in answers)
        server.watch()
        for _ in range(REPEATED):
            ask(server.url, *ends, frames)
        held = server.held_ms()
        server.rest()
        print(f"{name:26}{answers[0].size:12,}{spent:12.1f}{seconds:10.3f}{held:10.1f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--folder", type=Path, help="where the article is kept for another run")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = chosen.folder or Path(folder) / "data"
        head = article(data_dir, chosen.rows)
        with observed(data_dir) as server:
            first_request(server, head)
            every_request(server, head)


if __name__ == "__main__":
    main()
