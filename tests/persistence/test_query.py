import pytest

from persistence.query import LONGEST, Token, matches, parse, tokens, write


def whole(word: str) -> Token:
    return Token(word, is_prefix=False)


def prefix(word: str) -> Token:
    return Token(word, is_prefix=True)


def test_the_last_word_may_be_a_beginning() -> None:
    assert parse("Bach2 repr") == (((whole("bach2"),),), ((prefix("repr"),),))


def test_what_a_hyphen_joins_is_found_in_parts_or_as_one() -> None:
    assert parse("IL-2") == (((whole("il"), prefix("2")), (prefix("il2"),)),)
    assert parse("IL-2 x")[0] == ((whole("il"), whole("2")), (whole("il2"),))


def test_a_run_of_an_unspaced_script_is_its_pairs() -> None:
    assert parse("東京大 x")[0] == ((whole("東京"), whole("京大")),)
    assert parse("学 x")[0] == ((prefix("学"),),)


@pytest.mark.parametrize("text", ["", " ", "🌿", '"" OR', "()*^:-"])
def test_signs_are_no_words(text: str) -> None:
    assert [token.word for token in tokens(parse(text))] == (["or"] if "OR" in text else [])


def test_only_so_much_of_a_query_counts() -> None:
    assert len(parse("a " * 1_000)) == LONGEST // 2


def test_every_term_has_to_match_and_one_way_is_enough() -> None:
    assert matches(parse("IL-2 p5"), ["il2", "p53"])
    assert matches(parse("IL-2 p5"), ["il", "2", "p53"])
    assert not matches(parse("IL-2 p5"), ["il", "p53"])
    assert not matches(parse("IL-2 p5"), ["il2", "xp53"])
    assert not matches(parse(""), ["x"])


def test_tokens_are_told_once() -> None:
    assert tokens(parse("a b a x")) == [whole("a"), whole("b"), prefix("x")]


def test_a_query_is_written_in_a_language() -> None:
    def token(asked: Token) -> str:
        return asked.word + "*" * asked.is_prefix

    assert write(parse("a IL-2"), token, " & ", " | ") == "((a)) & ((il & 2*) | (il2*))"
