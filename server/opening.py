"""Opening the store that the settings name, its tables brought up to date."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from persistence.schema import migrate
from persistence.store import Store, open_store
from server.settings import Settings


def open_database(settings: Settings) -> Store:
    """Migrate and open the database; the caller closes the store."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database)
    return open_store(settings.database, settings.database_seconds)


@contextmanager
def opened_database(settings: Settings) -> Iterator[Store]:
    """Open the store for a block."""
    with closing(open_database(settings)) as store:
        yield store
