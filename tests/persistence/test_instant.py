from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from persistence.instant import Instant, sqlite_text, utc
from tests.support.stores import NOON

ELSEWHERE = timezone(timedelta(hours=9))


def test_a_moment_is_told_in_utc() -> None:
    told = utc(NOON.astimezone(ELSEWHERE))
    assert told == NOON
    assert told.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 3, 14))  # noqa: DTZ001 - that is it


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_no_moment_is_none_both_ways(dialect: object) -> None:
    assert Instant().process_bind_param(None, dialect) is None
    assert Instant().process_result_value(None, dialect) is None


def test_sqlite_keeps_the_clock_of_utc() -> None:
    bound = Instant().process_bind_param(NOON.astimezone(ELSEWHERE), sqlite.dialect())
    assert bound == NOON.replace(tzinfo=None)
    assert Instant().process_result_value(bound, sqlite.dialect()) == NOON


@pytest.mark.parametrize("at", [NOON, NOON.replace(microsecond=0), NOON.replace(year=987)])
def test_past_sqlalchemy_sqlite_gets_the_same_text(at: datetime) -> None:
    dialect = sqlite.dialect()
    write = Instant().dialect_impl(dialect).bind_processor(dialect)
    assert sqlite_text(at) == write(at)


def test_postgresql_may_answer_in_its_own_zone() -> None:
    told = Instant().process_result_value(NOON.astimezone(ELSEWHERE), postgresql.dialect())
    assert told == NOON
    assert told.tzinfo is UTC
