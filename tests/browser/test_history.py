"""Somebody looks back in a real browser: every moment, in every colour, as the server tells it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest
from playwright.async_api import Browser, Page, expect

from tests.support import serving
from tests.support.chromium import chromium
from tests.support.desk import Desk, desk, len16
from tests.support.provided import provided
from tests.support.rest import Api, Person

PATIENCE = 30.0  # seconds until an edit that should have been stored is given up
# Before the history is here, the page shows nothing, as it does before the first edit.
SHOWN = """seq => window.palimpsest?.seq() === seq
    && !document.querySelector('.cm-editor.opening')"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


class Looker:
    """A person who looks at an article's past in a page."""

    def __init__(self, desk: Desk, api: Api, slug: str) -> None:
        self.page: Page = desk.page
        self.desk = desk
        self.api = api
        self.slug = slug

    @property
    def address(self) -> str:
        return f"{self.api.url}/articles/{self.slug}/history"

    async def open(self, seq: int | None = None) -> None:
        """Open the history, at a moment if one is given, as somebody does who got a link."""
        await self.page.goto("about:blank")
        await self.page.goto(self.address if seq is None else f"{self.address}#seq={seq}")
        await self.until(self.head if seq is None else seq)

    async def go(self, seq: int) -> None:
        """Follow a link to another moment of the open history."""
        await self.page.evaluate("seq => { location.hash = `#seq=${seq}` }", seq)
        await self.until(seq)

    async def until(self, seq: int) -> None:
        await self.page.wait_for_function(SHOWN, arg=seq)

    @property
    def head(self) -> int:
        return int(self.api.http.get(f"/api/v1/articles/{self.slug}").json()["seq"])

    def told(self, seq: int) -> tuple[str, list[str]]:
        """The text after a row of the log, and the author of each UTF-16 unit."""
        answer = self.api.http.get(f"/api/v1/articles/{self.slug}/at/{seq}")
        assert answer.is_success, answer.text
        text = answer.json()["text"]
        authors: list[str] = []
        for span in answer.json()["spans"]:
            part = text[span["start"] : span["start"] + span["length"]]
            authors += [span["author"]] * len16(part)
        return text, authors

    async def check(self, seq: int) -> None:
        """The page shows what the server tells of a moment, each character in its author's tint."""
        text, authors = self.told(seq)
        assert await self.desk.text() == text
        drawn = await self.desk.drawn()
        assert [each["author"] for each in drawn] == authors
        units = text.encode("utf-16-le")
        breaks = {at for at in range(len(drawn)) if units[2 * at : 2 * at + 2] == b"\n\0"}
        seen = [each for at, each in enumerate(drawn) if at not in breaks]
        assert [each["drawn"] for each in seen] == [each["tint"] for each in seen]
        assert None not in [each["tint"] for each in seen]

    async def struck(self) -> list[str]:
        return await self.page.locator(".struck").all_inner_texts()

    async def press(self, *keys: str) -> None:
        await self.desk.press(*keys)


@asynccontextmanager
async def looking(
    browser: Browser, api: Api, slug: str, name: str | None = None
) -> AsyncIterator[Looker]:
    async with desk(browser, api.url, slug, name) as sitting:
        yield Looker(sitting, api, slug)


LINES, WORDS, TITLE, END = "aaaa🅰aa\n" * 3, "bbb🅱bb " * 3, "# ppp\n\n", "the end"


@pytest.fixture(scope="module")
async def recorded(browser: Browser, server: serving.Server) -> str:
    """The slug of what three wrote at once, deleted from each other and took back."""
    api = Api(server.url)
    slug, pyotr = api.make_article(api.somebody()), api.somebody("Pyotr")
    whole = len16(LINES + WORDS + TITLE)
    async with (
        desk(browser, api.url, slug, "Ada") as ada,
        desk(browser, api.url, slug, "Bob") as bob,
        desk(browser, api.url, slug, "Udo") as udo,
        provided(api.sync_url(slug, pyotr, attribution=False)) as pyotrs,
    ):
        await asyncio.gather(ada.write(LINES), bob.write(WORDS))
        pyotrs.text.insert(0, TITLE)
        await asyncio.gather(ada.until_length(whole), bob.until_length(whole))
        await udo.until_length(whole)
        await udo.place(len(TITLE), len(TITLE) + 3)
        await udo.press("Delete")
        await ada.until_length(whole - 3)
        await udo.press("Control+z")
        await ada.until_length(whole)
        await ada.place(0, 2)
        await ada.press("Delete")
        await bob.until_length(whole - 2)
        await bob.write(END, at=3)
        await ada.until_length(whole - 2 + len(END))
    api.close()
    return slug


