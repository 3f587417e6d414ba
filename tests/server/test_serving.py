import io
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from server.logs import open_log
from server.serving import Announced, Forwarded, configure
from server.settings import Settings
from tests.support import serving
from tests.support.rest import Api


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    """Serve on a thread of this process; gives the announced address."""
    with _running(settings) as (_, url):
        yield url


@contextmanager
def _running(settings: Settings) -> Iterator[tuple[Announced, str]]:
    """Do so, and give the server, too."""
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
        yield server, addresses[0]
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


def test_who_has_just_connected_is_heard_though_the_server_is_to_stop(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.serving.ARRIVAL_SECONDS", 60.0)
    with _running(here) as (server, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 60) as guest:
            _until(lambda: server.server_state.connections)
            server.should_exit = True
            _until(lambda: _refuses(host, int(port)))
            guest.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
            assert guest.recv(64).startswith(b"HTTP/1.1 200")


def test_the_last_ones_may_answer_the_farewell(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.serving.ANSWER_SECONDS", 60.0)
    quick = here.model_copy(update={"farewell_seconds": 0.01})
    with _running(quick) as (server, url):
        api = Api(url)
        slug = api.make_article(api.somebody())
        api.close()
        with connect(f"{url.replace('http', 'ws')}/sync/{slug}") as guest:
            _until(lambda: "palimpsest_members 1.0" in httpx2.get(f"{url}/metrics").text)
            server.should_exit = True
            assert _farewell(guest) == 1012


def _farewell(guest: ClientConnection) -> int | None:
    """Read until the connection is closed, and give the code."""
    try:
        while True:
            guest.recv(60)
    except ConnectionClosed as end:
        return end.rcvd.code if end.rcvd else None


def _until(condition: Callable[[], object]) -> None:
    while not condition():
        time.sleep(0.005)


def _refuses(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), 60).close()
    except OSError:
        return True
    return False


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
