"""Everybody in an article sees everybody, whichever process each of them is at."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic

import pytest

from tests.support import wire
from tests.support.cluster import Cluster, cluster
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.replica import Replica, join
from tests.support.rest import Person

PROCESSES = 3
GONE_SECONDS = 10.0  # after which people of a dead process are no longer shown
SLACK_SECONDS = 5.0  # for a busy machine


@pytest.fixture(scope="module")
def together(
    tmp_path_factory: pytest.TempPathFactory, database: Postgres, news: Redis
) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("presence")
    with cluster(folder, PROCESSES, database, news) as running:
        yield running


@asynccontextmanager
async def _somebody_at_each(together: Cluster) -> AsyncIterator[tuple[str, list[Replica]]]:
    """An article, and for each process one person who is there."""
    people = [together.api(0).somebody() for _ in range(PROCESSES)]
    slug = together.api(0).make_article(people[0], "Here.")
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(_come(together, number, slug, person))
            for number, person in enumerate(people)
        ]
        yield slug, replicas


@asynccontextmanager
async def _come(
    together: Cluster, number: int, slug: str, person: Person, client_id: int | None = None
) -> AsyncIterator[Replica]:
    url = together.api(number).sync_url(slug, person)
    async with join(url, client_id=client_id, presence={"of": person.id}) as replica:
        yield replica


def _seen(replica: Replica) -> dict[int, str]:
    """Who is here, as one of them sees it: the author of each client id."""
    here = replica.presences.items()
    return {client: state["user"]["id"] for client, state in here if state is not None}


async def _all_see(replicas: list[Replica], expected: dict[int, str]) -> None:
    for replica in replicas:
        await replica.until(lambda r=replica: _seen(r) == expected, f"the presence of {expected}")


async def test_everybody_sees_everybody(together: Cluster) -> None:
    async with _somebody_at_each(together) as (slug, replicas):
        await replicas[0].until(lambda: len(_seen(replicas[0])) == PROCESSES)
        everybody = _seen(replicas[0])
        assert everybody.keys() == {each.client_id for each in replicas}
        assert len(set(everybody.values())) == PROCESSES
        await _all_see(replicas, everybody)
        late = together.api(1).somebody("Late")
        async with _come(together, 1, slug, late) as newcomer:
            await _all_see([*replicas, newcomer], everybody | {newcomer.client_id: late.id})
        await _all_see(replicas, everybody)


async def test_a_cursor_moves_for_those_at_other_processes(together: Cluster) -> None:
    async with _somebody_at_each(together) as (_, replicas):
        first, last = replicas[0], replicas[-1]
        for place in range(5):
            last.send(_cursor(last, place + 2, place))
            await first.until(
                lambda at=place: (first.presences.get(last.client_id) or {}).get("cursor") == at,
                "the cursor",
            )


def _cursor(replica: Replica, clock: int, place: int) -> bytes:
    return wire.awareness((replica.client_id, clock, {"cursor": place}))


async def test_the_people_of_a_killed_process_disappear(together: Cluster) -> None:
    async with _somebody_at_each(together) as (slug, replicas):
        await replicas[0].until(lambda: len(_seen(replicas[0])) == PROCESSES)
        everybody = _seen(replicas[0])
        await _all_see(replicas, everybody)
        together.processes[2].kill()
        began = monotonic()
        rest = {c: author for c, author in everybody.items() if c != replicas[2].client_id}
        await _all_see(replicas[:2], rest)
        took = monotonic() - began
        print(f"\ngone after {took:.1f} s")
        assert took < GONE_SECONDS + SLACK_SECONDS
        async with _come(together, 1, slug, together.api(1).somebody("Late")) as newcomer:
            await newcomer.until(lambda: len(_seen(newcomer)) == PROCESSES)
            assert replicas[2].client_id not in _seen(newcomer)
    together.processes[2].start()


async def test_who_comes_back_at_another_process_is_seen_again(together: Cluster) -> None:
    async with _somebody_at_each(together) as (slug, replicas):
        await replicas[0].until(lambda: len(_seen(replicas[0])) == PROCESSES)
        person = together.api(0).somebody("Mover")
        client = 123_456
        async with _come(together, 1, slug, person, client) as here:
            await replicas[0].until(lambda: client in _seen(replicas[0]))
            here.kill()
            await here.until(lambda: here.closed)
        async with _come(together, 0, slug, person, client):
            for replica in replicas[:2]:
                await replica.until(lambda r=replica: _seen(r).get(client) == person.id)
