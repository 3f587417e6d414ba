"""A supervised worker: the process, and the line on which it says that its event loop turns."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from time import monotonic

SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)
END_SECONDS = 5.0  # from the end of the line to the end of the process
LISTENING = b"L"  # said once; anything after it says that the event loop turns


class Supervised:
    """A worker from its start to its end; `select` waits for what it says.

    It ends when this process ends: on Linux the kernel kills it, elsewhere it sees the line end.
    `waits`: it may wait for its database; else it ends when it is not there.
    """

    def __init__(
        self,
        command: Iterable[str],
        sockets: Iterable[socket.socket],
        slate: int,
        *,
        waits: bool = True,
    ) -> None:
        self.listening = False
        self._line, theirs = socket.socketpair()
        shared = [each.fileno() for each in sockets]
        lent = {"sockets": shared, "slate": slate, "line": theirs.fileno(), "waits": waits}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*command, json.dumps(lent)],
                pass_fds=[*shared, slate, theirs.fileno()],
                process_group=0,  # a terminal's Ctrl-C reaches it once, from the supervisor
                preexec_fn=_leash(),  # noqa: PLW1509 - the supervisor has no threads
            )
        self._began = self._heard = monotonic()

    def fileno(self) -> int:
        """Give the file to wait for."""
        return self._line.fileno()

    def listen(self) -> bool:
        """Take in what it says; False when it will say nothing more."""
        try:
            said = self._line.recv(64)
        except ConnectionError:
            return False
        self.listening = self.listening or LISTENING in said
        self.give_time()
        return bool(said)

    def give_time(self) -> None:
        """Count its silence from now."""
        self._heard = monotonic()

    def silent(self, seconds: float) -> bool:
        """Whether it listens and has not said anything for so long; its start may take any time."""
        return self.listening and monotonic() - self._heard > seconds

    def age(self) -> float:
        """Seconds since it was started."""
        return monotonic() - self._began

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def end(self, *, patient: bool) -> int:
        """Have it end, by itself if `patient`; return its status, negative: a signal's number."""
        try:
            return self._process.wait(END_SECONDS if patient else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
        finally:
            self._line.close()


def _leash() -> Callable[[], None]:
    """Make what a worker does first of all, so that it does not outlive this process."""
    if sys.platform != "linux":
        return lambda: None
    library, parent = ctypes.CDLL(None), os.getpid()

    def leash() -> None:
        library.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)

    return leash
