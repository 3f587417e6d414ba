import socket
import sys
from collections.abc import Iterator, Sequence

import pytest

from server.listening import listen_together
from server.steering import steer

GUESTS = 200

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be told so")


@pytest.fixture
def group() -> Iterator[list[socket.socket]]:
    (sockets,) = listen_together("127.0.0.1", 0, 4)
    yield sockets
    for each in sockets:
        each.close()


def _arrivals(group: Sequence[socket.socket]) -> list[int]:
    """Let guests come, and count at which socket each of them waits."""
    guests = [socket.create_connection(group[0].getsockname(), 5) for _ in range(GUESTS)]
    counts = [sum(1 for _ in _waiting(each)) for each in group]
    for guest in guests:
        guest.close()
    return counts


def _waiting(listening: socket.socket) -> Iterator[None]:
    listening.setblocking(False)
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return
        yield


def test_connections_come_to_the_chosen_ones_only(group: list[socket.socket]) -> None:
    steer(group, [1, 3])
    counts = _arrivals(group)
    assert (counts[0], counts[2], sum(counts)) == (0, 0, GUESTS)
    assert min(counts[1], counts[3]) > GUESTS / 4


def test_the_choice_can_be_changed(group: list[socket.socket]) -> None:
    for chosen in ([0], [2], [3]):
        steer(group, chosen)
        assert [count > 0 for count in _arrivals(group)] == [n in chosen for n in range(4)]


@pytest.mark.parametrize("chosen", [[], [0, 1, 2, 3]])
def test_none_chosen_is_all_of_them(group: list[socket.socket], chosen: list[int]) -> None:
    steer(group, [2])
    steer(group, chosen)
    assert min(_arrivals(group)) > GUESTS / 16


def test_what_waits_already_is_left_where_it_is(group: list[socket.socket]) -> None:
    steer(group, [1])
    with socket.create_connection(group[0].getsockname(), 5):
        steer(group, [2])
        assert sum(1 for _ in _waiting(group[1])) == 1


def test_a_socket_that_cannot_be_steered_is_left_as_it_is() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=GUESTS) as alone:
        steer([alone], [0])
        assert _arrivals([alone]) == [GUESTS]
