import pytest

from persistence.sections import Section, sections


def test_a_text_is_cut_at_its_headings() -> None:
    text = "Before\n# One\nbody 🌿\n## Two\n"
    assert sections(text) == [
        Section(0, 7, 0, ""),
        Section(7, 13, 1, "One"),
        Section(20, 7, 2, "Two"),
    ]


def test_the_parts_are_the_text() -> None:
    text = "# a\r\nx\n\n#\n####### no\n#hash\n   ### c ###\n# C# #\n## F#\n# ##\nend"
    parts = [text[part.start : part.start + part.length] for part in sections(text)]
    assert "".join(parts) == text
    assert [(part.level, part.heading) for part in sections(text)] == [
        (1, "a"),
        (1, ""),
        (3, "c"),
        *REST,
    ]


def test_what_is_in_fenced_code_is_no_heading() -> None:
    text = "# a\n```\n# no\n~~~\n# no\n````\n# b\n~~~~ x\n# no\n```\n~~~\n# no\n"
    assert [part.heading for part in sections(text)] == ["a", "b"]


REST = [(1, "C#"), (2, "F#"), (1, "")]


@pytest.mark.parametrize(
    "text", ["# a" + " " * 50_000 + "x", "# " + " " * 50_000, "#" * 50_000, "# a" + " #" * 20_000]
)
def test_a_strange_line_takes_no_time(text: str) -> None:
    assert len(sections(text)) == 1


def test_an_empty_text_has_no_parts() -> None:
    assert sections("") == []
