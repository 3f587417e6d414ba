"""Two processes hear of one client id at the same time: one of them is first, everywhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count

import pytest

from persistence.store import open_store
from tests.support.cluster import Cluster, cluster
from tests.support.forging import insertion, text
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.replica import Replica, join
from tests.support.rest import Person

ROUNDS = 20
ONE, OTHER = "one", "other"
_client_ids = count(1_000_000)


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def together(
    tmp_path_factory: pytest.TempPathFactory,
    database: Postgres,
    news: Redis,
    request: pytest.FixtureRequest,
) -> Iterator[Cluster]:
    keeper = database if request.param == "postgresql" else None
    with cluster(tmp_path_factory.mktemp("claims"), 2, keeper, news) as running:
        yield running


@asynccontextmanager
async def _both(
    together: Cluster, slug: str, people: tuple[Person, Person]
) -> AsyncIterator[tuple[Replica, Replica]]:
    """One person at each process."""
    urls = [together.api(n).sync_url(slug, person) for n, person in enumerate(people)]
    async with join(urls[0]) as one, join(urls[1]) as other:
        yield one, other


async def _settled(one: Replica, other: Replica) -> None:
    """Both have what the other writes after all that came before."""
    for writer, reader, words in ((one, other, " A"), (other, one, " B")):
        writer.append(words)
        await writer.until_stored()
        await reader.until(lambda r=reader, w=words: w in r.text, "what the other wrote")


async def _race(together: Cluster, people: tuple[Person, Person]) -> tuple[str, list[list[str]]]:
    """Send other words with the same ID to both at once; give the text and who was told what."""
    api = together.api(0)
    slug = api.make_article(people[0])
    client = next(_client_ids)
    async with _both(together, slug, people) as (one, other):
        one.send_update(insertion(client, 0, text(ONE)))
        other.send_update(insertion(client, 0, text(OTHER)))
        await asyncio.gather(*(r.until(lambda r=r: r.text or r.refusals) for r in (one, other)))
        await _settled(one, other)
        assert one.text == other.text
        assert one.content.diff() == other.content.diff()
        refusals = [one.refusals, other.refusals]
    told = [together.api(number).authors(slug) for number in range(2)]
    assert told[0] == told[1]
    assert told[0][0] == one.text
    _log_is_dense(together, slug)
    return one.text, refusals


def _log_is_dense(together: Cluster, slug: str) -> None:
    store = open_store(together.url)
    article = store.articles.get(slug)
    seqs = [row.seq for row in store.log.read(article.id)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert store.log.heads([article.id]) == {article.id: len(seqs)}
    store.close()


async def test_of_two_contents_of_one_id_one_is_stored_and_the_other_client_is_told(
    together: Cluster,
) -> None:
    ada = together.api(0).somebody()
    for _ in range(ROUNDS):
        written, (one, other) = await _race(together, (ada, ada))
        assert (ONE in written) != (OTHER in written)
        loser = other if ONE in written else one
        winner = one if ONE in written else other
        assert loser, "who lost is not told"
        assert winner == []


async def test_of_two_authors_of_one_client_id_one_owns_it(together: Cluster) -> None:
    ada, eve = (together.api(0).somebody() for _ in range(2))
    for _ in range(ROUNDS):
        written, (one, other) = await _race(together, (ada, eve))
        assert (ONE in written) != (OTHER in written)
        assert other if ONE in written else one, "who lost is not told"
