"""A moment in SQL: timezone-aware, UTC, microseconds, the same on every database."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


def utc(at: datetime) -> datetime:
    """Return the same moment in UTC; a moment without a zone is a ValueError."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)


def sqlite_text(at: datetime) -> str:
    """Write a moment in UTC as SQLite keeps it, for those who go past SQLAlchemy."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


class Instant(TypeDecorator[datetime]):
    """`timestamptz` on PostgreSQL, ISO text in UTC on SQLite; aware in and aware out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; SQLite's text has no room for a zone and is always UTC."""
        if value is None:
            return None
        return utc(value).replace(tzinfo=None) if dialect.name == "sqlite" else utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC, whatever zone the database session speaks."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else utc(value)
