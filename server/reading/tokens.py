"""Tokens: what Markdown says, in order, with the places in the source of all that is shown."""

from typing import NamedTuple, TypeAlias


class Piece(NamedTuple):
    """Shown text, and what it stands for: `length` code points of the source from `start` on.

    Where both are equally long each character stands for the one at its place. Otherwise, as for
    `&amp;`, all of it stands for all of the source.
    """

    text: str
    start: int
    length: int

    @property
    def exact(self) -> bool:
        """Whether character i stands for the source's character start + i."""
        return len(self.text) == self.length

    def cut(self, first: int, end: int) -> "Piece":
        """The part from `first` to `end` of the shown text."""
        text = self.text[first:end]
        return (
            Piece(text, self.start + first, len(text)) if self.exact else self._replace(text=text)
        )


class Open(NamedTuple):
    """Something begins: a paragraph, a list, a link; `value` is what is to be known of it."""

    name: str
    value: str | int | tuple[str, ...] | None = None


class Close(NamedTuple):
    """It ends."""

    name: str


class Mark(NamedTuple):
    """Something without text: a line break, a rule."""

    name: str


class Extra(NamedTuple):
    """Shown text that stands nowhere in the source."""

    text: str


Token: TypeAlias = Piece | Open | Close | Mark | Extra
