from datetime import UTC, datetime
from pathlib import Path

import pytest

from persistence.authors import Author
from persistence.schema import check
from server import opening
from server.bus import LocalBus
from server.opening import open_bus, open_database, opened_database
from server.redisbus import RedisBus
from server.settings import Settings
from server.telemetry import Telemetry

ADA = Author("ada", "ada", "Ada", "#000000", datetime.now(UTC))


def test_a_new_database_is_made_with_all_tables(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "a" / "b")
    open_database(settings).close()
    check(settings.database)


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with opened_database(settings) as store:
        store.authors.create(ADA)
    with opened_database(settings) as store:
        assert store.authors.get("ada") == ADA


def test_the_bus_is_over_redis_if_there_is_a_url_of_it() -> None:
    settings = Settings(redis_url="redis://a.example,redis://b.example")
    assert isinstance(open_bus(settings, "key", Telemetry()), RedisBus)
    assert isinstance(open_bus(Settings(), "key", Telemetry()), LocalBus)


def test_postgresql_gets_as_many_connections_as_were_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "migrate", lambda _: None)
    chosen = Settings(
        data_dir=tmp_path,
        database_url="postgresql://nobody@nowhere/palimpsest",
        database_pool=3,
        database_overflow=0,
    )
    with opened_database(chosen) as store:
        pool = store._engine.pool
        assert (pool.size(), pool._max_overflow) == (3, 0)
