import asyncio
import socket
import subprocess
import sys

from server.worker import Line

END_WITH_IT = """
import sys, time
from server.worker import Line
Line(int(sys.argv[1]), 5.0).end_with_it()
print("up", flush=True)
time.sleep(1e6)
"""


async def test_a_worker_says_that_it_listens_and_then_that_its_loop_turns() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    with ours, theirs:
        line = Line(theirs.fileno(), 0.05)
        line.listening()
        said = b""
        while len(said) < 4:
            said += await loop.sock_recv(ours, 1)
        assert said == b"L..."
        line._socket.close()


async def test_nobody_waits_for_a_supervisor_that_does_not_listen() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        try:
            while True:
                theirs.send(bytes(4096))
        except BlockingIOError:
            pass
        line = Line(theirs.fileno(), 5.0)
        line.listening()
        line._socket.close()


def test_a_worker_whose_line_ends_ends() -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-c", END_WITH_IT, str(theirs.fileno())]
        process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        with process.stdout as said:
            assert said.readline() == b"up\n"
            ours.close()
            assert process.wait(60) == 1
    finally:
        process.kill()
        process.wait()
