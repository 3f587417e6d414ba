"""persistence/sql/check.py: what a trial writes reaches the disk."""

from pathlib import Path

from sqlalchemy import text

from persistence import schema
from persistence.log import CHECKED_BYTES
from persistence.sql import SqlStore
from tests.support import stores


def test_all_of_it_is_written(tmp_path: Path) -> None:
    url = stores.sqlite(tmp_path).new_url()
    store = SqlStore(schema.engine(url))
    written_ahead = Path(f"{url.removeprefix('sqlite:///')}-wal")
    store.log.check()
    before = written_ahead.stat().st_size
    assert before >= CHECKED_BYTES
    store.log.check()
    assert written_ahead.stat().st_size >= before + CHECKED_BYTES
    store.close()


def test_the_connection_is_as_it_was(tmp_path: Path) -> None:
    store = SqlStore(schema.engine(stores.sqlite(tmp_path).new_url()))
    store.log.check()
    with store._engine.connect() as connection:
        assert connection.execute(text("PRAGMA defer_foreign_keys")).scalar() == 0
    store.close()
