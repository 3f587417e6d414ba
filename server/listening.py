"""Listening: the sockets of an address, bound before anybody serves them."""

import socket
import sys
from errno import EADDRINUSE
from time import monotonic, sleep

BACKLOG = 2048  # connections that wait for a worker
PATIENCE = 1.0  # seconds; a server that was killed needs a moment to be gone
MOMENT = 0.02

Address = tuple[object, ...]


def listen(host: str, port: int) -> list[socket.socket]:
    """Bind every address that the host has, and take connections in; OSError."""
    return [_listening(_patiently(family, address)) for family, address in _addresses(host, port)]


def listen_together(host: str, port: int, count: int) -> list[list[socket.socket]]:
    """Bind every address that the host has so many times; give the sockets by address. OSError.

    On Linux each has a queue of its own, and what comes in is spread over them. Elsewhere, and when
    there is to be one, they are one and the same.
    """
    if count == 1 or sys.platform != "linux":
        return [[each] * count for each in listen(host, port)]
    return [_together(family, address, count) for family, address in _addresses(host, port)]


def _addresses(host: str, port: int) -> list[tuple[int, Address]]:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, address) for family, *_, address in found))


def _together(family: int, address: Address, count: int) -> list[socket.socket]:
    """Bind alone first: who may share an address would not notice that somebody else has it."""
    with _patiently(family, address) as alone:
        address = alone.getsockname()
    return [_listening(_bound(family, address, together=True)) for _ in range(count)]


def _patiently(family: int, address: Address) -> socket.socket:
    until = monotonic() + PATIENCE
    while True:
        try:
            return _bound(family, address)
        except OSError as error:
            if error.errno != EADDRINUSE or monotonic() > until:
                raise
        sleep(MOMENT)


def _bound(family: int, address: Address, *, together: bool = False) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if together:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def _listening(bound: socket.socket) -> socket.socket:
    bound.listen(BACKLOG)
    return bound
