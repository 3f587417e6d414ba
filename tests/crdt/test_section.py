"""A section brought back: what of the text gives way to it, and what stays."""

from crdt.filling import filled
from crdt.section import Headed, letters, section_gaps
from tests.support.people import ROOT, Desk, Person, desk
from tests.support.restoring import at, authors, put

TEXT = "# One\nfirst\n# Two\nsecond\n## Two a\nbelow\n# Three\nthird\n"


def headed(text: str) -> list[Headed]:
    """The sections of a text in which every # begins a heading."""
    starts = [n for n, character in enumerate(text) if character == "#" and text[n - 1] != "#"]
    levels = [2 if text[start + 1] == "#" else 1 for start in starts]
    return [
        Headed(
            start, _end(text, starts, levels, n), levels[n], text[start:].split("\n", maxsplit=1)[0]
        )
        for n, start in enumerate(starts)
    ]


def _end(text: str, starts: list[int], levels: list[int], number: int) -> int:
    later = zip(starts[number + 1 :], levels[number + 1 :], strict=True)
    return next((start for start, level in later if level <= levels[number]), len(text))


def begun() -> Desk:
    table = desk("ada", "bo")
    table.people[0].insert(0, TEXT)
    table.share()
    return table


def replace(person: Person, old: str, new: str) -> None:
    start = str(person.text).index(old)
    person.delete(start, start + len(old))
    person.insert(start, new)


def bring(table: Desk, heading: str, seq: int = 1) -> str:
    """Bring a section back; return the text."""
    then, live = at(table.rows, seq), table.live
    (section,) = (each for each in headed(then.text()) if each.heading == heading)
    text, sections = letters(then.weave, then.ledger), headed(live.text())
    differing = section_gaps(live.weave, live.ledger, text, section, sections)
    put(table, filled(live.weave, differing, ROOT, 1_000 + len(table.rows)), "eve")
    for person in table.people:
        person.receive(table.frames)
    return table.live.text()


def test_a_section_comes_back_with_its_subsections_and_the_others_stay_as_they_are() -> None:
    table = begun()
    _, bo = table.people
    replace(bo, "second", "2nd")
    replace(bo, "below", "under")
    replace(bo, "third", "3rd")
    replace(bo, "first", "1st")
    table.share()
    assert bring(table, "# Two") == TEXT.replace("first", "1st").replace("third", "3rd")
    assert {author for _, author in authors(table.live)} == {"ada", "bo"}
    assert bring(table, "# Two") == bring(table, "# Two")


def test_a_subsection_comes_back_alone() -> None:
    table = begun()
    replace(table.people[1], "second\n## Two a\nbelow", "2nd\n")
    table.share()
    assert bring(table, "## Two a") == TEXT.replace("second", "2nd")


def test_a_section_that_is_gone_comes_back_to_its_place() -> None:
    table = begun()
    replace(table.people[1], "# Two\nsecond\n## Two a\nbelow\n", "")
    table.share()
    assert bring(table, "# Two") == TEXT
    assert [author for _, author in authors(table.live)] == ["ada"] * len(TEXT)


def test_the_last_section_comes_back_to_the_end() -> None:
    table = begun()
    replace(table.people[1], "third\n", "3rd\n")
    table.share()
    assert bring(table, "# Three") == TEXT
    replace(table.people[1], "# Three\nthird\n", "")
    table.share()
    assert bring(table, "# Three") == TEXT


def test_a_section_that_was_written_there_since_stays() -> None:
    table = begun()
    _, bo = table.people
    replace(bo, "second", "2nd")
    bo.insert(str(bo.text).index("# Three"), "# New\nnew\n")
    table.share()
    assert bring(table, "# Two") == TEXT.replace("# Three", "# New\nnew\n# Three")


def test_where_its_heading_was_written_anew_the_section_is_still_known() -> None:
    table = begun()
    replace(table.people[1], "# Two\nsecond", "# Second\n2nd")
    table.share()
    assert bring(table, "# Two") == TEXT


def test_what_was_written_where_the_section_was_stays_if_nothing_of_it_stood() -> None:
    table = begun()
    replace(table.people[1], "# Two\nsecond\n## Two a\nbelow\n", "more of one\n")
    table.share()
    now = bring(table, "# Two")
    assert now.replace("more of one\n", "") == TEXT


def test_a_section_that_was_written_anew_elsewhere_gives_way() -> None:
    table = begun()
    bo = table.people[1]
    bo.delete(0, len(TEXT))
    bo.insert(0, TEXT.replace("second", "another") + "# Four\n")
    table.share()
    assert bring(table, "# Two") == TEXT + "# Four\n"
    spans = [text for text, author in table.authors() if author == "ada"]
    assert "".join(spans) == "# Two\nsecond\n## Two a\nbelow\n"


def test_the_same_at_the_end() -> None:
    table = begun()
    bo = table.people[1]
    bo.delete(0, len(TEXT))
    bo.insert(0, "# Three\nnew\n")
    table.share()
    assert bring(table, "# Three") == "# Three\nthird\n"


def test_a_section_that_was_torn_apart_since_comes_together_again() -> None:
    table = begun()
    bo = table.people[1]
    bo.delete(0, len(TEXT))
    bo.insert(0, "# Two\nsham\n" + TEXT.replace("second", "another"))
    table.share()
    bring(table, "# Two")
    bo.insert(str(bo.text).index("## Two a"), "# Five\nfifth\n")
    table.share()
    now = bring(table, "# Two")
    assert now.startswith("# Two\nsecond\n## Two a\nbelow\n# Five\nfifth\n# One\n")
    assert bring(table, "# Two") == now
