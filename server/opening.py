"""Opening what the settings name: the store, its tables brought up to date, and the bus."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from persistence.schema import migrate
from persistence.store import Store, open_store
from server.bus import Bus, LocalBus
from server.settings import Settings
from server.telemetry import Telemetry


def open_database(settings: Settings) -> Store:
    """Migrate and open the database; the caller closes the store."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(settings.database)
    return open_store(
        settings.database,
        settings.database_seconds,
        pool_size=settings.database_pool,
        pool_overflow=settings.database_overflow,
    )


@contextmanager
def opened_database(settings: Settings) -> Iterator[Store]:
    """Open the store for a block."""
    with closing(open_database(settings)) as store:
        yield store


def open_bus(settings: Settings, key: str, telemetry: Telemetry) -> Bus:
    """Make the bus; over Redis whoever has the secret key is believed, and nobody else."""
    if settings.redis_url is None:
        return LocalBus()
    from server.redisbus import RedisBus  # noqa: PLC0415 - 6 MB and 0.2 s, only where it is used

    return RedisBus(settings.redis_url, key, telemetry)
