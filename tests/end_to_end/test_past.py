"""The past over HTTP, held against a fold of the log by Yjs itself, and what was asked for."""

import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from tests.support import node
from tests.support.folding import ID, Fold, first_ids, folds, log_of
from tests.support.replica import Replica, join
from tests.support.rest import Api, Person
from tests.support.serving import Server
from tests.support.trace import play, recorded

pytestmark = pytest.mark.skipif(not node.installed(), reason="the Node packages are not installed")


async def test_a_recorded_history_has_the_true_text_and_authors_at_two_hundred_moments(
    server: Server, api: Api
) -> None:
    edits, _ = recorded("friendsforever")
    people = {1_000: api.somebody(), 2_000: api.somebody()}
    slug = api.make_article(people[1_000])
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(
                join(api.sync_url(slug, person), client_id=client, hold=True, presence={})
            )
            for client, person in people.items()
        ]
        await play(edits, dict(enumerate(replicas)))
    log = log_of(server.data_dir, slug)
    assert len(log) > 500
    seqs = sorted(random.Random(4).sample(range(len(log) + 1), 200))
    for fold in folds(log, seqs):
        told = api.at(slug, fold.seq)
        assert told == (fold.text, [people[client].id for client, _ in fold.ids])


@dataclass
class Restored:
    """What was asked for: a revision, as the row that it is of, or the IDs of a passage."""

    revision: int | None = None
    passage: list[ID] = field(default_factory=list)


class Story:
    """Some people write and delete at once; now and then somebody restores something.

    No word is written twice, so that nothing is taken for what undo brings back.
    """

    def __init__(self, api: Api, slug: str, people: dict[int, Person], seed: int) -> None:
        self.chance = random.Random(seed)
        self.restored: dict[int, Restored] = {}
        self._api = api
        self._slug = slug
        self._people = people
        self._words = (f"{number}é😀 " if number % 3 else f"{number}\n" for number in count())

    async def tell(self, replicas: Sequence[Replica], steps: int) -> None:
        for _ in range(steps):
            for _ in range(self.chance.randint(1, 12)):
                self._write(self.chance.choice(replicas))
            head = await self._settled(replicas)
            if self.chance.random() < 0.6:
                self._restore_revision(self.chance.randint(0, head))
            else:
                self._restore_passage()
            await self._settled(replicas)

    async def _settled(self, replicas: Sequence[Replica]) -> int:
        """Wait until everything is stored and everybody has all of it; return the head."""
        for replica in replicas:
            await replica.until_stored()
        told = self._api.spans(self._slug)
        for replica in replicas:
            await replica.until_text(told["text"])
        return int(told["seq"])

    def _write(self, replica: Replica) -> None:
        size = len(replica.text)
        start = self.chance.randint(0, size)
        if self.chance.random() < 0.4:
            replica.delete(start, min(size - start, self.chance.randint(1, 15)))
        else:
            replica.insert(start, "".join(next(self._words) for _ in range(3)))

    def _restore_revision(self, seq: int) -> None:
        path, headers = f"/api/v1/articles/{self._slug}/revisions", self._somebody()
        named = self._api.http.post(path, json={"label": "x", "seq": seq}, headers=headers)
        assert named.is_success, named.text
        self._post({"revision": named.json()["number"]}, Restored(revision=seq))

    def _restore_passage(self) -> None:
        path = f"/api/v1/articles/{self._slug}/deletions"
        told = self._api.http.get(path).json()["deletions"]
        if told:
            chosen = self.chance.choice(told)
            passage = first_ids(chosen["text"], chosen["ids"])
            self._post({"passage": chosen["ids"]}, Restored(passage=list(passage)))

    def _post(self, wish: dict[str, Any], restored: Restored) -> None:
        path = f"/api/v1/articles/{self._slug}/restore"
        answer = self._api.http.post(path, json=wish, headers=self._somebody())
        if answer.is_success:
            self.restored[answer.json()["seq"]] = restored
        else:
            assert answer.json()["code"] == "nothing-to-restore"

    def _somebody(self) -> dict[str, str]:
        return self.chance.choice(list(self._people.values())).headers


class Witness:
    """Knows who wrote each ID: of a new client id what was asked for, of others their owner."""

    def __init__(self, people: dict[int, Person], restored: dict[int, Restored]) -> None:
        self._owners = {client: person.id for client, person in people.items()}
        self._restored = restored
        self._learnt: dict[ID, str] = {}
        self._moments: dict[int, tuple[str, list[str]]] = {}

    def tell(self, fold: Fold) -> tuple[str, list[str]]:
        """The text and the authors after a row; every row is told, in order."""
        if fold.seq in self._restored:
            self._learn(fold, self._restored[fold.seq])
        self._moments[fold.seq] = fold.text, [self._author(each) for each in fold.ids]
        return self._moments[fold.seq]

    def _learn(self, fold: Fold, restored: Restored) -> None:
        if restored.revision is not None:
            text, authors = self._moments[restored.revision]
            assert fold.text == text
            self._learnt |= dict(zip(fold.ids, authors, strict=True))
            return
        known = {*self._owners, *(client for client, _ in self._learnt)}
        new = [each for each in fold.ids if each[0] not in known]
        gone = [self._author(each) for each in restored.passage]
        self._learnt |= dict(zip(new, gone, strict=True))

    def _author(self, identity: ID) -> str:
        return self._learnt.get(identity) or self._owners[identity[0]]


@pytest.mark.parametrize("seed", range(6))
async def test_a_history_with_restores_has_the_true_text_and_authors_at_every_moment(
    server: Server, api: Api, seed: int
) -> None:
    people = {1_000 + n: api.somebody() for n in range(2 + seed % 3)}
    slug = api.make_article(next(iter(people.values())))
    story = Story(api, slug, people, seed)
    async with AsyncExitStack() as stack:
        replicas = [
            await stack.enter_async_context(
                join(api.sync_url(slug, person), client_id=client, presence={})
            )
            for client, person in people.items()
        ]
        await story.tell(replicas, 12)
    assert len(story.restored) > 5
    log = log_of(server.data_dir, slug)
    witness = Witness(people, story.restored)
    for fold in folds(log, range(len(log) + 1)):
        assert api.at(slug, fold.seq) == witness.tell(fold)
