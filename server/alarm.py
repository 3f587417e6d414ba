"""An alarm: tells when some milliseconds have passed, to about a tenth of one.

The timers of event loops go by whole milliseconds. Linux has one that is exact: a file that can be
read when its time has come (timerfd_create(2)). Where there is none the loop's own have to do.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ctypes import PyDLL, Structure, byref, c_long

Ring = Callable[[], object]
Set = Callable[[float], object]


@contextmanager
def alarm(ring: Ring) -> Iterator[Set]:
    """Lend what sets the alarm: `ring` is called on this loop when so many seconds have passed.

    Only the time that was set last counts.
    """
    loop = asyncio.get_running_loop()
    timer: ExactTimer | LoopTimer
    try:
        timer = ExactTimer(loop, ring)
    except (NotImplementedError, OSError):  # another system, or a loop that reads no files
        timer = LoopTimer(loop, ring)
    with closing(timer):
        yield timer.set


class LoopTimer:
    """A timer of a loop's own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Ring) -> None:
        self._loop = loop
        self._ring = ring
        self._later: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Set it to another time."""
        self.close()
        self._later = self._loop.call_later(seconds, self._ring)

    def close(self) -> None:
        """Have it not ring."""
        if self._later is not None:
            self._later.cancel()


class TimerSpec(Structure):
    """struct itimerspec: a first time, and then one after every interval (0 is never)."""

    _fields_ = (("_every_s", c_long), ("_every_ns", c_long), ("s", c_long), ("ns", c_long))


class ExactTimer:
    """A timer file of Linux that a loop reads."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Ring) -> None:
        if sys.platform != "linux" or sys.maxsize < 2**32:  # where the structure is another one
            raise NotImplementedError
        libc = PyDLL(None)  # its calls are over before another thread could begin
        self._loop = loop
        self._ring = ring
        self._settime = libc.timerfd_settime
        self._spec = TimerSpec()
        self._asked = byref(self._spec)
        self._file = libc.timerfd_create(time.CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
        if self._file < 0:
            raise OSError("there is no timer file")
        try:
            loop.add_reader(self._file, self._rings)
        except NotImplementedError:
            os.close(self._file)
            raise

    def set(self, seconds: float) -> None:
        """Set it to another time."""
        self._spec.s, self._spec.ns = divmod(max(1, int(seconds * 1e9)), 1_000_000_000)
        self._settime(self._file, 0, self._asked, None)

    def _rings(self) -> None:
        try:
            os.read(self._file, 8)
        except BlockingIOError:  # it has been set to another time meanwhile
            return
        self._ring()

    def close(self) -> None:
        """Give the file back."""
        self._loop.remove_reader(self._file)
        file, self._file = self._file, -1  # the number may soon be another file's
        os.close(file)
