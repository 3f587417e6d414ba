"""How long a keystroke takes to be on screen in a large article of many authors, colours on.

python -m benchmarks.keystroke [--keys N]

The time is from the event of the key to the second animation frame after it, which is when the
page with the letter has been handed to the screen; waiting for the two frames is part of it.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
from pathlib import Path

from tests.support import serving
from tests.support.chromium import chromium
from tests.support.desk import Desk, desk
from tests.support.replica import join
from tests.support.rest import Api

AUTHORS = 20
INSERTIONS = 560  # of each author
WORDS = ("colour ", "letter ", "margin ", "author ", "vellum ", "writing\n")
MEASURE = """() => {
  window.measured = []
  addEventListener('keydown', ({ timeStamp }) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      measured.push(performance.now() - timeStamp)
    }))
  }, true)
}"""


async def write_article(api: Api, slug: str) -> None:
    """Let one author after another put words at random places between the others'."""
    chance = random.Random(5)
    for number in range(AUTHORS):
        person = api.somebody(f"Author {number}")
        async with join(api.sync_url(slug, person)) as replica:
            with replica.doc.transaction():
                for _ in range(INSERTIONS):
                    words = chance.choice(WORDS) + chance.choice(WORDS[:-1])[:2]
                    replica.insert(chance.randint(0, len(replica.text)), words)
            await replica.until_stored()


async def type_keys(writer: Desk, keys: int) -> list[float]:
    """Press keys in the middle of the article, each when the last is on screen; milliseconds."""
    middle = len(await writer.text()) // 2
    await writer.page.evaluate(
        "at => palimpsest.view.dispatch({ selection: { anchor: at }, scrollIntoView: true })",
        middle,
    )
    await writer.page.evaluate("palimpsest.view.focus()")
    await writer.page.evaluate(MEASURE)
    for number in range(keys):
        await writer.press("x" if number % 8 else " ")
        await writer.page.wait_for_function("n => measured.length > n", arg=number)
    return [float(each) for each in await writer.page.evaluate("measured")]


async def measure(url: str, keys: int) -> None:
    api = Api(url)
    slug = api.make_article(api.somebody())
    await write_article(api, slug)
    told = api.spans(slug)
    api.close()
    print(f"{len(told['text']):,} characters, {len(told['spans']):,} runs of {AUTHORS} authors")
    async with chromium() as browser, desk(browser, url, slug, "Typist") as writer:
        times = sorted(await type_keys(writer, keys))
    print(f"{keys} keystrokes: median {statistics.median(times):.1f} ms,")
    print(f"95 of 100 within {times[int(keys * 0.95)]:.1f} ms, the slowest {times[-1]:.1f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keys", type=int, default=200)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving.running(Path(folder) / "data") as server,
    ):
        asyncio.run(measure(server.url, options.parse_args().keys))


if __name__ == "__main__":
    main()
