import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.api.models import PLACE
from server.api.places import place_from_text, place_to_text

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2286, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


@given(MOMENTS, st.integers(0, 999_999_999))
def test_a_place_comes_back_as_it_was(at: datetime, number: int) -> None:
    assert place_from_text(place_to_text((at, number))) == (at, number)


@given(MOMENTS, st.integers(0, 999_999_999))
def test_a_place_is_text_as_documented(at: datetime, number: int) -> None:
    assert re.fullmatch(PLACE, place_to_text((at, number)))


@pytest.mark.parametrize("text", ["0-0", "9999999999999999-999999999"])
def test_the_ends_of_what_is_documented_can_be_read(text: str) -> None:
    assert place_to_text(place_from_text(text)) == text
