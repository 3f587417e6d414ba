"""How long a keystroke takes to be on screen in a large article of many authors, colours on.

python -m benchmarks.keystroke [--keys N] [--typists N] [--profile N]

Per key, from the browser's time stamp of its event:

    in the text   the letter is in the page and in the document (the script is done with it)
    next paint    what the Event Timing API says, in steps of 8 ms; under 16 ms it says nothing
    on screen     the second animation frame after the key, when the page with the letter has been
                  handed to the screen; waiting for the two frames is part of it
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession

from benchmarks.crowd import crowd
from tests.support import serving
from tests.support.chromium import chromium
from tests.support.desk import Desk, desk
from tests.support.replica import join
from tests.support.rest import Api

AUTHORS = 20
INSERTIONS = 560  # of each author
WORDS = ("colour ", "letter ", "margin ", "author ", "vellum ", "writing\n")
PAUSES = (0.06, 0.2)  # seconds between two keys: a person who types fast
SETTLE = 3.0  # seconds that the crowd types before the first key
SLOWEST = 1.0  # seconds that a key may take on the average before the crowd runs out of words
CATCH_UP = 120  # seconds for the page to show all that was typed
MEASURE = """() => {
  window.times = { text: [], paint: [], screen: [] }
  let pressed = null
  addEventListener('keydown', ({ timeStamp }) => {
    pressed = timeStamp
    requestAnimationFrame(() => requestAnimationFrame(() => {
      times.screen.push(performance.now() - timeStamp)
    }))
  }, true)
  new MutationObserver(() => {
    if (pressed !== null) times.text.push(performance.now() - pressed)
    pressed = null
  }).observe(palimpsest.view.contentDOM, { childList: true, characterData: true, subtree: true })
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name === 'keydown') times.paint.push(duration)
    }
  }).observe({ type: 'event', durationThreshold: 16 })
}"""


async def write_article(api: Api, slug: str) -> bytes:
    """Let one author after another put words at random places; the article's state."""
    chance = random.Random(5)
    for number in range(AUTHORS):
        person = api.somebody(f"Author {number}")
        async with join(api.sync_url(slug, person)) as replica:
            with replica.doc.transaction():
                for _ in range(INSERTIONS):
                    words = chance.choice(WORDS) + chance.choice(WORDS[:-1])[:2]
                    replica.insert(chance.randint(0, len(replica.text)), words)
            await replica.until_stored()
            state = replica.doc.get_update()
    return state


async def sit_down(writer: Desk) -> None:
    """Put the caret in the middle of the article, which is then on screen."""
    middle = len(await writer.text()) // 2
    await writer.page.evaluate(
        "at => palimpsest.view.dispatch({ selection: { anchor: at }, scrollIntoView: true })",
        middle,
    )
    await writer.page.evaluate("palimpsest.view.focus()")
    await writer.page.evaluate(MEASURE)


async def type_keys(writer: Desk, keys: int) -> dict[str, list[float]]:
    """Press keys as a person does, whatever the page is doing; milliseconds for each."""
    chance = random.Random(7)
    for number in range(keys):
        await writer.press("x" if number % 8 else " ")
        await asyncio.sleep(chance.uniform(*PAUSES))
    await writer.page.wait_for_function("n => times.screen.length >= n", arg=keys)
    times: dict[str, list[float]] = await writer.page.evaluate("times")
    times["paint"] += [16.0] * (keys - len(times["paint"]))  # those that it does not mention
    return times


def row(name: str, times: Sequence[float]) -> str:
    ordered = sorted(times)
    p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.95, 0.99))
    figures = (statistics.median(ordered), p95, p99, ordered[-1])
    return f"{name:12}" + "".join(f"{figure:9.1f}" for figure in figures)


async def profiled(session: CDPSession, writer: Desk, keys: int) -> dict[str, list[float]]:
    """Type while the browser samples its stack; where the time went is printed."""
    await session.send("Profiler.enable")
    await session.send("Profiler.start")
    times = await type_keys(writer, keys)
    profile = (await session.send("Profiler.stop"))["profile"]
    print_profile(profile)
    return times


def print_profile(profile: dict[str, Any]) -> None:
    names = {
        node["id"]: node["callFrame"]["functionName"] or "(anonymous)" for node in profile["nodes"]
    }
    spent: Counter[str] = Counter()
    for node, micros in zip(profile["samples"], profile["timeDeltas"], strict=True):
        spent[names[node]] += micros
    whole = sum(spent.values())
    for name, micros in spent.most_common(25):
        print(f"{100 * micros / whole:6.1f} %  {name}")


async def measure(url: str, keys: int, typists: int, *, profile: bool) -> None:
    api = Api(url)
    slug = api.make_article(api.somebody())
    state = await write_article(api, slug)
    told = api.spans(slug)
    print(f"{len(told['text']):,} characters, {len(told['spans']):,} runs of {AUTHORS} authors")
    urls = [api.sync_url(slug, api.somebody("Writer"), attribution=False) for _ in range(typists)]
    seconds = SETTLE + keys * (PAUSES[1] + SLOWEST)
    async with chromium() as browser, desk(browser, url, slug, "Typist") as writer:
        with crowd(urls, state, seconds) if typists else nullcontext():
            await sit_down(writer)
            await asyncio.sleep(SETTLE)
            session = await writer.context.new_cdp_session(writer.page)
            before = await work_of(session)
            typing = profiled(session, writer, keys) if profile else type_keys(writer, keys)
            times = await typing
            after = await work_of(session)
        units = await until_equal(api, slug, writer)
    api.close()
    print(f"in the end the page and the server have the same {units:,} characters")
    print(f"{keys} keys, {typists} others typing; ms    median      p95      p99      max")
    print(row("in the text", times["text"]))
    print(row("next paint", times["paint"]))
    print(row("on screen", times["screen"]))
    print_work(before, after)


async def until_equal(api: Api, slug: str, writer: Desk) -> int:
    """Wait until the page has the text of the server; its length."""
    async with asyncio.timeout(CATCH_UP):
        while (text := api.spans(slug)["text"]) != await writer.text():  # noqa: ASYNC110 - a server far away
            await asyncio.sleep(0.5)
    return len(text)


async def work_of(session: CDPSession) -> dict[str, float]:
    await session.send("Performance.enable")
    told = await session.send("Performance.getMetrics")
    return {each["name"]: each["value"] for each in told["metrics"]}


def print_work(before: dict[str, float], after: dict[str, float]) -> None:
    """How busy the page's thread was, and with what."""
    passed = after["Timestamp"] - before["Timestamp"]
    for name in ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"):
        print(f"{name:20} {100 * (after[name] - before[name]) / passed:5.1f} % of the time")
    print(f"load of this machine {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=int, default=200)
    options.add_argument("--typists", type=int, default=0)
    options.add_argument("--profile", action="store_true", help="also say where the time goes")
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.running(Path(folder) / "data") as server,
    ):
        asyncio.run(measure(server.url, chosen.keys, chosen.typists, profile=chosen.profile))


if __name__ == "__main__":
    main()
