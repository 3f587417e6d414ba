"""Listening: the sockets of an address, bound before anybody serves them."""

import socket
from errno import EADDRINUSE
from time import monotonic, sleep

BACKLOG = 2048  # connections that wait for a worker
PATIENCE = 1.0  # seconds; a server that was killed needs a moment to be gone
MOMENT = 0.02


def listen(host: str, port: int) -> list[socket.socket]:
    """Bind every address that the host has, and take connections in; OSError."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [_patiently(family, address) for family, *_, address in dict.fromkeys(found)]


def _patiently(family: int, address: tuple[object, ...]) -> socket.socket:
    until = monotonic() + PATIENCE
    while True:
        try:
            return _bound(family, address)
        except OSError as error:
            if error.errno != EADDRINUSE or monotonic() > until:
                raise
        sleep(MOMENT)


def _bound(family: int, address: tuple[object, ...]) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound
