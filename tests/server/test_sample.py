import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.app import create_app
from server.newcomers import Newcomers
from server.sample import sample_text
from server.settings import Settings

SOURCE = Path(__file__).parents[2] / "../shared/data/bach2-gene-review.txt"
needs_source = pytest.mark.skipif(not SOURCE.exists(), reason="the source is not here")
SECTIONS = re.compile(r"^## (.+)$", re.MULTILINE)
STATEMENTS = re.compile(r"^- (.+)$", re.MULTILINE)


@pytest.fixture
def planted(settings: Settings, store: MemoryStore) -> Callable[[], dict[str, object]]:
    """Start an app that plants the sample, and return its spans."""
    wanting = settings.model_copy(update={"sample_article": True})

    def start() -> dict[str, object]:
        with TestClient(create_app(wanting, store)) as client:
            return dict(client.get("/api/v1/articles/bach2/spans").json())

    return start


def test_a_new_server_has_the_sample_by_the_importer(
    planted: Callable[[], dict[str, object]], store: MemoryStore
) -> None:
    told = planted()
    importer = store.authors.get(store.articles.get("bach2").created_by)
    assert (importer.name, importer.kind) == ("Importer", "bot")
    assert told["text"] == sample_text()
    assert list(told["authors"]) == [importer.id]  # type: ignore[call-overload]


def test_the_sample_is_planted_once(
    planted: Callable[[], dict[str, object]], store: MemoryStore
) -> None:
    assert planted() == planted()
    assert store.articles.get("bach2").head == 1


def test_a_sample_that_a_crash_left_empty_is_filled(
    planted: Callable[[], dict[str, object]], store: MemoryStore, newcomers: Newcomers
) -> None:
    importer = newcomers.make("Importer", kind="bot")
    store.articles.create("bach2", "Bach2", importer.id, at=importer.created)
    assert planted()["text"] == sample_text()


def test_somebodys_own_article_of_that_name_is_left_alone(
    planted: Callable[[], dict[str, object]], store: MemoryStore, newcomers: Newcomers
) -> None:
    ada = newcomers.make("Ada")
    store.articles.create("bach2", "Mine", ada.id, at=ada.created)
    assert planted()["text"] == ""


def test_a_server_with_articles_gets_no_sample(
    planted: Callable[[], dict[str, object]], store: MemoryStore, newcomers: Newcomers
) -> None:
    ada = newcomers.make("Ada")
    store.articles.create("mine", "Mine", ada.id, at=ada.created)
    assert planted()["code"] == "unknown-article"


@pytest.mark.parametrize("statement", STATEMENTS.findall(sample_text()))
def test_every_statement_has_one_citation(statement: str) -> None:
    assert len(re.findall(r"\[[1-7]\]", statement)) == 1


def test_the_seven_references_are_numbered() -> None:
    references = sample_text().split("## References\n")[1]
    assert re.findall(r"^(\d)\. .+\(\d{4}\)$", references, re.MULTILINE) == list("1234567")


@needs_source
def test_the_sample_has_the_sections_of_its_source() -> None:
    source = SOURCE.read_text()
    sections = SECTIONS.findall(sample_text())
    assert sections[:-1] == re.findall(
        r"^(\S.* (?:of|on) Bach2(?: with .+)?)$", source, re.MULTILINE
    )


@needs_source
def test_the_sample_says_it_in_words_of_its_own() -> None:
    source = " ".join(SOURCE.read_text().split())
    for statement in STATEMENTS.findall(sample_text()):
        words = statement.split()
        runs = [" ".join(words[i : i + 9]) for i in range(len(words) - 8)]
        assert not any(run in source for run in runs), statement


@needs_source
def test_the_sample_cites_what_its_source_cites() -> None:
    source = SOURCE.read_text()
    cited = re.findall(r"• .+\[(\d)\]\.", source)
    assert [re.findall(r"\[(\d)\]", s)[0] for s in STATEMENTS.findall(sample_text())] == cited
