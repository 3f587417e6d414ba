import io
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from websockets.sync.client import connect

from server.logs import open_log
from server.serving import Announced, Forwarded, configure
from server.settings import Settings
from tests.support import serving
from tests.support.rest import Api


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    """Serve on a thread of this process; gives the announced address."""
    addresses: list[str] = []
    announced = threading.Event()

    def announce(address: str) -> None:
        addresses.append(address)
        announced.set()

    server = Announced(configure(settings), announce)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert announced.wait(60)
        yield addresses[0]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def here(settings: Settings) -> Settings:
    return settings.model_copy(update={"port": 0})


def test_the_address_is_told_once_it_can_be_reached(here: Settings) -> None:
    with _served(here) as url:
        assert not url.endswith(":0")
        assert httpx2.get(url + "/healthz").json() == {"status": "ok"}


def test_an_address_of_version_6_stands_in_brackets(here: Settings) -> None:
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with _served(here.model_copy(update={"host": "::1"})) as url:
        assert url.startswith("http://[::1]:")


def test_no_compression_is_agreed_on(here: Settings) -> None:
    with _served(here) as url:
        api = Api(url)
        slug = api.make_article(api.somebody())
        api.close()
        with connect(f"{url.replace('http', 'ws')}/sync/{slug}", compression="deflate") as socket_:
            assert not socket_.protocol.extensions


def test_two_servers_in_one_process_are_strangers(here: Settings, tmp_path: Path) -> None:
    other = here.model_copy(update={"data_dir": tmp_path / "other"})
    with _served(here) as one, _served(other) as two:
        apis = [Api(one), Api(two)]
        people = [api.sign_in("Ada") for api in apis]
        assert people[0].id != people[1].id
        for api in apis:
            api.close()


def test_a_signal_ends_the_server_though_somebody_is_connected(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "data")
    api = Api(server.url)
    slug = api.make_article(api.somebody())
    with connect(f"{server.url.replace('http', 'ws')}/sync/{slug}"):
        os.kill(server.process.pid, signal.SIGTERM)
        server.process.wait(20)
    api.close()


@pytest.mark.parametrize(("level", "heard"), [(logging.INFO, False), (logging.ERROR, True)])
def test_what_a_library_complains_of_stands_in_our_log(level: int, *, heard: bool) -> None:
    stream = io.StringIO()
    library = logging.Logger("library")  # noqa: LOG001 - one that no other test shares
    library.addHandler(Forwarded(open_log(Settings(), stream)))
    library.log(level, "address %s in use", "x")
    assert ("address x in use" in stream.getvalue()) == heard


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match="address already in use"):
            serving.start(tmp_path / "data", port)


def test_a_token_is_never_written_to_the_log(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data", log_level="debug") as server:
        api = Api(server.url)
        person = api.somebody()
        slug = api.make_article(person)
        httpx2.get(f"{server.url}/articles/{slug}?token={person.token}")
        with connect(f"{server.url.replace('http', 'ws')}/sync/{slug}?token={person.token}"):
            pass
        api.close()
    log = server.log.read_text()
    assert f"/articles/{slug}" in log
    assert person.token not in log
    assert person.token.rpartition(".")[2] not in log
