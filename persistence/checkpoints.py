"""Checkpoints: what every keeper of this cache promises."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The merged state of an article after `seq`, and its encoded attribution."""

    article: int
    seq: int
    state: bytes
    attribution: bytes


class Checkpoints(Protocol):
    """A cache: without it every answer is the same, only later (law 4)."""

    def put(self, article: int, seq: int, state: bytes, attribution: bytes) -> None:
        """Keep the state after `seq`, in place of what was kept there."""

    def latest(self, article: int, until: int | None = None) -> Checkpoint | None:
        """Give the newest checkpoint with seq <= until, if there is one."""

    def delete(self, article: int, after: int = -1, before: int | None = None) -> None:
        """Forget the checkpoints of the article with after < seq < before; None: all after."""
