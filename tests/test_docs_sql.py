"""docs/sql.md: its queries answer what it says on both databases, and its tables are there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from persistence import schema
from persistence.models import Base
from persistence.store import open_store
from tests.support import postgres, stores
from tests.support.sqlstory import tell

PAGE = (Path(__file__).parents[1] / "docs" / "sql.md").read_text()
QUESTIONS = re.findall(
    r"^### ([^\n]+)\n.*?^```sql\n(.*?)^```\n\n((?:\|[^\n]*\n)+)", PAGE, re.MULTILINE | re.DOTALL
)
HEADINGS = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A database that holds the story."""
    if request.param == "sqlite":
        yield from _told(stores.sqlite(tmp_path_factory.mktemp("sqlite")))
        return
    with postgres.running() as server:
        yield from _told(stores.postgresql(server))


def _told(backend: stores.Backend) -> Iterator[Connection]:
    url = backend.new_url()
    store = open_store(url)
    tell(store)
    store.close()
    engine = schema.engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def asked(connection: Connection, query: str) -> list[list[str]]:
    """Ask, and give names and rows as a page shows them."""
    answer = connection.exec_driver_sql(query)
    return [list(answer.keys()), *([str(value).strip() for value in row] for row in answer)]


def shown(table: str) -> list[list[str]]:
    names, _, *rows = table.strip().split("\n")
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in (names, *rows)]


def test_there_are_ten_questions_with_answers() -> None:
    assert len(HEADINGS) == 10
    assert [question for question, _, _ in QUESTIONS] == HEADINGS


@pytest.mark.parametrize(("question", "query", "answer"), QUESTIONS, ids=HEADINGS)
def test_a_query_answers_what_the_page_says(
    connection: Connection, question: str, query: str, answer: str
) -> None:
    assert asked(connection, query) == shown(answer), question


def test_the_page_tells_every_table_and_only_columns_that_there_are() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| .*? \| (.*) \|$", PAGE, re.MULTILINE)
    told = {name: columns for names, columns in rows for name in re.findall(r"`(\w+)`", names)}
    assert set(told) == set(Base.metadata.tables)
    for name, columns in told.items():
        known = set(Base.metadata.tables[name].columns.keys())
        assert set(re.findall(r"`(\w+)`", columns)) <= known, name