async def edit(
    api: Api, slug: str, person: Person, text: str = "", *, at: int = 0, deleted: int = 0
) -> int:
    """Let a person make one edit, in bytes; return the seq of its row."""
    async with provided(api.sync_url(slug, person, attribution=False)) as theirs:
        if deleted:
            del theirs.text[at : at + deleted]
        else:
            theirs.text.insert(at, text)
        wanted = str(theirs.text)
        with anyio.fail_after(PATIENCE):
            while (told := api.spans(slug))["text"] != wanted:
                await anyio.lowlevel.checkpoint()
    return int(told["seq"])


async def test_a_recorded_session_is_replayed_with_every_colour(
    browser: Browser, api: Api, recorded: str
) -> None:
    async with looking(browser, api, recorded, "Lou") as lou:
        await lou.open()
        head = lou.head
        await lou.check(head)
        for seq in sorted({1, 2, head // 4, head // 2, 3 * head // 4, head - 2, head - 1}):
            await lou.go(seq)
            await lou.check(seq)


async def test_stepping_stops_at_every_edit(browser: Browser, api: Api, recorded: str) -> None:
    async with looking(browser, api, recorded) as visitor:
        await visitor.open(0)
        assert await visitor.desk.text() == ""
        for seq in range(1, 6):
            await visitor.press("ArrowRight")
            await visitor.until(seq)
            assert await visitor.desk.text() == visitor.told(seq)[0]
        await visitor.press("ArrowLeft")
        await visitor.until(4)
        await visitor.press("End")
        await visitor.until(visitor.head)
        await visitor.press("Home")
        await visitor.until(0)


async def test_it_plays_to_the_present(browser: Browser, api: Api, recorded: str) -> None:
    async with looking(browser, api, recorded) as visitor:
        await visitor.open(1)
        await visitor.page.get_by_label("Speed").select_option("60")
        await visitor.press("Space")
        await expect(visitor.page.get_by_role("button", name="Pause")).to_be_visible()
        await visitor.until(visitor.head)
        await expect(visitor.page.get_by_role("button", name="Play")).to_be_visible()
        await visitor.check(visitor.head)


async def test_an_address_names_the_moment(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Wim"), api.make_article(api.somebody())
    for text in ("one ", "two ", "three "):
        await edit(api, slug, writer, text)
    async with looking(browser, api, slug) as visitor:
        await visitor.open(2)
        assert await visitor.desk.text() == "two one "
        await visitor.press("ArrowLeft")
        await expect(visitor.page).to_have_url(re.compile(r"#seq=1$"))
        await visitor.page.reload()
        await visitor.until(1)
        assert await visitor.desk.text() == "one "


async def test_the_slider_tells_its_moment(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Sam"), api.make_article(api.somebody())
    for text in ("one ", "two ", "three "):
        await edit(api, slug, writer, text)
    async with looking(browser, api, slug) as visitor:
        await visitor.open()
        slider = visitor.page.get_by_role("slider", name="Moment of the article")
        box = await slider.bounding_box()
        assert box is not None
        await visitor.page.mouse.click(box["x"] + 1, box["y"] + box["height"] / 2)
        await visitor.until(0)
        await expect(slider).to_have_attribute("aria-valuetext", "before the first edit")
        await visitor.page.mouse.click(box["x"] + box["width"] - 1, box["y"] + 20)
        await visitor.until(3)
        told = re.compile(rf", edit 3 of 3, by {writer.name}$")
        await expect(slider).to_have_attribute("aria-valuetext", told)


async def test_a_named_moment_can_be_gone_back_to(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Nan"), api.make_article(api.somebody())
    for text in ("one ", "two ", "three "):
        await edit(api, slug, writer, text)
    async with looking(browser, api, slug, "Nils") as nils:
        await nils.open(2)
        await nils.page.get_by_text("Name this moment").click()
        await nils.page.get_by_label("Name", exact=True).fill("Half way")
        await nils.page.get_by_label("Note").fill("Before the third word.")
        await nils.page.get_by_role("button", name="Keep this name").click()
        row = nils.page.get_by_role("button", name="Half way").first
        await expect(row).to_be_visible()
        await nils.press("Escape", "End")
        await nils.page.locator("#revision-label").blur()
        await nils.press("End")
        await nils.until(3)
        await row.click()
        await nils.until(2)
        assert await nils.desk.text() == "two one "
        await expect(nils.page.get_by_text("Before the third word.")).to_be_visible()


async def test_deleted_text_is_struck_and_tells_who_deleted_it(browser: Browser, api: Api) -> None:
    writer, deleter = api.somebody("Willa"), api.somebody("Dirk")
    slug = api.make_article(api.somebody())
    await edit(api, slug, writer, "keep lose keep")
    seq = await edit(api, slug, deleter, at=5, deleted=5)
    async with looking(browser, api, slug) as visitor:
        await visitor.open(seq)
        assert await visitor.desk.text() == "keep keep"
        assert await visitor.struck() == ["lose "]
        await visitor.page.locator(".struck").focus()
        card = visitor.page.locator(".card:visible")
        await expect(card).to_contain_text(writer.name)
        await expect(card).to_contain_text(f"deleted by {deleter.name}")
        await visitor.press("ArrowLeft")
        await visitor.until(seq - 1)
        assert await visitor.struck() == []


async def test_restored_text_shows_who_wrote_it_and_who_brought_it_back(
    browser: Browser, api: Api
) -> None:
    writer, deleter = api.somebody("Wanda"), api.somebody("Dora")
    slug = api.make_article(api.somebody())
    await edit(api, slug, writer, "keep lose keep")
    await edit(api, slug, deleter, at=5, deleted=5)
    async with looking(browser, api, slug, "Rosa") as rosa:
        await rosa.open()
        await rosa.page.get_by_text("Recently deleted").click()
        row = rosa.page.locator("#past-rail .deletion")
        await expect(row).to_contain_text(f"{deleter.name} deleted this")
        await expect(row).to_contain_text(f"written by {writer.name}")
        await row.get_by_role("button", name="Bring back").click()
        await rosa.page.get_by_role("button", name="Bring it back").click()
        await rosa.until(3)
        await rosa.check(3)
        assert await rosa.desk.text() == "keep lose keep"
        assert set(rosa.told(3)[1]) == {writer.id}
        await (
            rosa.page.get_by_text("lose", exact=True).or_(rosa.page.locator(".fresh")).first.hover()
        )
        card = rosa.page.locator(".card:visible")
        await expect(card).to_contain_text(writer.name)
        await expect(card).to_contain_text("brought back by Rosa")


async def test_a_revision_is_restored_with_all_authors(browser: Browser, api: Api) -> None:
    writer, other = api.somebody("Wolf"), api.somebody("Olga")
    slug = api.make_article(api.somebody())
    await edit(api, slug, writer, "first words ")
    seq = await edit(api, slug, other, "and others ")
    await edit(api, slug, writer, at=0, deleted=16)
    body = {"label": "Before", "seq": seq}
    named = api.http.post(f"/api/v1/articles/{slug}/revisions", json=body, headers=writer.headers)
    assert named.is_success, named.text
    async with looking(browser, api, slug, "Rita") as rita:
        await rita.open()
        await rita.page.get_by_role("button", name="Bring back: Before").click()
        dialog = rita.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("16 characters come back")
        await dialog.get_by_role("button", name="Bring it back").click()
        await rita.until(4)
        assert rita.told(4) == rita.told(seq)
        await rita.check(4)


async def test_what_changed_since_the_last_look_is_shown(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Wes"), api.make_article(api.somebody())
    await edit(api, slug, writer, "old gone old ")
    async with looking(browser, api, slug, "Lena") as lena:
        await lena.open()
        await lena.page.goto("about:blank")
        await edit(api, slug, writer, at=4, deleted=5)
        await edit(api, slug, writer, "new ")
        await lena.open()
        line = lena.page.locator(".comparing")
        await expect(line).to_contain_text(f"2 edits by {writer.name}")
        await line.get_by_role("button", name="Show what changed").click()
        await expect(lena.page.locator(".struck")).to_have_text("gone ")
        await expect(lena.page.locator(".fresh")).to_have_text("new ")


async def test_steps_of_one_author_or_one_section(browser: Browser, api: Api) -> None:
    ann, ben = api.somebody("Ann"), api.somebody("Ben")
    slug = api.make_article(api.somebody())
    await edit(api, slug, ann, "# One\n\nannn\n\n# Two\n\nannn\n")
    await edit(api, slug, ben, "ben ", at=7)
    await edit(api, slug, ann, "ann ", at=len("# One\n\nben annn\n\n# Two\n\n"))
    await edit(api, slug, ben, "ben ", at=7)
    async with looking(browser, api, slug) as visitor:
        await visitor.open()
        await visitor.page.locator("#past-rail").get_by_role("button", name=ann.name).click()
        for seq in (3, 1):
            await visitor.press("ArrowLeft")
            await visitor.until(seq)
        await visitor.press("Escape", "End")
        await visitor.until(4)
        picker = visitor.page.get_by_label("Section", exact=True)
        await picker.focus()
        await picker.select_option(label="One")
        await picker.blur()
        for seq in (2, 1):
            await visitor.press("ArrowLeft")
            await visitor.until(seq)


async def test_writing_and_looking_back_are_one_page(browser: Browser, api: Api) -> None:
    slug = api.make_article(api.somebody())
    async with looking(browser, api, slug, "Mia") as mia:
        await mia.desk.write("some words")
        await mia.desk.until_text("some words")
        await mia.page.get_by_role("link", name="History").click()
        await mia.until(mia.head)
        await mia.page.get_by_role("link", name="Write").click()
        await mia.page.wait_for_function("() => palimpsest.seq() === null")
        await mia.desk.press("Control+z")
        await mia.desk.write("other words")
        await mia.page.get_by_role("link", name="History").click()
        await mia.page.wait_for_function("() => palimpsest.seq() !== null")
        await mia.until(mia.head)
        assert await mia.desk.text() == mia.told(mia.head)[0]


async def test_one_section_of_a_revision_is_restored(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Sina"), api.make_article(api.somebody())
    seq = await edit(api, slug, writer, "# One\n\nlost\n\n# *Two*\n\nlost\n")
    await edit(api, slug, writer, at=len("# One\n\n"), deleted=len("lost"))
    await edit(api, slug, writer, at=len("# One\n\n\n\n# *Two*\n\n"), deleted=len("lost"))
    body = {"label": "Whole", "seq": seq}
    path = f"/api/v1/articles/{slug}/revisions"
    assert api.http.post(path, json=body, headers=writer.headers).is_success
    async with looking(browser, api, slug, "Rolf") as rolf:
        await rolf.open()
        await rolf.page.get_by_role("button", name="Bring back: Whole").click()
        dialog = rolf.page.get_by_role("dialog")
        await dialog.get_by_label("What").select_option(label="*Two*")
        await dialog.get_by_role("button", name="Bring it back").click()
        await rolf.until(4)
        assert await rolf.desk.text() == "# One\n\n\n\n# *Two*\n\nlost\n"
        await rolf.check(4)


async def test_deleted_text_is_brought_back_while_one_writes(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Vera"), api.make_article(api.somebody())
    await edit(api, slug, writer, "keep lose keep")
    await edit(api, slug, writer, at=5, deleted=5)
    async with desk(browser, api.url, slug, "Viktor") as viktor:
        await viktor.page.locator("#rail").get_by_text("Recently deleted").click()
        row = viktor.page.locator("#rail .deletion")
        await expect(row).to_contain_text("lose")
        await row.get_by_role("button", name="Bring back").click()
        await viktor.page.get_by_role("button", name="Bring it back").click()
        await viktor.until_text("keep lose keep")
        assert set(await viktor.authors()) == {writer.id}
        await expect(row).to_have_count(0)
        await viktor.page.get_by_role("link", name="History").click()
        await viktor.page.wait_for_function(SHOWN, arg=3)


async def test_others_who_write_leave_a_moment_as_it_is(browser: Browser, api: Api) -> None:
    writer, slug = api.somebody("Otto"), api.make_article(api.somebody())
    for text in ("one ", "two "):
        await edit(api, slug, writer, text)
    async with looking(browser, api, slug) as visitor:
        await visitor.open(1)
        await visitor.page.wait_for_function("() => palimpsest.state().startsWith('read only')")
        await edit(api, slug, writer, "three ")
        slider = visitor.page.get_by_role("slider", name="Moment of the article")
        await expect(slider).to_have_attribute("aria-valuemax", "3", timeout=20_000)
        assert await visitor.desk.text() == "one "
