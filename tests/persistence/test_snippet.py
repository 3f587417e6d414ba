from persistence.query import parse
from persistence.snippet import CUT, LENGTH, SEARCHED, Snippet, snippet

FILLER = "lorem ipsum dolor "


def hits(text: str, query: str) -> list[str]:
    found = snippet(text, parse(query))
    return [found.text[start : start + length] for start, length in found.hits]


def test_a_short_text_is_shown_whole() -> None:
    assert snippet("Bach2 is here.", parse("is")) == Snippet("Bach2 is here.", ((6, 2),))


def test_the_match_stands_in_the_middle_of_a_long_text() -> None:
    found = snippet(FILLER * 50 + "Bach2 " + FILLER * 50, parse("bach2"))
    assert "Bach2" in found.text
    assert found.text.startswith(CUT)
    assert found.text.endswith(CUT)
    assert len(found.text) <= LENGTH + 2 * len(CUT)
    assert [found.text[start : start + length] for start, length in found.hits] == ["Bach2"]


def test_a_cut_is_between_words() -> None:
    found = snippet(FILLER * 50 + "Bach2 " + FILLER * 50, parse("bach2"))
    words = found.text.strip(CUT).split()
    assert set(words) == {"lorem", "ipsum", "dolor", "Bach2"}


def test_what_has_no_spaces_is_cut_anywhere() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(1_000))
    found = snippet(text, parse(text[500:502]))
    assert found.text == CUT + text[440:640] + CUT
    assert found.hits == ((61, 2),)


def test_accents_and_case_are_seen_through() -> None:
    assert hits("A CAFÉ, a café, a cafeteria, decaf", "cafe") == ["CAFÉ", "café", "cafe"]
    assert hits("Σίσυφος", "σισυφοσ") == ["Σίσυφος"]


def test_whole_words_are_shown_where_whole_words_were_asked_for() -> None:
    assert hits("cats and a cat", "cat and") == ["and", "cat"]


def test_pairs_are_shown_as_one_run() -> None:
    assert hits("これは東京大学です", "東京大学") == ["東京大学"]


def test_lines_become_one() -> None:
    assert snippet("# Bach2\n\nis\there", parse("x")).text == "# Bach2  is here"


def test_without_a_match_the_beginning_is_shown() -> None:
    found = snippet(FILLER * 50, parse("absent"))
    assert found.text.startswith("lorem")
    assert found.text.endswith(CUT)
    assert found.hits == ()
    assert snippet("", parse("absent")) == Snippet("", ())


def test_a_match_far_down_is_not_looked_for() -> None:
    text = "x" * SEARCHED + " bach2"
    assert snippet(text, parse("bach2")).hits == ()


def test_a_match_at_the_very_end_is_shown() -> None:
    found = snippet(FILLER * 50 + "bach2", parse("bach2"))
    assert found.text.endswith("bach2")
    assert [found.text[start : start + length] for start, length in found.hits] == ["bach2"]


def test_letters_that_fold_into_several_keep_their_place() -> None:
    assert hits("Straße ﬁ İ und ende", "ende") == ["ende"]


def test_many_different_letters_do_no_harm() -> None:
    letters = "".join(chr(point) for point in range(0x10000, 0x18000))
    assert snippet(letters, parse("x")).hits == ()
