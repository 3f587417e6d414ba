import socket
import threading
from itertools import chain

import pytest

from server import listening
from server.listening import listen, listen_together


def test_connections_are_taken_in_before_anybody_serves() -> None:
    (bound,) = listen("127.0.0.1", 0)
    with bound, socket.create_connection(bound.getsockname(), 5):
        pass


def test_every_address_of_a_host_is_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (f"127.0.0.{n}", 0)) for n in (1, 2, 1)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    bound = listen("somewhere", 0)
    assert [each.getsockname()[0] for each in bound] == ["127.0.0.1", "127.0.0.2"]
    for each in bound:
        each.close()


def test_an_address_in_use_is_an_error_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listen(*taken.getsockname())


def test_a_server_that_is_about_to_be_gone_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE", 60.0)
    going = socket.create_server(("127.0.0.1", 0))
    tried = threading.Event()
    monkeypatch.setattr(listening, "sleep", lambda _: tried.set())
    closer = threading.Thread(target=lambda: tried.wait(60) and going.close())
    closer.start()
    (bound,) = listen(*going.getsockname())
    bound.close()
    closer.join()


def test_several_sockets_share_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE", 0.0)
    (sockets,) = listen_together("127.0.0.1", 0, 3)
    assert len({each.getsockname() for each in sockets}) == 1
    assert len({each.fileno() for each in sockets}) == 3
    with pytest.raises(OSError, match="in use"):
        listen_together(*sockets[0].getsockname(), 3)
    for each in sockets:
        each.close()


def test_every_address_of_a_host_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 1, 6, "", (f"127.0.0.{n}", 0)) for n in (1, 2)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    groups = listen_together("somewhere", 0, 2)
    hosts = [[each.getsockname()[0] for each in group] for group in groups]
    assert hosts == [["127.0.0.1"] * 2, ["127.0.0.2"] * 2]
    for each in chain(*groups):
        each.close()


@pytest.mark.parametrize(("system", "count"), [("linux", 1), ("darwin", 3)])
def test_else_they_are_one_and_the_same(
    monkeypatch: pytest.MonkeyPatch, system: str, count: int
) -> None:
    monkeypatch.setattr(listening.sys, "platform", system)
    (sockets,) = listen_together("127.0.0.1", 0, count)
    assert len(sockets) == count
    assert len(set(sockets)) == 1
    sockets[0].close()
