"""persistence/sql/pipeline.py: one connection, for as long as it is good."""

from collections.abc import Iterator, Sequence

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from persistence.errors import HeadMoved, LogUnavailable
from persistence.log import Append, Entry, Row
from persistence.sql import SqlStore
from tests.support import postgres, stores
from tests.support.stores import NOON, begun, known


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture
def store(server: postgres.Postgres) -> Iterator[SqlStore]:
    store = stores.open_store(stores.postgresql(server).new_url())
    assert isinstance(store, SqlStore)
    yield store
    store.close()


def _kept(store: SqlStore) -> psycopg.Connection:
    pipeline = store._database.pipeline
    assert pipeline is not None
    assert pipeline._kept is not None
    driver = pipeline._kept.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _append(store: SqlStore, article: int, head: int, *authors: str) -> object:
    rows = tuple(Row(author, b"x") for author in authors)
    return store.log.append([Append(article, head, rows, follows=lambda _: True)], NOON)


def test_a_connection_is_kept_also_where_others_were_first(store: SqlStore) -> None:
    article = begun(store).id
    _append(store, article, 0, "ada")
    kept = _kept(store)
    _append(store, article, 0, "ada")
    with pytest.raises(HeadMoved):
        store.log.append([Append(article, 0, (Row("ada", b"x"),))], NOON)
    _append(store, article, 2, "ada")
    assert _kept(store) is kept


def test_a_connection_that_the_server_has_ended_is_replaced_and_nobody_notices(
    store: SqlStore,
) -> None:
    article = begun(store).id
    _append(store, article, 0, "ada")
    kept = _kept(store)
    with store._database.writing() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({kept.info.backend_pid}, 5000)")
    _append(store, article, 1, "ada")
    assert _kept(store) is not kept


def test_what_fails_half_way_stores_nothing(store: SqlStore) -> None:
    article = begun(store).id

    def follows(_between: Sequence[Entry]) -> bool:
        _kept(store).close()
        return True

    _append(store, article, 0, "ada")
    with pytest.raises(LogUnavailable):
        store.log.append([Append(article, 0, (Row("ada", b"x"),), follows=follows)], NOON)
    assert store.log.heads([article]) == {article: 1}
    _append(store, article, 1, "ada")


def test_a_mistake_of_ours_stores_nothing(store: SqlStore) -> None:
    article = begun(store).id

    def follows(_between: Sequence[Entry]) -> bool:
        raise RuntimeError

    _append(store, article, 0, "ada")
    with pytest.raises(RuntimeError):
        store.log.append([Append(article, 0, (Row("ada", b"x"),), follows=follows)], NOON)
    _append(store, article, 1, "ada")
    assert store.log.heads([article]) == {article: 2}


def test_claims_of_many_clients_are_stored_or_refused_together(store: SqlStore) -> None:
    article = begun(store).id
    known(store, "bob")
    rows = (Row("ada", b"x"),)
    store.log.append([Append(article, 0, rows, dict.fromkeys(range(50), "ada"))], NOON)
    with pytest.raises(HeadMoved):
        store.log.append([Append(article, 1, rows, {99: "bob", 7: "bob"})], NOON)
    assert len(store.log.owners(article)) == 50


def test_errors_are_sqlalchemys(store: SqlStore) -> None:
    article = begun(store).id
    pipeline = store._database.pipeline
    assert pipeline is not None
    with pytest.raises(DBAPIError):
        pipeline.append([Append(article, 0, (Row("nobody", b"x"),))], NOON)
