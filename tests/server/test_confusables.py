import pytest

from server.confusables import alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "ada"),
        ("Ada", "\u0410da"),  # Cyrillic A
        ("Ada", "\u0391da"),  # Greek Alpha
        ("Ada", "ad\u0430"),  # Cyrillic a
        ("Bob", "\u0412ob"),  # Cyrillic Ve, whose small form looks otherwise
        ("Tom", "Torn"),
        ("Ivan", "lvan"),
        ("ivan", "i\u03bdan"),  # Greek nu in a Latin name
        ("Nina", "\u039dina"),  # Greek capital nu in a Latin name
        ("Al", "A1"),
        ("Bo", "B0"),
        ("\u0412\u0415\u0420\u0410", "\u0432\u0435\u0440\u0430"),  # one Cyrillic name, two cases
        (
            "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3",
            "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
        ),
    ],
)
def test_look_alikes_are_one(one: str, other: str) -> None:
    assert alike(one) == alike(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "Eda"), ("Ana", "Anna"), ("Bob", "Rob"), ("\u738b", "\u6c34")]
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert alike(one) != alike(other)
