"""What the history of a long article costs: python -m benchmarks.history [--rows N] [--folder F]

An article of 260,000 edits by six people in two months is made, or found in the folder. Then:

    the first request     frames that were never made are made by the historian, while they are sent
    every request         processor time of the serving process, bytes, and seconds until the last
    the event loop        the longest time that a task which wants to run each millisecond waited
    in the browser        the first load, and 50 moments at random, each until it is on screen
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Page

from benchmarks.observed import Observed, observed
from persistence import schema
from persistence.store import Store, open_store
from tests.support import longarticle, planting
from tests.support.chromium import chromium

ROWS = 260_000
REPEATED = 20
SLUG = "long"
MOMENTS = 50
LOADS = 5
# The page is asked as each animation frame begins; with the frame after the one in which it has the
# moment, this has been handed to the screen.
SHOWN = """async (seq) => {
  const began = performance.now()
  let near = null
  const frame = () => new Promise(requestAnimationFrame)
  const before = window.palimpsest?.seq()
  if (seq !== null) location.hash = `#seq=${seq}`
  const slider = () => document.querySelector('[role=slider]')
  const wanted = () => seq ?? (Number(slider()?.getAttribute('aria-valuemax')) || -1)
  const there = () => palimpsest.seq() === wanted()
  while (!window.palimpsest || !there()) {
    await frame()
    if (near === null && window.palimpsest && palimpsest.seq() !== before) near = performance.now()
  }
  await frame()
  const now = performance.now()
  return seq === null ? [now, now] : [now - began, (near ?? now) - began]
}"""


class Range(NamedTuple):
    """A request; the range's ends are parts of the article."""

    name: str
    after: float
    until: float
    frames: int


RANGES = (
    Range("all, 1,024 frames", 0, 1, 1_024),
    Range("all, 500 frames", 0, 1, 500),
    Range("all, 250 frames", 0, 1, 250),
    Range("all, 1 frame", 0, 1, 1),
    Range("a quarter, 1,000 frames", 0.4003, 0.6503, 1_000),
    Range("a tenth, 500 frames", 0.8001, 0.9001, 500),
    Range("5,000 rows, 1,000 frames", 0.5, 0.5 + 5_000 / ROWS, 1_000),
    Range("512 rows one by one", 0.7, 0.7 + 512 / ROWS, 512),
    Range("256 rows one by one", 0.6, 0.6 + 256 / ROWS, 512),
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
    answer = ask(server.url, 0, head, 1_024)
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


async def in_the_browser(url: str, head: int) -> None:
    async with chromium() as browser:
        loads = []
        for _ in range(LOADS):
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            await page.goto(f"{url}/articles/{SLUG}/history")
            loads.append((await page.evaluate(SHOWN, None))[0])
            if len(loads) < LOADS:
                await page.close()
        print(f"\nfirst load: {', '.join(f'{ms:,.0f}' for ms in loads)} ms")
        await moments(page, head)


async def moments(page: Page, head: int) -> None:
    """Go to moments that were never looked at, one after the other."""
    dice = random.Random(3)
    exact, near = [], []
    for _ in range(MOMENTS):
        whole, first = await page.evaluate(SHOWN, dice.randrange(1, head))
        exact.append(whole)
        near.append(first)
    print(f"{MOMENTS} moments, ms      median      p95      max")
    print(row("about there", near))
    print(row("exactly", exact))


def row(name: str, times: Sequence[float]) -> str:
    ordered = sorted(times)
    figures = statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]
    return f"{name:16}" + "".join(f"{figure:9.0f}" for figure in figures)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--folder", type=Path, help="where the article is kept for another run")
    options.add_argument("--only", choices=("server", "browser"))
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data_dir = chosen.folder or Path(folder) / "data"
        head = article(data_dir, chosen.rows)
        with observed(data_dir) as server:
            first_request(server, head)
            if chosen.only != "browser":
                every_request(server, head)
            if chosen.only != "server":
                asyncio.run(in_the_browser(server.url, head))


if __name__ == "__main__":
    main()
