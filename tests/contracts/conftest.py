"""Every test of this folder runs over every backend."""

from collections.abc import Iterator

import pytest

from persistence.store import Store
from tests.support import postgres, stores
from tests.support.stores import Backend


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgres.Postgres]:
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session", params=stores.NAMES)
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Backend:
    if request.param == "memory":
        return stores.memory()
    if request.param == "sqlite":
        return stores.sqlite(tmp_path_factory.mktemp("sqlite"))
    return stores.postgresql(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def store(backend: Backend) -> Iterator[Store]:
    with backend.fresh() as store:
        yield store


@pytest.fixture
def url(backend: Backend) -> str:
    """The address of an empty database, where there are addresses."""
    if backend.name == "memory":
        pytest.skip("a store in memory is in one process only")
    return backend.new_url()
