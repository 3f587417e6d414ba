"""The pages that are read, in a browser: with and without a program."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support import serving
from tests.support.chromium import chromium
from tests.support.provided import provided
from tests.support.rest import Api, Person

TEXT = """# Maf 🧬

**Synonyms:** *c-Maf*, عامل, 漢字

## Facts

- Maf binds `DNA 🐍` [1] and [a link](https://example.org/).

| gene | value |
|------|-------|
| **Maf** | 3.1 |

## References

1. Kataoka, K. *Oncogene* (1993)
"""
RUNS = """() => [...document.querySelectorAll('.prose .r')].map((run) =>
  [run.textContent, /(?:^| )b(\\d+)/.exec(run.className)[1]])"""
AUTHORS = """() => Object.fromEntries([...document.querySelectorAll('.legend-row')].map((row) =>
  [/(?:^| )b(\\d+)/.exec(row.className)[1], row.dataset.author]))"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    folder = tmp_path_factory.mktemp("server") / "data"
    with serving.running(folder, revision_quiet_seconds=0.2) as running:
        yield running


@asynccontextmanager
async def opened(browser: Browser, address: str, *, js: bool = True) -> AsyncIterator[Page]:
    context = await browser.new_context(java_script_enabled=js)
    context.set_default_timeout(30_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = await context.new_page()
    await page.goto(address)
    if js:
        await page.wait_for_function("document.querySelector('.lively, .listing, .refused')")
    try:
        yield page
    finally:
        await context.close()
    assert not errors, errors


async def written(api: Api) -> tuple[str, Person, Person]:
    """Make an article of two: the second writes into bold, code, a link and a table."""
    ada, bob = api.somebody("Ada"), api.somebody("Bob")
    slug = api.make_article(ada, TEXT)
    text = TEXT
    async with provided(api.sync_url(slug, bob)) as his:
        await his.until_text(TEXT)
        for behind in ("**Syn", "c-M", "漢", "`DNA", "[a l", "**M", "Kata"):
            at = text.index(behind) + len(behind)
            his.text.insert(len(text[:at].encode()), "bé🦉")
            text = f"{text[:at]}bé🦉{text[at:]}"
    async with provided(api.sync_url(slug, ada)) as hers:
        await hers.until_text(text)
    return slug, ada, bob


async def test_every_run_has_the_author_that_the_spans_tell(browser: Browser, api: Api) -> None:
    slug, _, _ = await written(api)
    text, authors = api.authors(slug)
    async with opened(browser, f"{api.url}/articles/{slug}") as page:
        runs: list[Any] = await page.evaluate(RUNS)
        by: dict[str, str] = await page.evaluate(AUTHORS)
    shown = [(character, by[number]) for run, number in runs for character in run]
    at = 0
    for character, author in shown:  # marks are skipped, nothing else is
        while text[at] != character:
            assert text[at] in "#*`[]()|-:/.\n 1" or text[at].isascii(), text[at]
            at += 1
        assert author == authors[at], (character, at)
        at += 1
    assert {"b", "é", "🦉", "漢", "ع"} <= {character for character, _ in shown}


@pytest.mark.parametrize("js", [True, False])
async def test_clicking_text_tells_who_wrote_it_and_since_which_revision(
    browser: Browser, api: Api, *, js: bool
) -> None:
    slug, _, bob = await written(api)
    answer = api.http.post(
        f"/api/v1/articles/{slug}/revisions", json={"label": "one"}, headers=bob.headers
    )
    assert answer.is_success, answer.text
    async with opened(browser, f"{api.url}/articles/{slug}", js=js) as page:
        await page.locator(".prose strong .r", has_text="bé🦉").first.click()
        told = page.locator(".card" if js else ".note:target")
        await expect(told).to_be_visible()
        await expect(told).to_contain_text(bob.name)
        await expect(told).to_contain_text(re.compile(r"since revision \d"))


@pytest.mark.parametrize("js", [True, False])
async def test_clicking_an_author_marks_their_text_and_tells_where_else_they_wrote(
    browser: Browser, api: Api, *, js: bool
) -> None:
    other, _, _ = await written(api)
    slug, ada, bob = await written(api)
    async with opened(browser, f"{api.url}/articles/{slug}", js=js) as page:
        await page.locator(f'.legend-row[data-author="{bob.id}"]').click()
        await expect(page.locator(".chosen")).to_contain_text("All that")
        assert f"author={bob.id}" in page.url
        his = page.locator(".prose .r", has_text="bé🦉").first
        await expect(his).to_have_css("opacity", "1")
        await expect(page.locator(".prose .body .r").last).to_have_css("opacity", "0.35")
        await page.locator(".chosen a", has_text="All that").click()
        await page.wait_for_url(f"{api.url}/authors/{bob.id}")
        await expect(page.locator("h1")).to_have_text(bob.name)
    assert other != slug
    assert ada.id != bob.id


async def test_the_keyboard_walks_through_the_text_and_toggles_the_colours(
    browser: Browser, api: Api
) -> None:
    slug, ada, bob = await written(api)
    async with opened(browser, f"{api.url}/articles/{slug}") as page:
        await page.locator(".prose").focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(".card")).to_contain_text(ada.name)
        while bob.name not in await page.locator(".card").inner_text():
            await page.keyboard.press("ArrowRight")
        assert await page.locator(".picked").inner_text() == "bé🦉"
        await page.keyboard.press("Escape")
        await expect(page.locator(".card")).to_be_hidden()
        plain = await _background(page)
        await page.keyboard.press("Alt+a")
        assert await _background(page) != plain


async def _background(page: Page) -> str:
    return str(
        await page.locator(".prose .r").first.evaluate("run => getComputedStyle(run).background")
    )


@pytest.mark.parametrize("js", [True, False])
async def test_an_article_is_found_by_its_text(browser: Browser, api: Api, *, js: bool) -> None:
    author, word = api.somebody("Finder"), "Zwitterions" if js else "Chelators"
    slug = api.make_article(author, f"{word} are found here.")
    answer = api.http.post(
        f"/api/v1/articles/{slug}/revisions", json={"label": "one"}, headers=author.headers
    )
    assert answer.is_success, answer.text
    async with opened(browser, f"{api.url}/", js=js) as page:
        await page.fill("input[name=q]", word[:7].lower())
        await page.keyboard.press("Enter")
        await expect(page.locator(".article-row mark")).to_have_text(word[:7])
        await page.locator(".article-row h2 a").click()
        await expect(page.locator(".prose")).to_contain_text(word)


async def test_a_private_article_is_read_after_signing_in(browser: Browser, api: Api) -> None:
    author = api.somebody("Secret")
    body = {"slug": "hidden", "title": "Hidden", "text": "Hidden words", "visibility": "private"}
    assert api.http.post("/api/v1/articles", json=body, headers=author.headers).is_success
    async with opened(browser, f"{api.url}/articles/hidden") as page:
        await expect(page.locator("main")).not_to_contain_text("Hidden words")
        await page.locator("main a", has_text="Sign in").click()
        await page.fill("#name", "Somebody Else")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{api.url}/articles/hidden")
        await expect(page.locator(".prose")).to_contain_text("Hidden words")


async def test_nothing_on_a_page_is_wider_than_a_telephone(
    browser: Browser, api: Api, tmp_path: Path
) -> None:
    slug, _, _ = await written(api)
    async with opened(browser, f"{api.url}/articles/{slug}") as page:
        await page.set_viewport_size({"width": 360, "height": 700})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.locator(".rail-link").click()
        await expect(page.locator(".rail.open")).to_be_visible()
        await page.screenshot(path=tmp_path / "narrow.png")
