"""The pictures in the documentation: taken anew with --screenshots."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize

from tests.support import serving
from tests.support.chromium import chromium
from tests.support.desk import Desk, desk
from tests.support.rest import Api

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 300_000  # bytes
WIDE = ViewportSize(width=1360, height=860)
SLIM = ViewportSize(width=420, height=860)
PEOPLE = ("Ada Lindqvist", "Kofi Mensah", "Mei Tanaka")
ARTICLES = (("maf", "Maf"), ("mazr", "MAZR: MAZ-related factor"), ("prdm1", "Prdm1 in B cells"))
# The legend counts shares when the page has a moment: they are those of the whole text.
COUNTED = """() => {
  const { spans, doc } = window.palimpsest
  const units = {}
  for (const { author, length } of spans()) units[author] = (units[author] ?? 0) + length
  const most = Math.max(...Object.values(units))
  const percent = Math.round(100 * most / doc.getText("content").length)
  return document.querySelector('.rail').innerText.includes(`${percent} %`)
}"""
REGRETTED = " *Where two sources disagree, both are told.*"
EDITS = (  # who writes behind what
    (1, "mouse.", " It belongs to the BTB-basic leucine zipper family [4]."),
    (2, "one source at a time.", REGRETTED),
    (
        0,
        "what becomes of them [1].",
        "\n- Both proteins come from **one** message: green cells are",
    ),
    (2, "green cells are", " the ones that express Bach2 [1]."),
    (1, "differentiation into neurons [2].", " Other lines are still to be looked at."),
)


@pytest.fixture
async def browser(request: pytest.FixtureRequest) -> AsyncIterator[Browser]:
    if not request.config.getoption("--screenshots"):
        pytest.skip("renews pictures; --screenshots does")
    async with chromium() as running:
        yield running


async def test_pictures_are_taken(browser: Browser, tmp_path: Path) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        with serving.running(tmp_path / "data", sample_article=True) as server:
            desks = [
                await stack.enter_async_context(
                    desk(browser, server.url, "bach2", name, viewport=WIDE)
                )
                for name in PEOPLE
            ]
            for who, behind, text in EDITS:
                await _edit(desks[who], behind, text)
                whole = await desks[who].text()
                for each in desks:
                    await each.until_text(whole)
            _begin_articles(server.url, desks)
            await _take_all(desks[0])
            await _take_past(desks[0], desks[1])
            await stack.aclose()


async def _edit(desk: Desk, behind: str, text: str) -> None:
    whole = await desk.text()
    start = whole.index(behind) + len(behind)
    await desk.place(start)
    await desk.page.keyboard.insert_text(text)


def _begin_articles(url: str, desks: list[Desk]) -> None:
    api = Api(url)
    for each, (slug, title) in zip(desks, ARTICLES, strict=True):
        body = {"slug": slug, "title": title}
        assert api.http.post("/api/v1/articles", json=body, headers=each.person.headers).is_success
    api.close()


async def _take_all(desk: Desk) -> None:
    page = desk.page
    await page.wait_for_function(COUNTED)
    await page.evaluate("window.scrollTo(0, 0)")
    await _take(desk, "article")
    await page.emulate_media(color_scheme="dark")
    await _take(desk, "article-dark")
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(SLIM)
    await _take(desk, "narrow")
    await page.set_viewport_size(WIDE)
    await page.goto(desk.address.removesuffix("/write"))
    await page.locator(".legend-row").nth(1).click()
    await page.locator(".chosen").wait_for()
    await _take(desk, "reading")
    await page.goto(desk.address.rsplit("/", 3)[0])
    await page.get_by_text("Bach2").first.wait_for()
    await _take(desk, "articles")


async def _take_past(desk: Desk, other: Desk) -> None:
    """Look back after another one has deleted a sentence."""
    await other.place((await other.text()).index(REGRETTED) + len(REGRETTED))
    for _ in REGRETTED:
        await other.page.keyboard.press("Backspace")
    await desk.page.goto(desk.address.removesuffix("/write") + "/history")
    await desk.page.locator(".struck").first.wait_for()
    await desk.page.locator(".legend-row").first.wait_for()
    await _take(desk, "history")


async def _take(desk: Desk, name: str) -> None:
    await desk.page.evaluate("document.fonts.ready.then(() => true)")
    picture = await desk.page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    assert len(picture) < LARGEST
