"""Hostile Markdown is text, and costs no more than its length."""

from itertools import pairwise

import pytest

from server.reading import article
from server.reading.cleaning import cleaned
from server.reading.markdown import MOST_NESTED
from server.reading.writer import MOST_OF_RUN
from tests.server.reading.shown import Page, rendered

ADDRESSES = (
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x"),
    *("vbscript:x", "&#106;avascript:x", "\u200bjavascript:x", "file:///etc/passwd", "blob:x"),
)
PATTERNS = (
    "[",
    "*",
    ">",
    "*a ",
    "a**b",
    "[a](",
    "`",
    "- ",
    "<",
    "&",
    "![",
    "1. ",
    "\\",
    "[1,",
    "|",
)
LONG = 200_000  # characters


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("link", ["[x](<{}>)", "<{}>", "![x](<{}>)", "[x][a]\n\n[a]: <{}>\n"])
def test_only_addresses_of_the_web_and_of_mail_are_links(address: str, link: str) -> None:
    _, written, _ = rendered(link.format(address))
    assert Page(written.body).links == []


def test_what_may_be_followed_is_a_link() -> None:
    _, written, _ = rendered("[a](https://x.y/?a=1&b) <a@b.cz> [c](maf) [d](#s-x) [e](/authors/x)")
    assert Page(written.body).links == [
        *("https://x.y/?a=1&b", "mailto:a@b.cz", "maf", "#s-x", "/authors/x"),
    ]


def test_html_is_shown_as_it_was_written() -> None:
    source = "<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> <b>b</b>\n"
    _, written, _ = rendered(source)
    assert Page(written.body).tags <= {"pre", "p", "a"}
    shown = "".join(character for character, _ in Page(written.body).characters)
    assert shown == source.replace("\n\n", "\n").rstrip("\n")


def test_a_title_and_a_language_are_not_written_into_tags() -> None:
    _, written, _ = rendered('[a](/u "x\\" onclick=y") \n\n```"><script>\nx\n```\n')
    assert "onclick" not in written.body
    assert "script" not in written.body


@pytest.mark.parametrize("pattern", [*PATTERNS, "- a\n  ", "> a\n> "])
def test_nothing_is_nested_deeper_than_a_browser_bears(pattern: str) -> None:
    _, written, _ = rendered(pattern * 5_000 + "a")
    depth = deepest = 0
    for part in written.body.replace("<br>", "").replace("<hr>", "").split("<")[1:]:
        depth += -1 if part.startswith("/") else 1
        deepest = max(deepest, depth)
    assert deepest <= MOST_NESTED * 2


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_page_grows_no_quicker_than_its_source(pattern: str) -> None:
    """Whatever the time, it is spent on tokens: there are no more of them than characters."""
    said, written, _ = rendered((pattern * LONG)[:LONG])
    assert len(said) <= 2 * LONG + 200
    assert len(cleaned(written.body)) <= 60 * LONG


@pytest.mark.parametrize("character", ["&", "a", "&lt;"])
def test_no_piece_of_text_is_so_long_that_cleaning_it_costs_its_square(character: str) -> None:
    _, written, _ = rendered(character * 50_000)
    places = [place for place, letter in enumerate(written.body) if letter == "<"]
    assert max(after - before for before, after in pairwise(places)) <= 6 * MOST_OF_RUN


def test_a_text_that_the_parser_gives_up_on_is_shown_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PanicException(BaseException):
        pass

    def panic(_source: str, **_options: object) -> None:
        raise PanicException

    monkeypatch.setattr("pyromark.events_with_range", panic)
    said, references = article._said("*a*")
    assert [token for token in said if hasattr(token, "text")] == [("*a*", 0, 3)]
    assert references == {}
