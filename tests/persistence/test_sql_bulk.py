"""persistence/sql/bulk.py: many rows, whatever is in them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from persistence import models, schema
from persistence.sql.bulk import insert_many
from persistence.sql.database import Database
from tests.support import postgres, stores

REPLICA = models.table(models.Replica)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[stores.Backend]:
    if request.param == "sqlite":
        yield stores.sqlite(tmp_path_factory.mktemp("sqlite"))
        return
    with postgres.running() as server:
        yield stores.postgresql(server)


@pytest.fixture
def database(backend: stores.Backend) -> Database:
    url = backend.new_url()
    store = stores.open_store(url)
    stores.begun(store)
    store.close()
    engine = schema.engine(url)
    yield Database(engine)
    engine.dispose()


def owned(database: Database) -> list[tuple[int, int, str]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(REPLICA))]


def test_rows_are_stored_in_the_order_of_columns(database: Database) -> None:
    with database.writing() as connection:
        insert_many(connection, REPLICA, [(1, 5, "ada"), (1, 6, "ada")])
    assert owned(database) == [(1, 5, "ada"), (1, 6, "ada")]


def test_no_rows_are_no_question(database: Database) -> None:
    with database.writing() as connection:
        insert_many(connection, REPLICA, [])
    assert owned(database) == []


def test_a_broken_rule_is_sqlalchemys_error_on_every_database(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        insert_many(connection, REPLICA, [(1, 5, "ada"), (1, 6, "mallory")])
    assert owned(database) == []
