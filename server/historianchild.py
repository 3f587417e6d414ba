"""The historian's process: `python -m server.historianchild` answers one job after the other.

Jobs come on standard input and answers go to standard output, pickled, each behind its length. The
process ends when its input does, in the middle of a job too.
"""

import ctypes
import gc
import os
import pickle
import signal
import struct
import sys
import traceback
from collections.abc import Iterator
from contextlib import closing
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from persistence.store import Store, open_store
from server.options import from_environment
from server.supervised import SET_PARENT_DEATH_SIGNAL

LENGTH = struct.Struct(">Q")  # before each job and each answer, in bytes
GARBAGE = 200_000  # values that are made before cycles are looked for
NICENESS = 10  # people who write go first


def answer(store: Store, question: bytes) -> bytes:
    """Do a job; give whether that went well, with what it returned or raised."""
    try:
        job, args, named = pickle.loads(question)  # noqa: S301 - the server wrote it
        return pickle.dumps((True, job(store, *args, **named)))
    except Exception as error:  # noqa: BLE001 - whoever asked is to see it
        return _failure(error)


def _failure(error: Exception) -> bytes:
    """Pack an exception with the place where it was raised; what cannot be packed is described."""
    error.add_note("".join(traceback.format_tb(error.__traceback__)))
    try:
        failure = pickle.dumps((False, error))
        pickle.loads(failure)  # noqa: S301 - to see that it can be
    except Exception:  # noqa: BLE001 - an exception's class may ask for other arguments
        return pickle.dumps((False, RuntimeError("".join(traceback.format_exception(error)))))
    return failure


def questions(stream: BinaryIO) -> Iterator[bytes]:
    """Read jobs until the stream ends."""
    while len(head := stream.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        yield stream.read(length)


def _listen(stream: BinaryIO, heard: "SimpleQueue[bytes]") -> None:
    for question in questions(stream):
        heard.put(question)
    os._exit(0)  # whoever would read the answer has gone


def _settle() -> None:
    """Be polite, and die with the server; a terminal's Ctrl-C is for the server.

    A job makes a million values that live until its end: looking for cycles among them every few
    hundred takes as long again as the job.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE)
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":  # quicker than the end of the input, and in long calls of C, too
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def main() -> None:
    """Answer until the input ends."""
    _settle()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a job prints is not an answer
    heard: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, heard), daemon=True).start()
    settings = from_environment()
    with closing(open_store(settings.database, settings.database_seconds)) as store:
        while True:
            said = answer(store, heard.get())
            answers.write(LENGTH.pack(len(said)) + said)
            answers.flush()


if __name__ == "__main__":
    main()
