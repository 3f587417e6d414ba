"""persistence/sql/pipeline.py: one connection, for as long as it is good."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from persistence.errors import HeadMoved, LogUnavailable
from persistence.log import Append, Entry, Row
from persistence.sql import SqlStore, atonce, pipeline
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
    kept = store._database.pipeline
    assert kept is not None
    assert kept._kept is not None
    driver = kept._kept.driver_connection
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


def _quicker(store: SqlStore, article: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let others store a row right before each of so many attempts to append."""
    left, really = times, atonce.append

    def overtaken(connection: psycopg.Connection, append: Append, head: int, at: datetime) -> bool:
        nonlocal left
        if left:
            left -= 1
            with store._database.writing() as other:
                other.execute(text(f"UPDATE article SET head = {head + 1} WHERE id = {article}"))
                row = f"{article}, {head + 1}, 'ada', now(), 'x'"
                other.execute(
                    text(
                        f"INSERT INTO update_log (article, seq, author, at, payload) VALUES ({row})"
                    )
                )
        return really(connection, append, head, at)

    monkeypatch.setattr(atonce, "append", overtaken)


@pytest.mark.parametrize("times", [0, 1, 2, 3, 7])
def test_others_may_be_quicker_again_and_again(
    store: SqlStore, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begun(store).id
    known(store, "bob")
    _append(store, article, 0, "ada")
    asked: list[int] = []

    def follows(theirs: Sequence[Entry]) -> bool:
        asked.append(len(theirs))
        return True

    _quicker(store, article, times, monkeypatch)
    rows = (Row("bob", b"b"), Row("ada", b"a"))
    theirs = store.log.append([Append(article, 1, rows, follows=follows)], NOON)
    seen = min(times, pipeline.TRIES)
    assert [entry.seq for entry in theirs.get(article, ())] == list(range(2, 2 + seen))
    assert (asked[-1] if asked else 0) == seen
    stored = list(store.log.read(article, after=1 + seen))
    assert [(e.seq, e.author, e.payload) for e in stored] == [
        (2 + seen, "bob", b"b"),
        (3 + seen, "ada", b"a"),
    ]


def test_what_cannot_follow_what_was_read_is_not_stored(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begun(store).id
    _append(store, article, 0, "ada")
    _quicker(store, article, 1, monkeypatch)
    with pytest.raises(HeadMoved):
        store.log.append([Append(article, 1, (Row("ada", b"x"),))], NOON)
    assert store.log.heads([article]) == {article: 2}


def test_what_was_prepared_may_be_forgotten_as_after_a_rollback(store: SqlStore) -> None:
    article = begun(store).id
    _append(store, article, 0, "ada")
    kept = _kept(store)
    kept.execute("DEALLOCATE ALL")
    _append(store, article, 1, "ada")
    for number in range(6):  # psycopg prepares what it has seen five times, and forgets it then
        with pytest.raises(HeadMoved):
            store.log.append([Append(article, 1, (Row("ada", b"x"),), {number: "ada"})], NOON)
    _append(store, article, 2, "ada")
    assert store.log.heads([article]) == {article: 3}
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
    kept = store._database.pipeline
    assert kept is not None
    with pytest.raises(DBAPIError):
        kept.append([Append(article, 0, (Row("nobody", b"x"),))], NOON)
