"""Whole histories through real sockets, held against what is known of them independently."""

import base64
import json
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import anyio
import pytest

from tests.oracle import replay
from tests.support import node
from tests.support.replica import Replica, join
from tests.support.rest import Api, Person
from tests.support.trace import play, recorded

SEEDS = [(seed, 2 + seed % 4) for seed in range(12)]  # two to five people
LONG_SEEDS = [(seed, 2 + seed % 4) for seed in range(100, 140)]


@dataclass
class Ending:
    """What everybody has at the end, from every source."""

    text: str
    authors: list[str]
    texts: list[str]
    told: list[list[str | None]]  # authors, as each client was told
    late: tuple[str, list[str | None]]  # the same of somebody who joins afterwards
    refusals: float


async def _connect(
    stack: AsyncExitStack, api: Api, slug: str, people: Sequence[Person], clients: Sequence[int]
) -> list[Replica]:
    return [
        await stack.enter_async_context(
            join(api.sync_url(slug, person), client_id=client, hold=True, presence={})
        )
        for person, client in zip(people, clients, strict=True)
    ]


async def _ending(api: Api, slug: str, replicas: Sequence[Replica]) -> Ending:
    text, authors = api.authors(slug)
    async with join(api.sync_url(slug, None)) as late:
        return Ending(
            text,
            authors,
            [replica.text for replica in replicas],
            [replica.authors() for replica in replicas],
            (late.text, late.authors()),
            api.metric("palimpsest_refusals_total"),
        )


def _agrees(ending: Ending, text: str, authors: list[str]) -> None:
    assert ending.text == text
    assert ending.authors == authors
    assert all(each == text for each in ending.texts)
    assert all(each == authors for each in ending.told)
    assert ending.late == (text, authors)
    assert ending.refusals == 0


async def test_two_real_people_end_with_the_true_text_and_every_character_its_author(
    api: Api,
) -> None:
    edits, end = recorded("friendsforever")
    outcome = replay(edits)
    assert outcome.text == end
    people = [api.somebody() for _ in range(2)]
    slug = api.make_article(people[0])
    async with AsyncExitStack() as stack:
        replicas = await _connect(stack, api, slug, people, [1_000, 2_000])
        await play(edits, dict(enumerate(replicas)))
        ending = await _ending(api, slug, replicas)
    _agrees(ending, end, [people[number].id for number in outcome.authors])


@pytest.mark.skipif(not node.installed(), reason="the Node packages are not installed")
@pytest.mark.parametrize(("seed", "people"), SEEDS)
async def test_a_generated_history_keeps_every_author(api: Api, seed: int, people: int) -> None:
    await _play_generated(api, seed, people, 300)


@pytest.mark.long
@pytest.mark.skipif(not node.installed(), reason="the Node packages are not installed")
@pytest.mark.parametrize(("seed", "people"), LONG_SEEDS)
async def test_a_long_generated_history_keeps_every_author(
    api: Api, seed: int, people: int
) -> None:
    await _play_generated(api, seed, people, 1_500)


async def _play_generated(api: Api, seed: int, number: int, steps: int) -> None:
    told = json.loads(node.run("generate.js", str(seed), str(number), str(steps)))
    people = [api.somebody() for _ in range(number)]
    slug = api.make_article(people[0])
    async with AsyncExitStack() as stack:
        replicas = await _connect(stack, api, slug, people, told["clients"])
        async with anyio.create_task_group() as tasks:
            for person, replica in enumerate(replicas):
                tasks.start_soon(_send_own, told["steps"], person, replica)
        for replica in replicas:
            await replica.until(lambda r=replica: _ends_with(r, told), "the end")
        ending = await _ending(api, slug, replicas)
    _agrees(ending, told["text"], [people[person].id for person in told["authors"]])


async def _send_own(steps: Sequence[Mapping[str, Any]], person: int, replica: Replica) -> None:
    """Send one person's steps, each when the server has told of all that were before it.

    Whose undo comes first matters, so the server gets them in the order of the history; what a
    step's writer had seen is another matter, and is in the step.
    """
    told = 0
    for number, step in enumerate(steps):
        if step["person"] == person:
            before = steps[told:number]
            await replica.until(lambda before=before: _has_all(replica, before), "an earlier step")
            told = number
            replica.send_update(base64.b64decode(step["update"]))


def _ends_with(replica: Replica, told: Mapping[str, Any]) -> bool:
    while replica.held:
        replica.release()
    return replica.text == told["text"] and _has_all(replica, told["steps"])


def _has_all(replica: Replica, steps: Sequence[Mapping[str, Any]]) -> bool:
    return all(
        replica.received.covers(_ids(step["inserted"]), _ids(step["deleted"])) for step in steps
    )


def _ids(ranges: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    return [(c, clock) for c, start, length in ranges for clock in range(start, start + length)]
