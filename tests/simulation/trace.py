"""A trace: what happened in a run, line by line, and a fingerprint of all of it."""

from collections.abc import Callable
from hashlib import blake2b


class Trace:
    """Notes are stamped with the time of `clock`; `show` is given each line."""

    def __init__(
        self, clock: Callable[[], float], show: Callable[[str], object] | None = None
    ) -> None:
        self._clock = clock
        self._show = show
        self._hash = blake2b(digest_size=16)

    def note(self, who: str, what: str, *details: object) -> None:
        """Note what somebody did, or what happened to them."""
        line = f"{self._clock():10.6f} {who:8} {what} {' '.join(map(_told, details))}"
        self._hash.update(line.encode())
        if self._show is not None:
            self._show(line)

    @property
    def fingerprint(self) -> str:
        """The same for two runs in which the very same happened."""
        return self._hash.hexdigest()


def _told(detail: object) -> str:
    if isinstance(detail, bytes):
        return f"<{len(detail)} {blake2b(detail, digest_size=4).hexdigest()}>"
    return str(detail)
