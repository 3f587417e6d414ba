import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.lines import LINE, NotALine, clean_line, visible


def test_spaces_are_made_single_and_cut_at_the_ends() -> None:
    assert clean_line("  Ada \u3000 Lovelace ", 64) == "Ada Lovelace"


def test_a_line_is_composed() -> None:
    assert clean_line("Jose\u0301", 64) == "Jos\u00e9"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u200d",
        "\u2800",
        "\u3164",
        "a\nb",
        "a\x00b",
        "a\x7f",
        "\u202egnp.exe",
        "a\u2066b",
        "a\u200bb",
        "\ufeffa",
        "\ue000",
        "a\U000e0041",
    ],
)
def test_what_hides_or_reorders_is_refused(text: str) -> None:
    with pytest.raises(NotALine):
        clean_line(text, 64)


def test_the_length_counts_code_points() -> None:
    assert clean_line("\U0001f98a" * 64, 64)
    with pytest.raises(NotALine, match="at most 64"):
        clean_line("\U0001f98a" * 65, 64)


@pytest.mark.parametrize(
    "text", ["\u0646\u200c\u0648", "\U0001f469\u200d\U0001f52c", "\u845b\U000e0100"]
)
def test_joiners_and_selectors_are_part_of_writing(text: str) -> None:
    assert clean_line(text, 64) == text


@given(st.text(max_size=20))
def test_the_pattern_says_what_is_accepted(text: str) -> None:
    try:
        clean_line(text, 20)
    except NotALine:
        assert not re.fullmatch(LINE, text)
    else:
        assert re.fullmatch(LINE, text)


@given(st.text(max_size=20))
def test_whatever_is_accepted_shows_something(text: str) -> None:
    if re.fullmatch(LINE, text):
        assert visible(text)
