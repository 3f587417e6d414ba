"""The frames in SQL."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, select, text

from persistence import models
from persistence.frames import Frame
from persistence.instant import Instant
from persistence.sql.database import Database, expect

FRAME = models.table(models.Frame)
COLUMNS = [FRAME.c[field.name] for field in fields(Frame)]
AUTHORS = COLUMNS.index(FRAME.c.authors)
PUT = text(
    "INSERT INTO frame (article, level, number, after, until, since, at, authors, payload,"
    " attribution) VALUES (:article, :level, :number, :after, :until, :since, :at, :authors,"
    " :payload, :attribution) ON CONFLICT (article, level, number) DO UPDATE SET"
    " after = excluded.after, until = excluded.until, since = excluded.since, at = excluded.at,"
    " authors = excluded.authors, payload = excluded.payload, attribution = excluded.attribution"
).bindparams(bindparam("since", type_=Instant), bindparam("at", type_=Instant))
PAGE_FRAMES = 64
ENDLESS = 2**63 - 1  # a seq that no log reaches
# Built once: building it takes as long as reading twenty frames. The last condition but one says no
# more than the last, but lets the index end the search.
PAGE = (
    select(*COLUMNS)
    .where(FRAME.c.article == bindparam("article"), FRAME.c.level == bindparam("level"))
    .where(FRAME.c.after >= bindparam("after"))
    .where(FRAME.c.after < bindparam("until"), FRAME.c.until <= bindparam("until"))
    .order_by(FRAME.c.after)
    .limit(PAGE_FRAMES)
)


class SqlFrames:
    """Frames in the table frame."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, frames: Iterable[Frame]) -> None:
        """Keep the promise of Frames.put."""
        ordered = sorted(frames, key=_place)  # so that who keeps the same waits, and no more
        rows = [asdict(frame) | {"authors": json.dumps(frame.authors)} for frame in ordered]
        with self._database.writing() as connection:
            for article in sorted({row["article"] for row in rows}):
                expect(connection, article)
            if rows:
                connection.execute(PUT, rows)

    def read(
        self, article: int, level: int, after: int = 0, until: int | None = None
    ) -> Iterator[Frame]:
        """Keep the promise of Frames.read."""
        page = self._page(article, level, after, until)
        yield from page
        while len(page) == PAGE_FRAMES and page[-1].until != until:
            page = self._page(article, level, page[-1].until, until)
            yield from page

    def last(self, article: int, level: int) -> int:
        """Keep the promise of Frames.last."""
        query = select(FRAME.c.until).where(FRAME.c.article == article, FRAME.c.level == level)
        with self._database.reading() as connection:
            return connection.scalar(query.order_by(FRAME.c.after.desc()).limit(1)) or 0

    def delete(self, article: int) -> None:
        """Keep the promise of Frames.delete."""
        with self._database.writing() as connection:
            connection.execute(delete(FRAME).where(FRAME.c.article == article))

    def _page(self, article: int, level: int, after: int, until: int | None) -> list[Frame]:
        asked = {
            "article": article,
            "level": level,
            "after": after,
            "until": ENDLESS if until is None else until,
        }
        with self._database.reading() as connection:
            return [_frame(list(row)) for row in connection.execute(PAGE, asked)]


def _place(frame: Frame) -> tuple[int, int, int]:
    return (frame.article, frame.level, frame.number)


def _frame(row: list[Any]) -> Frame:
    row[AUTHORS] = _authors(row[AUTHORS])
    return Frame(*row)


@lru_cache(maxsize=1_024)
def _authors(told: str) -> tuple[str, ...]:
    return tuple(json.loads(told))
