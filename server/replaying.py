"""Replaying: the history of an article as bytes, read from its frames and its log."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter

from crdt.cuts import ROWS, Cut, Piece
from crdt.frames import Frame, frame_of_rows
from crdt.replay import encode_frame
from persistence.edits import edit_of
from persistence.store import Store
from server.framekeeping import read_frames
from server.refusals import HistoryUnavailable


class Replay:
    """Reads pieces of an article's history and puts them together, in threads and in order.

    An author is named in the first frame where they occur.
    """

    def __init__(self, store: Store, article: int) -> None:
        self._store = store
        self._article = article
        self._named: set[str] = set()

    def read(self, pieces: Sequence[Piece]) -> list[Frame]:
        """Give the rows of each piece as a frame; HistoryUnavailable where kept ones are gone."""
        return [
            frame
            for level, group in groupby(pieces, attrgetter("level"))
            for frame in self._read(level, list(group))
        ]

    def _read(self, level: int, pieces: Sequence[Piece]) -> list[Frame]:
        if level == ROWS:
            return list(self._rows(pieces))
        after, until = pieces[0].after, pieces[-1].until
        frames = list(read_frames(self._store, self._article, level, after, until))
        if len(frames) != len(pieces):
            raise HistoryUnavailable("The frames were thrown away meanwhile; please try again.")
        return frames

    def _rows(self, pieces: Sequence[Piece]) -> Iterator[Frame]:
        entries = self._store.log.read(self._article, pieces[0].after, pieces[-1].until)
        for piece in pieces:
            rows = [edit_of(entry) for entry in islice(entries, piece.until - piece.after)]
            yield frame_of_rows(piece.after, rows)

    def encode(self, cuts: Sequence[Cut], frames: Sequence[Frame]) -> list[bytes]:
        """Give the bytes of cuts, in parts, from the frames that were read of their pieces."""
        names = self._names({author for frame in frames for author in frame.authors})
        rest = iter(frames)
        encoded: list[bytes] = []
        for cut in cuts:
            parts = list(islice(rest, len(cut.pieces)))
            encoded += encode_frame(parts, [self._introduced(part, names) for part in parts])
        return encoded

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
