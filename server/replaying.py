"""Replaying: the history of an article as bytes, read from its frames and its log."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter

from crdt.cuts import ROWS, Cut, Piece
from crdt.frames import Frame, frame_of_rows
from crdt.replay import encode_frame
from persistence.edits import edit_of
from persistence.store import Store
from server.framekeeping import read_frames
from server.refusals import HistoryUnavailable

MOST_PIECES = 64  # of one level, that are in memory at once


class Replay:
    """Reads cuts of an article's log; the authors are named as they first occur."""

    def __init__(self, store: Store, article: int) -> None:
        self._store = store
        self.article = article
        self._named: set[str] = set()

    def read(self, cuts: Sequence[Cut]) -> bytes:
        """Give the frames of some cuts, as they are sent; HistoryUnavailable."""
        parts = self._parts(piece for cut in cuts for piece in cut.pieces)
        frames = [list(islice(parts, len(cut.pieces))) for cut in cuts]
        names = self._names(
            {author for parts in frames for part in parts for author in part.authors}
        )
        return b"".join(
            encode_frame(parts, [self._introduced(part, names) for part in parts])
            for parts in frames
        )

    def _names(self, authors: set[str]) -> dict[str, dict[str, str]]:
        """Names and colours of those whom the answer has not named yet."""
        strangers = authors - self._named
        found = self._store.authors.many(strangers) if strangers else {}
        return {key: {"name": a.name, "colour": a.colour} for key, a in found.items()}

    def _introduced(self, part: Frame, names: dict[str, dict[str, str]]) -> str:
        new = [author for author in part.authors if author not in self._named]
        if not new:
            return "{}"
        self._named.update(new)
        return json.dumps({author: names[author] for author in new}, ensure_ascii=False)

    def _parts(self, pieces: Iterable[Piece]) -> Iterator[Frame]:
        for level, group in groupby(pieces, attrgetter("level")):
            while batch := list(islice(group, MOST_PIECES)):
                yield from self._rows(batch) if level == ROWS else self._kept(level, batch)

    def _kept(self, level: int, pieces: Sequence[Piece]) -> Iterator[Frame]:
        after, until = pieces[0].after, pieces[-1].until
        frames = list(read_frames(self._store, self.article, level, after, until))
        if len(frames) != len(pieces):
            raise HistoryUnavailable("The frames were thrown away meanwhile; please try again.")
        yield from frames

    def _rows(self, pieces: Sequence[Piece]) -> Iterator[Frame]:
        entries = self._store.log.read(self.article, pieces[0].after, pieces[-1].until)
        for piece in pieces:
            rows = [edit_of(entry) for entry in islice(entries, piece.until - piece.after)]
            yield frame_of_rows(piece.after, rows)
