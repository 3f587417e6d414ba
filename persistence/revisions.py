"""Revisions: what every keeper of readable points in a log promises."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """A run of a text's characters with one author; start and length in code points."""

    start: int
    length: int
    author: str


@dataclass(frozen=True, slots=True)
class Revision:
    """The heading of a revision: number 1, 2, 3, ... in its article, a point in the log."""

    article: int
    number: int
    seq: int
    at: datetime
    label: str
    made_by: str


class Revisions(Protocol):
    """The revisions of every article; their text and spans follow from the log."""

    def add(
        self,
        article: int,
        seq: int,
        at: datetime,
        label: str,
        made_by: str,
        text: str,
        spans: Iterable[tuple[int, int, str]],
    ) -> Revision:
        """Store the article's next revision, whole or not at all. UnknownArticle, UnknownAuthor."""

    def list(self, article: int) -> Sequence[Revision]:
        """Give the article's revisions in order of their numbers."""

    def get(self, article: int, number: int) -> Revision:
        """Give one revision. UnknownRevision."""

    def text(self, article: int, number: int) -> str:
        """Give a revision's text. UnknownRevision."""

    def spans(self, article: int, number: int) -> tuple[Span, ...]:
        """Give a revision's spans in order of their starts. UnknownRevision."""

    def replace_text(
        self, article: int, number: int, text: str, spans: Iterable[tuple[int, int, str]]
    ) -> None:
        """Store a revision's text and spans anew, as the log tells them. UnknownRevision."""
