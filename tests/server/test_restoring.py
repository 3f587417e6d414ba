"""Restoring: through the room's queue, while others type, with every author kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from crdt.errors import StandsAgain
from persistence.articles import Article
from persistence.revisions import Digest, Mark
from server.historian import Historian
from server.refusals import (
    NothingToRestore,
    StorageUnavailable,
    UnknownPassage,
    UnknownSection,
)
from server.restoring import ATTEMPTS, Passage, Restorer, Revision
from tests.support import stores
from tests.support.live import Guest, House, SlowLog, SlowStore, house


async def nothing() -> None:
    """Happen not."""


class Hall:
    """A house with a restorer, in which seqs can be marked as revisions.

    Things can be made to happen `before` something is computed, or `meanwhile`.
    """

    def __init__(self, here: House, historian: Historian) -> None:
        self.here = here
        self.historian = historian
        self.restorer = Restorer(here.rooms, self, here.settings)  # type: ignore[arg-type]
        self.article: Article = here.article()
        self.before = self.meanwhile = nothing
        self.tries = 0

    async def run(self, *job: Any) -> Any:
        """Stand between the restorer and the historian."""
        await self.before()
        found = await self.historian.run(*job)
        self.tries += 1
        await self.meanwhile()
        return found

    def mark(self, seq: int) -> Revision:
        digest = Digest("", (), (), b"\x00")
        mark = Mark(seq, stores.NOON, "named", made_by="ada")
        return Revision(self.here.store.revisions.add(self.article.id, mark, digest).number)

    async def authors(self) -> list[tuple[str, str]]:
        now = await self.here.rooms.snapshot(self.article)
        return [(now.text[s.start : s.start + s.length], s.author) for s in now.spans]


@asynccontextmanager
async def hall(**settings: Any) -> AsyncIterator[Hall]:
    store = SlowStore()
    async with (
        house(store, **settings) as here,
        Historian(here.settings, here.telemetry, store, 60.0) as historian,
    ):
        yield Hall(here, historian)


async def test_a_revision_comes_back_with_its_authors_and_everybody_is_shown() -> None:
    async with hall() as at:
        ada = await at.here.guest(at.article, at.here.ada)
        bob = await at.here.guest(at.article, at.here.bob, attribution=True)
        await ada.stored("hello world")
        wish = at.mark(1)
        await bob.until(lambda: bob.text == "hello world")
        bob.submit(bob.edit(lambda content: content.clear()))
        bob.type("bob")
        await bob.until(lambda: bob.room.head == 2)
        seq = await at.restorer.restore(at.article, at.here.cyd, wish)
        assert (seq, await at.authors()) == (3, [("hello world", "ada")])
        await bob.until(lambda: bob.text == "hello world")
        assert set(bob.ledger.inserted.values()) == {"ada", "bob"}
        with pytest.raises(NothingToRestore):
            await at.restorer.restore(at.article, at.here.cyd, wish)


async def two_sentences(at: Hall) -> tuple[Guest, Guest]:
    """Ada wrote two sentences, and Bob deleted them; revision 1 has them."""
    ada = await at.here.guest(at.article, at.here.ada)
    bob = await at.here.guest(at.article, at.here.bob)
    await ada.stored("One. Two.")
    await bob.until(lambda: bob.text == "One. Two.")
    bob.submit(bob.edit(lambda content: content.clear()))
    await bob.until(lambda: bob.room.head == 2)
    return ada, bob


async def test_others_type_while_it_is_computed() -> None:
    async with hall() as at:
        _, bob = await two_sentences(at)
        wish = at.mark(1)
        at.meanwhile = lambda: bob.stored("Bob's.")
        await at.restorer.restore(at.article, at.here.cyd, wish)
        text = (await at.here.rooms.snapshot(at.article)).text
        assert text in {"One. Two.Bob's.", "Bob's.One. Two."}


async def test_what_another_restored_meanwhile_is_computed_again() -> None:
    async with hall() as at:
        await two_sentences(at)
        wish = at.mark(1)

        async def restore() -> None:
            at.meanwhile = nothing
            await at.restorer.restore(at.article, at.here.bob, wish)

        at.meanwhile = restore
        with pytest.raises(NothingToRestore):
            await at.restorer.restore(at.article, at.here.cyd, wish)
        assert await at.authors() == [("One. Two.", "ada")]
        assert at.here.store.log.heads([at.article.id]) == {at.article.id: 3}


async def test_whoever_is_too_late_each_time_is_told() -> None:
    async with hall() as at:
        _, bob = await two_sentences(at)
        wish = at.mark(1)

        async def delete() -> None:
            head = bob.room.head
            if bob.text:
                bob.submit(bob.edit(lambda content: content.clear()))
                await bob.until(lambda: bob.room.head > head)

        async def restore() -> None:
            at.before = at.meanwhile = nothing
            await at.restorer.restore(at.article, at.here.bob, wish)
            await bob.until(lambda: bob.text)
            at.before, at.meanwhile = delete, restore
            at.tries -= 1

        at.before, at.meanwhile = delete, restore
        with pytest.raises(StandsAgain):
            await at.restorer.restore(at.article, at.here.cyd, wish)
        assert at.tries == ATTEMPTS


async def test_a_large_one_goes_in_in_portions_and_a_member_sees_all_of_it() -> None:
    async with hall(loop_update_bytes=70_000, max_message_bytes=1 << 20) as at:
        ada = await at.here.guest(at.article, at.here.ada)
        text = "".join(f"word {n} é😀\n" for n in range(20_000))
        await at.here.rooms.write(at.article, at.here.ada, text)
        wish = at.mark(1)
        await ada.until(lambda: ada.text == text)
        ada.submit(ada.edit(lambda content: content.clear()))
        await ada.until(lambda: ada.room.head == 2)
        seq = await at.restorer.restore(at.article, at.here.bob, wish)
        assert seq > 4
        assert await at.authors() == [(text, "ada")]
        await ada.until(lambda: ada.text == text)


async def test_what_could_not_be_stored_is_told_and_can_be_asked_for_again() -> None:
    async with hall() as at:
        await two_sentences(at)
        wish, log = at.mark(1), at.here.store.log
        assert isinstance(log, SlowLog)
        log.errors.append(RuntimeError("the disk"))
        with pytest.raises(StorageUnavailable):
            await at.restorer.restore(at.article, at.here.cyd, wish)
        await at.restorer.restore(at.article, at.here.cyd, wish)
        assert await at.authors() == [("One. Two.", "ada")]


async def test_a_section_comes_back_alone() -> None:
    async with hall() as at:
        ada = await at.here.guest(at.article, at.here.ada)
        code = "```\n# Two\n```\n"
        await ada.stored(f"# One\nfirst\n{code}# Two ##\nsecond\n# Three\nthird\n")
        number = at.mark(1).number
        ada.submit(ada.edit(lambda content: content.clear()))
        await ada.until(lambda: ada.room.head == 2)
        await at.restorer.restore(at.article, at.here.bob, Revision(number, "Two"))
        assert await at.authors() == [("# Two ##\nsecond\n", "ada")]
        with pytest.raises(UnknownSection):
            await at.restorer.restore(at.article, at.here.bob, Revision(number, "Four"))


async def test_a_passage_comes_back_and_then_stands() -> None:
    async with hall() as at:
        ada, _ = await two_sentences(at)
        client = ada.doc.client_id
        passage = Passage(((client, 0, 4),))
        await at.restorer.restore(at.article, at.here.cyd, passage)
        assert await at.authors() == [("One.", "ada")]
        with pytest.raises(NothingToRestore):
            await at.restorer.restore(at.article, at.here.cyd, passage)
        await at.restorer.restore(at.article, at.here.cyd, Passage(((client, 2, 7),)))
        assert await at.authors() == [("One. Two.", "ada")]
        with pytest.raises(UnknownPassage):
            await at.restorer.restore(at.article, at.here.cyd, Passage(((client, 5, 5),)))
