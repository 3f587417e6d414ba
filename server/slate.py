"""The slate: what a worker has in hand, noted in memory that outlives it.

The supervisor makes one and lends it to each worker. A worker notes every update before anything
is done with it. A note counts only when the eight bytes that tell its end are written, after the
note itself, so whoever reads a dead worker's slate finds no half of a note.
"""

import mmap
import os
import struct
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Literal

Reason = Literal["stalled", "died"]
REASONS: tuple[Reason, ...] = ("stalled", "died")

SIZE = 4 * 1024 * 1024  # bytes; a turn's gating takes 10 ms, in which fewer come
START = 64
HEAD = struct.Struct("=qHI")  # of a note: article, length of author and of update
END = struct.Struct("=Q")  # where the last note ends
APPLYING = 8  # 0: the last note is being gated; 1: all of them are being applied
SEAL = struct.Struct("=BBxxxxxxd")  # the end of a worker: number of the reason, certain, Unix time
SEAL_AT = 16
RESTARTS = struct.Struct("=II")  # in the order of REASONS
RESTARTS_AT = 32


@dataclass(frozen=True, slots=True)
class Note:
    """An update by an author to an article."""

    article: int
    author: str
    update: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What a worker had in hand when it ended, at `at` (Unix seconds).

    `certain`: nobody killed it from outside, and all notes are one author's in one article.
    """

    reason: Reason
    at: float
    certain: bool
    notes: tuple[Note, ...]


class NoSlate:
    """A slate for a server without a supervisor: nobody would read it."""

    def note(self, article: int, author: str, update: bytes) -> None:
        """Note what is now being gated, instead of what was and is not kept."""

    def keep(self) -> None:
        """Keep the last note: its update is admitted and will be applied."""

    def apply(self) -> None:
        """Note that all that is kept is now being applied."""

    def clear(self) -> None:
        """Nothing is in hand any more."""

    def found(self) -> Found | None:
        """Give what the last worker left."""
        return None

    def wipe(self) -> None:
        """Forget what the last worker left, once it is stored."""

    def restarts(self) -> dict[Reason, int]:
        """How many workers were replaced since the supervisor started."""
        return dict.fromkeys(REASONS, 0)


class Slate(NoSlate):
    """A slate in the shared memory of an open file."""

    def __init__(self, file: int) -> None:
        self.file = file
        self._memory = mmap.mmap(file, SIZE)
        self._kept = self._next = START

    @classmethod
    def make(cls) -> "Slate":
        """Make an empty slate that the file system does not know of."""
        file = _nameless()
        os.ftruncate(file, SIZE)
        slate = cls(file)
        slate.clear()
        return slate

    def successor(self) -> "Slate":
        """Make an empty slate with the same number of restarts."""
        slate = Slate.make()
        slate.count(self.restarts())
        return slate

    def close(self) -> None:
        """Let go of the memory, once nobody notes anything on it any more."""
        self._memory.close()
        os.close(self.file)

    def note(self, article: int, author: str, update: bytes) -> None:
        """Note what is now being gated, instead of what was and is not kept."""
        name = author.encode()
        note = HEAD.pack(article, len(name), len(update)) + name + update
        end = self._kept + len(note)
        if end > SIZE:
            note, end = self._shortened(article, name, update)
        self._memory[self._kept : end] = note
        self._next = end
        END.pack_into(self._memory, 0, end)

    def _shortened(self, article: int, name: bytes, update: bytes) -> tuple[bytes, int]:
        """Make room: what was kept is forgotten; of what is too large only the author is noted."""
        self._kept = START
        room = SIZE - START - HEAD.size - len(name)
        update = update if len(update) <= room else b""
        note = HEAD.pack(article, len(name), len(update)) + name + update
        return note, START + len(note)

    def keep(self) -> None:
        """Keep the last note: its update is admitted and will be applied."""
        self._kept = self._next

    def apply(self) -> None:
        """Note that all that is kept is now being applied."""
        END.pack_into(self._memory, 0, self._kept)
        self._memory[APPLYING] = 1

    def clear(self) -> None:
        """Nothing is in hand any more."""
        END.pack_into(self._memory, 0, START)
        self._memory[APPLYING] = 0
        self._kept = START

    def found(self) -> Found | None:
        """Give what the last worker left."""
        reason, unforced, at = SEAL.unpack_from(self._memory, SEAL_AT)
        if not reason:
            return None
        notes = self._notes()
        if not self._memory[APPLYING]:
            notes = notes[-1:]
        alone = len({(note.article, note.author) for note in notes}) == 1
        return Found(REASONS[reason - 1], at, bool(unforced) and alone, notes)

    def _notes(self) -> tuple[Note, ...]:
        notes, pos = [], START
        (end,) = END.unpack_from(self._memory)
        while pos < end:
            article, name_length, length = HEAD.unpack_from(self._memory, pos)
            body = pos + HEAD.size + name_length
            name = self._memory[pos + HEAD.size : body].decode()
            pos = body + length
            notes.append(Note(article, name, self._memory[body:pos]))
        return tuple(notes)

    def wipe(self) -> None:
        """Forget what the last worker left, once it is stored."""
        self.clear()
        SEAL.pack_into(self._memory, SEAL_AT, 0, 0, 0.0)

    def restarts(self) -> dict[Reason, int]:
        """How many workers were replaced since the supervisor started."""
        counts = RESTARTS.unpack_from(self._memory, RESTARTS_AT)
        return dict(zip(REASONS, counts, strict=True))

    def count(self, restarts: dict[Reason, int]) -> None:
        """Note how many workers were replaced."""
        RESTARTS.pack_into(self._memory, RESTARTS_AT, *(restarts[each] for each in REASONS))

    def seal(self, reason: Reason, at: float, *, unforced: bool) -> None:
        """Note how a worker ended, and when; what it had in hand is left for the next.

        `unforced`: nobody killed it from outside. What is sealed already is left as it is: the next
        worker ended before it had stored it.
        """
        counts = self.restarts()
        counts[reason] += 1
        self.count(counts)
        (end,) = END.unpack_from(self._memory)
        if end > START and not self._memory[SEAL_AT]:
            SEAL.pack_into(self._memory, SEAL_AT, REASONS.index(reason) + 1, unforced, at)


NO_SLATE = NoSlate()


def _nameless() -> int:
    """Open a file without a name, in memory where there is such a thing."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("slate")
    with TemporaryFile() as file:
        return os.dup(file.fileno())
