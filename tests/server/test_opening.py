from datetime import UTC, datetime
from pathlib import Path

from persistence.authors import Author
from persistence.schema import check
from server.opening import open_database, opened_database
from server.settings import Settings

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
