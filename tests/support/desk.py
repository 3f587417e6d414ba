"""A person at a browser: signed in through the demo's form, with one article open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page

from tests.support.rest import Person

TEXT = ".cm-content"
SESSION = "JSON.parse(localStorage.getItem('palimpsest:session'))"
DRAWN = """() => {
  const { view, colourAt, tintOf, authorAt } = window.palimpsest
  return Array.from({ length: view.state.doc.length }, (_, at) => {
    const author = authorAt(at)
    return { author, drawn: colourAt(at), tint: author && tintOf(author) }
  })
}"""

# A database's writes are done in turn: when this one is, all before it are.
WRITTEN_DOWN = """async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = () => resolve(request.result)
    request.onerror = reject
  })
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name))
    const stores = [...database.objectStoreNames]
    const writing = database.transaction(stores, 'readwrite', { durability: 'strict' })
    await done(writing)
    database.close()
  }
}"""


@dataclass
class Desk:
    """One browser context, so one person's own storage; `page` shows the article of `address`."""

    context: BrowserContext
    page: Page
    person: Person | None
    address: str

    async def open(self, *, state: str | None = "stored") -> None:
        """Load the article, in a new page where the last one was closed."""
        if self.page.is_closed():
            self.page = await self.context.new_page()
        await self.page.goto(self.address)
        await self.page.wait_for_function("() => window.palimpsest !== undefined")
        if state is not None:
            await self.until_state(state)

    # What the person does

    async def place(self, at: int, to: int | None = None) -> None:
        """Put the caret at a position in UTF-16 units, or select up to another."""
        await self.page.evaluate(
            "([anchor, head]) => { palimpsest.view.focus();"
            " palimpsest.view.dispatch({ selection: { anchor, head } }) }",
            [at, at if to is None else to],
        )

    async def write(self, text: str, at: int | None = None) -> None:
        """Type at a position, or at the end; a key at a time where there is a key."""
        await self.place(len16(await self.text()) if at is None else at)
        await self.page.keyboard.type(text)

    async def leave(self) -> None:
        """Close the page once the browser has written down what is kept in it."""
        await self.page.evaluate(WRITTEN_DOWN)
        await self.page.close()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    # What the person sees

    async def text(self) -> str:
        return str(await self.page.evaluate("palimpsest.view.state.doc.toString()"))

    async def state(self) -> str:
        """Return the words of the state line."""
        return (await self.page.locator(".state").inner_text()).strip()

    async def until_state(self, words: str) -> None:
        await self.page.wait_for_function(
            "words => palimpsest.state().startsWith(words)"
            " && document.querySelector('.state').textContent === palimpsest.state()",
            arg=words,
        )

    async def until_text(self, text: str) -> None:
        """Wait until the page has this text and nothing of it waits to be stored."""
        try:
            await self.page.wait_for_function(
                "text => palimpsest.view.state.doc.toString() === text"
                " && palimpsest.state() === 'stored'",
                arg=text,
            )
        except Error as error:
            raise AssertionError(f"{await self.text()!r}, {await self.state()!r}") from error

    async def until_length(self, units: int) -> None:
        await self.page.wait_for_function(
            "units => palimpsest.view.state.doc.length === units && palimpsest.state() === 'stored'"
            " && palimpsest.spans().reduce((sum, span) => sum + span.length, 0) === units",
            arg=units,
        )

    async def drawn(self) -> list[dict[str, Any]]:
        """For each UTF-16 unit its author, its background as drawn, and its author's tint."""
        return list(await self.page.evaluate(DRAWN))

    async def authors(self) -> list[str]:
        """The author of each code point of the text, as the page tells in spans of UTF-16 units."""
        units = []
        for span in await self.page.evaluate("palimpsest.spans()"):
            assert span["start"] == len(units), "spans cover the text without gaps"
            units += [span["author"]] * span["length"]
        authors = []
        for character in await self.text():
            authors.append(units[0])
            del units[: len16(character)]
        assert not units
        return authors


def len16(text: str) -> int:
    """Return how many UTF-16 units a text has."""
    return len(text.encode("utf-16-le")) // 2


@asynccontextmanager
async def desk(
    browser: Browser, url: str, slug: str, name: str | None = None, **options: Any
) -> AsyncIterator[Desk]:
    """Sit down as somebody, or without a name as a visitor, and open the article.

    What the page could not do, and an exception in it, fails the block's end.
    """
    context = await browser.new_context(**options)
    context.set_default_timeout(30_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = await context.new_page()
    person = None if name is None else await _sign_in(page, url, name)
    sitting = Desk(context, page, person, f"{url}/articles/{slug}/write")
    try:
        await sitting.open(state="stored" if person else None)
        yield sitting
    finally:
        await context.close()
    assert not errors, errors


async def _sign_in(page: Page, url: str, name: str) -> Person:
    await page.goto(f"{url}/sign-in")
    await page.fill("#name", name)
    await page.press("#name", "Enter")
    await page.wait_for_url(lambda address: not address.endswith("/sign-in"))
    told = await page.evaluate(SESSION)
    author = told["author"]
    return Person(author["id"], author["name"], author["colour"], told["token"])
