"""The terminal that a program was started at, which may be closed meanwhile."""

import os

TERMINAL = "/dev/tty"  # of the process that opens it


class Terminal:
    """Remembers whether there was one: who closes its window means its programs to end."""

    def __init__(self) -> None:
        self._was_there = _is_there()

    @property
    def is_gone(self) -> bool:
        """Whether there was one, and is none any more."""
        return self._was_there and not _is_there()


def _is_there() -> bool:
    try:
        os.close(os.open(TERMINAL, os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True
