import pytest

from server.fingerprint import Fingerprint, fingerprint

SPANS = [(0, 2, "ada"), (2, 3, "bob")]


def test_pieces_of_one_author_are_one_span() -> None:
    taken = Fingerprint()
    for length, author in [(1, "ada"), (1, "ada"), (3, "bob"), (0, "cyd")]:
        taken.add(length, author)
    assert taken.of("hallo") == fingerprint("hallo", SPANS)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("hello", SPANS),
        ("hallo", [(0, 3, "ada"), (3, 2, "bob")]),
        ("hallo", [(0, 2, "ada"), (2, 3, "cyd")]),
        ("hallo", [(0, 5, "ada")]),
        ("", []),
    ],
)
def test_another_text_or_author_has_another(text: str, spans: list[tuple[int, int, str]]) -> None:
    assert fingerprint(text, spans) != fingerprint("hallo", SPANS)
