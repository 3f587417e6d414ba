"""Scripts that run from right to left, names among them, and what is read aloud."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Route

from tests.support import serving
from tests.support.chromium import chromium
from tests.support.desk import desk
from tests.support.rest import Api

TEXT = "# עברית\n\n# English\n"
# Where a heading's mark and its first letter are, in pixels from the left.
PLACES = """() => [...document.querySelectorAll('.cm-line:has(.md-hang)')].map((line) => {
  const mark = line.querySelector('.md-hang').getBoundingClientRect()
  const words = document.createRange()
  words.setStartAfter(line.querySelector('.md-hang'))
  words.setEndAfter(line.lastChild)
  const text = words.getBoundingClientRect()
  return [mark.left >= text.right - 1, mark.right <= text.left + 1]
})"""
HISTORY = "**/history?*"
PROMISE = "Whoever writes here will be named."


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.mark.parametrize("width", [1360, 420])
async def test_marks_hang_beside_the_text_on_the_side_where_it_begins(
    browser: Browser, server: serving.Server, api: Api, width: int
) -> None:
    slug = api.make_article(api.somebody(), TEXT)
    size = {"width": width, "height": 800}
    async with desk(browser, server.url, slug, f"Noa {width}", viewport=size) as noa:
        await noa.until_text(TEXT)
        assert await noa.page.evaluate(PLACES) == [[True, False], [False, True]]


async def test_names_of_another_direction_do_not_reorder_their_shares(
    browser: Browser, server: serving.Server, api: Api
) -> None:
    dana = api.sign_in("דנה כהן")
    slug = api.make_article(dana, "Some words.")
    body = {"label": "One"}
    made = api.http.post(f"/api/v1/articles/{slug}/revisions", json=body, headers=dana.headers)
    assert made.is_success, made.text
    page = await browser.new_page()
    await page.goto(f"{server.url}/articles/{slug}")
    name = await page.locator(".byline-names a").bounding_box()
    share = await page.locator(".byline-names .part").bounding_box()
    assert name is not None
    assert share is not None
    assert share["x"] >= name["x"] + name["width"]
    await page.close()


async def test_the_button_of_a_person_is_called_by_what_it_is_for(
    browser: Browser, server: serving.Server, api: Api
) -> None:
    slug = api.make_article(api.somebody())
    async with desk(browser, server.url, slug, "Kofi Mensah") as kofi:
        named = kofi.page.get_by_role("button", name="Kofi Mensah: colour, passphrase, sign out")
        assert await named.locator("[aria-hidden]").inner_text() == "KM"
        assert await named.get_attribute("aria-label") is None


async def test_nobody_is_promised_a_name_before_it_is_known_that_nobody_has_written(
    browser: Browser, server: serving.Server, api: Api
) -> None:
    written, empty = api.make_article(api.somebody(), "Words."), api.make_article(api.somebody())
    async with desk(browser, server.url, written, "Olena") as olena:
        page = olena.page
        waiting: list[Route] = []
        await page.route(HISTORY, lambda route: waiting.append(route))  # noqa: PLW0108 - no builtin
        await page.goto(olena.address.removesuffix("/write") + "/history")
        await page.get_by_text("Reading the history").wait_for()
        await page.keyboard.press("Alt+a")  # draws the legend
        assert await page.get_by_text(PROMISE).count() == 0
        for route in waiting:
            await route.continue_()
        await page.unroute(HISTORY)
        await page.locator(".legend-row").first.wait_for(state="attached")
        await page.goto(f"{server.url}/articles/{empty}/write")
        await page.get_by_text(PROMISE).wait_for()
