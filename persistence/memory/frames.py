"""The frames in memory."""

from collections.abc import Iterable, Iterator

from persistence.frames import Frame
from persistence.memory.shelf import Shelf


class MemoryFrames:
    """Frames in binders, by level and number."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, frames: Iterable[Frame]) -> None:
        """Keep the promise of Frames.put."""
        kept = list(frames)
        with self._shelf.lock:
            binders = [self._shelf.binder(frame.article) for frame in kept]
            for binder, frame in zip(binders, kept, strict=True):
                binder.frames[frame.level, frame.number] = frame

    def read(
        self, article: int, level: int, after: int = 0, until: int | None = None
    ) -> Iterator[Frame]:
        """Keep the promise of Frames.read."""
        for frame in self._level(article, level):
            if after <= frame.after and (until is None or frame.until <= until):
                yield frame

    def last(self, article: int, level: int) -> int:
        """Keep the promise of Frames.last."""
        return max((frame.until for frame in self._level(article, level)), default=0)

    def delete(self, article: int) -> None:
        """Keep the promise of Frames.delete."""
        with self._shelf.lock:
            if binder := self._shelf.binders.get(article):
                binder.frames.clear()

    def _level(self, article: int, level: int) -> list[Frame]:
        with self._shelf.lock:
            binder = self._shelf.binders.get(article)
            kept = binder.frames if binder else {}
            return [kept[place] for place in sorted(kept) if place[0] == level]
