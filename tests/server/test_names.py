import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.lines import LINE
from server.names import InvalidName, clean_name, handle, reserved


@pytest.mark.parametrize(
    "name",
    [
        "ADA",
        "Ada ",
        "A d a",
        "A\u200dda",
        "\uff21\uff44\uff41",
        "\U0001d400\U0001d41d\U0001d41a",
        "Ada\ufe0f",
    ],
)
def test_case_spaces_and_invisible_characters_do_not_count(name: str) -> None:
    assert handle(name) == handle("Ada")


def test_an_accent_counts() -> None:
    assert handle("Jos\u00e9") != handle("Jose")


def test_composed_and_decomposed_are_one() -> None:
    assert handle("Jos\u00e9") == handle("Jose\u0301")


def test_a_bad_name_is_refused_with_a_sentence() -> None:
    with pytest.raises(InvalidName, match=r"^This cannot be a name\. .+\.$"):
        clean_name("\u202e")


@pytest.mark.parametrize("name", ["Importer", "importer", "lmporter", "\u0406mporter", "Imp orter"])
def test_the_servers_own_names_are_reserved(name: str) -> None:
    assert reserved(handle(name))


def test_a_persons_name_is_not_reserved() -> None:
    assert not reserved(handle("Ada"))


@given(st.text(max_size=20))
def test_every_name_has_a_handle(name: str) -> None:
    if re.fullmatch(LINE, name):
        assert handle(clean_name(name))
