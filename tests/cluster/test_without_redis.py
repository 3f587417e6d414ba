"""Without Redis editing goes on everywhere, and news are late by the timer at most.

pytest tests/cluster/test_without_redis.py -s            six seconds without it
pytest tests/cluster/test_without_redis.py -s --long     a minute
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import pytest

from tests.support.cluster import Cluster, cluster
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.replica import Replica, join

PROCESSES = 4
SHORT, LONG = 6.0, 60.0  # seconds without Redis
QUICK = 0.5  # seconds; slower news did not come by Redis
PATIENCE = 30.0


@pytest.fixture
def together(tmp_path: Path, database: Postgres, news: Redis) -> Iterator[Cluster]:
    with cluster(tmp_path, PROCESSES, database, news) as running:
        yield running


async def _tell(writer: Replica, others: list[Replica], words: str) -> float:
    """Write, and wait until everybody else has it; the seconds that the last one waited."""
    began = monotonic()
    writer.append(words)
    for each in others:
        await each.until(lambda r=each: words in r.text, "the news")
    return monotonic() - began


async def _write_on(replicas: list[Replica], number: int, ends: float) -> list[float]:
    """Write again as soon as the last words have come everywhere, until the end."""
    writer = replicas[number]
    others = [each for each in replicas if each is not writer]
    late = []
    while monotonic() < ends:
        late.append(await _tell(writer, others, f"[{number}:{len(late)}]"))
        await asyncio.sleep(0.05)
    return late


@pytest.mark.timeout(300)
async def test_editing_goes_on_and_news_come_by_the_log(
    together: Cluster, request: pytest.FixtureRequest
) -> None:
    seconds = LONG if request.config.getoption("--long") else SHORT
    people = [together.api(0).somebody() for _ in range(PROCESSES)]
    slug = together.api(0).make_article(people[0])
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(join(together.api(number).sync_url(slug, person)))
            for number, person in enumerate(people)
        ]
        before = await _tell(replicas[0], replicas[1:], "[before]")
        together.redis.stop()
        ends = monotonic() + seconds
        writing = (_write_on(replicas, number, ends) for number in range(PROCESSES))
        late = sorted(took for each in await asyncio.gather(*writing) for took in each)
        print(f"\n{len(late)} edits without Redis: seen everywhere after s: median", end=" ")
        print(f"{late[len(late) // 2]:.2f}, at most {late[-1]:.2f}; before {before:.3f}")
        together.redis.start()
        with_redis = monotonic()
        while await _tell(replicas[0], replicas[1:], f"[again {monotonic()}]") > QUICK:
            assert monotonic() < with_redis + PATIENCE, "the news do not come by Redis again"
        assert len({each.text for each in replicas}) == 1
        assert [(each.refusals, each.closed) for each in replicas] == [([], None)] * PROCESSES
        text, authors = together.api(1).authors(slug)
        assert text == replicas[0].text
        owners = {str(number): person.id for number, person in enumerate(people)}
        for piece, author in _pieces(text, authors):
            assert owners.get(piece[1], author) == author


def _pieces(text: str, authors: list[str]) -> Iterator[tuple[str, str]]:
    """Each bracketed piece, which has one author."""
    start = 0
    while start < len(text):
        end = text.index("]", start) + 1
        assert len(set(authors[start:end])) == 1
        yield text[start:end], authors[start]
        start = end
