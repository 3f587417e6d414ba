"""Text in UTF-16 units: measured, and cut between characters only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt.errors import StructureRefused
from crdt.utf16 import utf16_length, utf16_split

texts = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(("text", "length"), [("", 0), ("ab", 2), ("é", 1), ("日", 1), ("😀", 2)])
def test_a_length_counts_units(text: str, length: int) -> None:
    assert utf16_length(text) == length


@given(texts, texts)
def test_a_text_is_cut_where_two_were_joined(left: str, right: str) -> None:
    assert utf16_split(left + right, utf16_length(left)) == (left, right)


@given(texts, texts)
def test_a_surrogate_pair_is_never_cut(left: str, right: str) -> None:
    with pytest.raises(StructureRefused):
        utf16_split(f"{left}😀{right}", utf16_length(left) + 1)
