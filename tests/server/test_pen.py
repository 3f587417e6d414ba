import pytest

from crdt.errors import Refusal
from persistence.errors import SlugTaken
from server.pen import write
from server.refusals import StorageUnavailable
from tests.support.live import SlowStore, house


async def test_what_a_pen_writes_goes_to_the_members_as_the_authors() -> None:
    async with house() as here:
        article = here.article()
        reader = await here.guest(article, None, attribution=True)
        await here.rooms.write(article, here.bob, "by HTTP")
        await reader.until(lambda: reader.text == "by HTTP")
        assert set(reader.ledger.inserted.values()) == {"bob"}


async def test_a_pen_writes_behind_what_is_there() -> None:
    async with house() as here:
        article = here.article()
        assert await here.rooms.write(article, here.ada, "ä😀 ") == 1
        assert await here.rooms.write(article, here.bob, "end") == 2
        assert (await here.rooms.snapshot(article)).text == "ä😀 end"


async def test_a_pen_hears_when_its_text_could_not_be_stored() -> None:
    async with house() as here:
        article = here.article()
        assert isinstance(here.store, SlowStore)
        here.store.log.errors.append(RuntimeError("the disk"))
        with pytest.raises(StorageUnavailable):
            await here.rooms.write(article, here.ada, "words")


async def test_first_words_are_written_once() -> None:
    async with house() as here:
        room = await here.room(here.article())
        assert await write(room, here.ada, "first", here.settings, first=True) == 1
        with pytest.raises(SlugTaken):
            await write(room, here.ada, "first", here.settings, first=True)
        assert (await here.rooms.snapshot(here._articles[0])).text == "first"


async def test_nothing_to_write_is_no_row() -> None:
    async with house() as here:
        article = here.article()
        assert await here.rooms.write(article, here.ada, "") == 0


async def test_a_text_that_is_too_large_is_refused() -> None:
    async with house(max_message_bytes=70_000) as here:
        with pytest.raises(Refusal):
            await here.rooms.write(here.article(), here.ada, "x" * 80_000)
