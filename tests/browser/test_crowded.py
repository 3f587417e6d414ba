"""Others write, many of them: what one reads stays in its place, and who is here can be seen."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, expect

from tests.support import wire
from tests.support.chromium import chromium
from tests.support.desk import Desk, desk
from tests.support.replica import join
from tests.support.rest import Api

LINES = "".join(f"Line {number} of a long article.\n" for number in range(400))
TOP = """words => {
  const lines = [...document.querySelectorAll('.cm-line')]
  return lines.find((line) => line.textContent === words)?.getBoundingClientRect().top
}"""


# A page's own socket, caught when it is made, is handed a message as if the server had sent it.
CATCH = """(() => {
  const Real = WebSocket
  window.WebSocket = class extends Real {
    constructor(...given) {
      super(...given)
      window.caught = this
    }
  }
})()"""
HEAR = """bytes => {
  caught.dispatchEvent(new MessageEvent('message', { data: new Uint8Array(bytes).buffer }))
}"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


async def scroll_to(reader: Desk, words: str) -> float:
    """Bring a line near the upper edge; where it then is, in pixels."""
    at = (await reader.text()).index(words)
    await reader.page.evaluate(
        "at => window.scrollTo(0, palimpsest.view.documentTop + window.scrollY"
        " + palimpsest.view.lineBlockAt(at).top - 150)",
        at,
    )
    await reader.page.wait_for_function(f"words => ({TOP})(words) !== undefined", arg=words)
    await settled(reader)
    return float(await reader.page.evaluate(TOP, words))


async def settled(reader: Desk) -> None:
    """Wait for two animation frames: what was to be drawn is drawn."""
    await reader.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


@pytest.mark.parametrize("far", [True, False])
@pytest.mark.parametrize("writes", [True, False])
async def test_the_line_that_one_reads_stays_where_it_is(
    browser: Browser, api: Api, *, far: bool, writes: bool
) -> None:
    slug = api.make_article(api.somebody(), LINES)
    other = api.somebody()
    async with (
        desk(browser, api.url, slug, f"Reader of {slug}") as reader,
        join(api.sync_url(slug, other)) as replica,
    ):
        words = "Line 200 of a long article."
        if writes:
            await reader.place(LINES.index(words) + 4)
        before = await scroll_to(reader, words)
        await replica.until_text(LINES)
        above = LINES.index("Line 3 " if far else "Line 190 ")
        replica.insert(above, "Something new.\n" * 30)
        await reader.until_text(replica.text)
        await settled(reader)
        assert await reader.page.evaluate(TOP, words) == pytest.approx(before, abs=1.5)


async def test_many_people_are_a_number_and_a_list(browser: Browser, api: Api) -> None:
    slug = api.make_article(api.somebody(), "Much visited.")
    async with AsyncExitStack() as stack:
        guest = await stack.enter_async_context(desk(browser, api.url, slug, "Guest"))
        for _ in range(12):
            url = api.sync_url(slug, api.somebody("Visitor"))
            (await stack.enter_async_context(join(url))).greet()
        await expect(guest.page.locator(".disc-more")).to_have_text("+6")
        rail = guest.page.locator(".rail .here li:visible")
        await expect(rail).to_have_count(6)
        await guest.page.get_by_role("button", name="Show 7 more").click()
        await expect(rail).to_have_count(13)
        await guest.page.locator("button.discs").click()
        await expect(guest.page.locator("#everybody li:visible")).to_have_count(13)


async def test_trouble_with_the_storage_is_told_until_it_is_over(
    browser: Browser, api: Api
) -> None:
    """The server's words are put into the page's socket: its disk is in good order."""
    slug = api.make_article(api.somebody(), "Good paper.")
    words = "storage-unavailable: The disk is full."
    frame = list(wire.uint(wire.AUTH) + wire.uint(wire.PERMISSION_DENIED) + wire.string(words))
    async with desk(browser, api.url, slug, "Writer") as writer:
        await writer.context.add_init_script(CATCH)
        await writer.open()
        await writer.page.evaluate(HEAR, frame)
        banner = writer.page.locator(".banner")
        await expect(banner).to_contain_text("The disk is full.")
        await writer.write("x")
        await expect(banner).to_be_hidden()
