"""Memory: what has been freed and the allocator still holds is given back to the system."""

import ctypes
from collections.abc import Callable


def _malloc_trim() -> Callable[[int], int] | None:
    """Find glibc's function; other C libraries have none, and give back by themselves."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return trim


TRIM = _malloc_trim()


def give_back() -> None:
    """Give back all that can be; takes milliseconds, without the interpreter's lock."""
    if TRIM is not None:
        TRIM(0)
