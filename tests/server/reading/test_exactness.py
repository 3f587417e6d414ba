"""Every character of the page is one of the source, and its author is that character's."""

from html import unescape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.reading.cleaning import cleaned
from server.reading.credits import Credits
from server.reading.tokens import Piece
from tests.server.reading.shown import Page, pieces, rendered

MARKS = (
    *("*", "**", "_", "`", "``", "~~", "[", "](", ")", "](/u)", "![", "<b>", "</b>", "<div>\n"),
    *("> ", "- ", "1. ", "# ", "## References\n", "\n", "\n\n", "    ", "\t", "|", "\n|-|-|\n"),
    *("\\", "&amp;", "&#65;", "&", "```\n", "***\n", "  \n", "\r\n", "[1]", "[2, 5-7]", ":", " "),
    *(
        "a",
        "word",
        "é",
        "🙂",
        "👩‍🔬",
        "漢字",
        "نص",
        "\u200f",
        "PMID: 123",
        "doi:10.1000/x(1).",
        "$",
    ),
    *("https://a.b/c", "<https://x.y>", "javascript:", "\0", "\ufeff", "===\n", "[3]: x\n", "\\|"),
)
sources = st.lists(st.sampled_from(MARKS), max_size=40).map("".join)
FIVE = "`a\n> b` > *c* | d\n|`x\\|y`|\n|-|\n|`p\\|q` \\| r|\n\n> `e\n> f`\n"


def says(piece: Piece, source: str) -> bool:
    """Whether a piece is what the source says at its place."""
    meant = source[piece.start : piece.start + piece.length]
    if piece.exact:
        return all(
            shown == there
            or (shown == " " and there in "\r\n\t")
            or (shown == "\n" and there == "\r")
            for shown, there in zip(piece.text, meant, strict=True)
        )
    if meant in ("\r\n", "\t"):  # one break; the rest of a tab that code begins within
        return piece.text == "\n" or not piece.text.strip(" ")
    return unescape(meant) == piece.text or meant == "&#0;"


def author_of(piece: Piece, at: int, credit: Credits) -> int:
    place = piece.start + (at if piece.exact else 0)
    return int(credit.told[credit.at(place)].author.removeprefix("author"))


@given(sources, st.lists(st.integers(0, 120), max_size=12))
@example(FIVE, list(range(len(FIVE))))
@example("- a\n\n\t\tcode\n", [1, 2, 3, 5, 6, 7])
@settings(max_examples=600, deadline=None)
def test_the_page_shows_the_sources_characters_and_their_authors(
    source: str, cuts: list[int]
) -> None:
    said, written, credit = rendered(source, cuts)
    shown = [
        (character.replace("\0", "\ufffd"), author_of(piece, at, credit))
        for piece in pieces(said)
        for at, character in enumerate(piece.text)
    ]
    assert all(says(piece, source) for piece in pieces(said))
    html = written.title + written.body
    assert [each for each in Page(html).characters if each[0] != "\r"] == [
        each for each in shown if each[0] != "\r"
    ]


@given(sources)
@settings(max_examples=300, deadline=None)
def test_the_second_wall_changes_nothing_that_is_seen(source: str) -> None:
    _, written, _ = rendered(source)
    html = written.title + written.body
    assert Page(cleaned(html)).characters == Page(html).characters


@given(sources)
@settings(max_examples=300, deadline=None)
def test_places_never_go_back(source: str) -> None:
    said, _, _ = rendered(source)
    places = [piece.start for piece in pieces(said)]
    assert places == sorted(places)


def test_text_inside_of_marks_is_attributed_character_by_character() -> None:
    source = "**bo🙂ld** [li漢k](/u) `co&de`\n\n|a|\n|-|\n|ce*ll*|\n\n- ne\n  - sted\n\n# He`a`d\n"
    _, written, credit = rendered(source, list(range(len(source))))
    shown = Page(written.body).characters
    assert "".join(character for character, _ in shown) == ("bo🙂ld li漢k co&deacellnestedHead")
    assert {by for _, by in shown} == {0, 1, 2}
    place = source.index("ll*")
    at = "".join(character for character, _ in shown).index("ll")
    assert shown[at][1] == int(credit.told[credit.at(place)].author[-1])
