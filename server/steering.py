"""Steering: to which of the sockets at one address the next connections come.

The kernel draws one of them for every connection that is made (SO_REUSEPORT), and the connection
then waits at that one. A few instructions of ours tell it among which to draw, so that nobody has
to wait for a worker that is not there while others are.
"""

import ctypes
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress

ATTACH = 51  # SO_ATTACH_REUSEPORT_CBPF of Linux, which Python does not name
PROGRAM = struct.Struct("@HP")  # number of instructions, and where they are
INSTRUCTION = struct.Struct("=HBBI")  # code, jump if true, jump if false, constant

LOAD, MODULO, JUMP_IF_EQUAL, RETURN = 0x20, 0x94, 0x15, 0x06
RANDOM = 0xFFFFF000 + 56  # where a "load" finds a random number
NOBODY = 0xFFFFFFFF  # not a socket's number: the kernel draws by itself, among all

Instruction = tuple[int, int, int, int]


def steer(sockets: Sequence[socket.socket], chosen: Sequence[int]) -> None:
    """Have new connections come to the chosen sockets only, or to all when none is chosen.

    Numbers are in the order in which the sockets began to listen. A system that cannot do so goes
    on drawing among all.
    """
    chosen = chosen or range(len(sockets))
    code = [INSTRUCTION.pack(*each) for each in _program(chosen)]
    memory = ctypes.create_string_buffer(b"".join(code))
    with suppress(OSError):
        sockets[0].setsockopt(
            socket.SOL_SOCKET, ATTACH, PROGRAM.pack(len(code), ctypes.addressof(memory))
        )


def _program(chosen: Sequence[int]) -> Iterator[Instruction]:
    """Draw a place in `chosen`, and return the number that stands there."""
    yield LOAD, 0, 0, RANDOM
    yield MODULO, 0, 0, len(chosen)
    for place, number in enumerate(chosen):
        yield JUMP_IF_EQUAL, 0, 1, place
        yield RETURN, 0, 0, number
    yield RETURN, 0, 0, NOBODY
