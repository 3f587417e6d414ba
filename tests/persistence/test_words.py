# ruff: noqa: RUF001 - letters that look alike are told apart here

import pytest

from persistence.words import LONGEST, MOST_BYTES, compounds, fold, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bach2, p53.", "bach2 p53"),
        ("IL-2", "il 2 il2"),
        ("IL\u20112", "il 2 il2"),  # a hyphen that does not break
        ("α2-macroglobulin", "α2 macroglobulin α2macroglobulin"),
        ("well-to-do", "well to do welltodo"),
        ("- a -- b-", "a b"),
        ("snake_case O'Neill 1,000", "snake case o neill 1 000"),
        ("Straße ﬁrst İstanbul", "strasse first istanbul"),
        ("H₂O ①② Ｆｕｌｌ", "h2o 12 full"),
        ("½", "1 2 12"),
        ("café CAFE\u0301 Ёжик", "cafe ежик"),
        ("Σίσυφος ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("東京大学", "東京 京大 大学 学"),
        ("学と", "学と と"),
        ("の", "の"),
        ("が か", "が か"),
        ("Bach2の研究", "bach2 の研 研究 究"),
        ("ATP-東京", "atp 東京 京"),
        ("단백질은", "단백질은"),
        ("हिन्दी में", "हिन्दी में"),
        ("ไทย", "ไท ทย ย"),
        ("البُروتين", "البروتين"),
        ("🌿 -- !? \0 ʼ", "ʼ"),
        ("\u0301\u0301", ""),
    ],
)
def test_a_text_has_these_words(text: str, words: str) -> None:
    assert words_of(text) == tuple(words.split())


def test_every_word_is_told_once_in_order() -> None:
    assert words_of("b a B", "c a") == ("b", "a", "c")


def test_folding_twice_changes_nothing() -> None:
    for text in ("İ", "ﬃ", "Ǆ", "ϔ", "ΐ", "ﷺ", "㎏", "Å", "ς", "ŉ", "ͅα", "ﾊﾟ"):
        assert fold(fold(text)) == fold(text)


def test_no_word_has_what_a_database_would_part_it_at() -> None:
    every = "".join(chr(point) for point in range(0x20000) if not 0xD800 <= point < 0xE000)
    for word in words_of(every, "x".join(every)):
        assert not any(letter in word for letter in " \t\r\n'\"\\:*&|!()<>-\0")
        assert not any(letter.isascii() and not letter.isalnum() for letter in word)


def test_a_long_word_counts_as_its_beginning() -> None:
    assert words_of("A" * 1_000) == ("a" * LONGEST,)
    assert [joined for joined, _ in compounds("A-" * 1_000 + "A")] == ["a" * LONGEST]


def test_a_long_run_of_an_unspaced_script_counts_whole() -> None:
    letters = "".join(chr(0x4E00 + number) for number in range(1_000))
    assert len(words_of(letters)) == 1_000


def test_the_words_of_a_very_long_text_have_a_bound() -> None:
    words = words_of("title", " ".join(f"{number:07}" for number in range(200_000)))
    assert words[0] == "title"
    assert sum(len(word) + 1 for word in words) <= MOST_BYTES
    assert len(words) > MOST_BYTES // 9
