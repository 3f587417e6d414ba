"""What tests of several folders share; everything larger is in tests/support."""

from collections.abc import Iterator

import pytest

from tests.support import serving
from tests.support.rest import Api


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run what takes minutes")
    parser.addoption("--soak-seconds", type=float, help="length of the soak, in seconds")
    parser.addoption("--soak-seed", type=int, default=1, help="another seed, another soak")
    parser.addoption("--seeds", type=int, default=1_000, help="simulations to run")
    parser.addoption("--seed", type=int, help="the only simulation to run")
    parser.addoption("--screenshots", action="store_true", help="renew the pictures in docs/images")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes; --long runs it"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    """A real server in a process of its own, shared by a module's tests."""
    with serving.running(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture
def api(server: serving.Server) -> Iterator[Api]:
    api = Api(server.url)
    yield api
    api.close()
    assert server.alive, "the server has stopped"
