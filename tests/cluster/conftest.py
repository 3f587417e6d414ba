"""A real PostgreSQL and a real Redis for the tests of several processes."""

from collections.abc import Iterator

import pytest

from tests.support import postgres, redis


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="module")
def news() -> Iterator[redis.Redis]:
    with redis.running() as server:
        yield server
