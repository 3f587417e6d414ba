"""What an article was after some rows of its log, told without the product: Yjs folds the log.

Who wrote a character follows from its client id alone, but for what was restored: that is told by
the test, which knows what it asked for.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from persistence.log import Entry
from persistence.store import open_store
from server.settings import Settings
from tests.support import node

ID = tuple[int, int]


class Fold(NamedTuple):
    """The text after row `seq`, and the first ID of each of its code points."""

    seq: int
    text: str
    ids: list[ID]


def log_of(data_dir: Path, slug: str) -> list[Entry]:
    """Read the log of an article of a server."""
    store = open_store(Settings(data_dir=data_dir).database)
    try:
        return list(store.log.read(store.articles.get(slug).id))
    finally:
        store.close()


def folds(log: Sequence[Entry], seqs: Sequence[int]) -> Iterator[Fold]:
    """What the article was after each of the seqs, which ascend."""
    rows = [b64encode(entry.payload).decode() for entry in log]
    lines = node.run("moments.js", stdin=json.dumps({"rows": rows, "seqs": list(seqs)}))
    for seq, line in zip(seqs, lines.splitlines(), strict=True):
        text, runs = json.loads(line)
        yield Fold(seq, text, list(first_ids(text, runs)))


def first_ids(text: str, runs: Sequence[tuple[int, int, int]]) -> Iterator[ID]:
    """The first ID of each code point of a text with these IDs."""
    units = iter([(client, clock + n) for client, clock, length in runs for n in range(length)])
    for character in text:
        yield next(units)
        if character > "\uffff":
            next(units)
