"""The author layer: a second document with the same IDs, each character its author's glyph.

Origins, IDs and deletions are those of the article, so the CRDT itself puts the glyphs in document
order, and the runs of equal glyphs are the spans. It shares nothing with the weave: where a log is
folded (export, rebuild, revisions), the one checks the other.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from crdt.attribution import Attribution
from crdt.document import Document
from crdt.edit import Edit
from crdt.spans import Span, joined
from crdt.structs import Kind, Struct
from crdt.update import encode_update

# The glyphs are the characters that take one UTF-16 unit each and are no surrogates. The first one
# is taken by the halves of surrogate pairs that are no character of their own.
SECOND_HALF = "\x01"
FIRST_GLYPH = 2
SURROGATES = range(0xD800, 0xE000)
LAST_GLYPH = 0xFFFF


class TooManyAuthors(Exception):  # noqa: N818 - the state of a thing, as its name says
    """An article has more authors than there are glyphs, some 63,000."""


class AuthorLayer:
    """Lays out in document order who wrote what, from the log's edits in their order."""

    def __init__(self, root: str) -> None:
        self._document = Document(root)
        self._glyphs: dict[str, str] = {}

    def add(self, edits: Iterable[Edit], ledger: Attribution) -> None:
        """Take in edits; `ledger` has all of them, and whatever they carried over."""
        self._document.apply([self._rewritten(edit, ledger) for edit in edits])

    def spans(self) -> list[Span]:
        """The spans of the visible text, in code points."""
        authors = {glyph: author for author, glyph in self._glyphs.items()}
        text = self._document.text().replace(SECOND_HALF, "")
        runs = ((len(list(run)), authors[glyph]) for glyph, run in groupby(text))
        return joined(runs)

    def close(self) -> None:
        """Give the memory back."""
        self._document.close()

    def _rewritten(self, edit: Edit, ledger: Attribution) -> bytes:
        structs = [self._glyph_struct(struct, ledger) for struct in edit.structs]
        return encode_update(structs, edit.deletions)

    def _glyph_struct(self, struct: Struct, ledger: Attribution) -> Struct:
        if struct.kind != Kind.STRING:
            return struct
        runs = ledger.runs(struct.client, struct.clock, struct.length)
        glyphs = "".join(self._glyph(run.author) * run.length for run in runs)
        return struct._replace(content="".join(_laid_out(str(struct.content), glyphs)))

    def _glyph(self, author: str) -> str:
        return self._glyphs.setdefault(author, _nth_glyph(len(self._glyphs)))


def _nth_glyph(number: int) -> str:
    code = FIRST_GLYPH + number
    if code >= SURROGATES.start:
        code += len(SURROGATES)
    if code > LAST_GLYPH:
        raise TooManyAuthors("An article has more authors than there are glyphs.")
    return chr(code)


def _laid_out(text: str, glyphs: str) -> Iterator[str]:
    """One glyph for each unit of `text`; the second half of a pair is no character of its own."""
    if text.isascii():
        yield glyphs
        return
    unit = 0
    for character in text:
        yield glyphs[unit]
        unit += 1
        if character > "\uffff":
            yield SECOND_HALF
            unit += 1
