"""What a client learns from the attribution messages."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pycrdt import IdMap

from tests.support import wire

ID = tuple[int, int]


class Ledger:
    """What the attribution messages said: for each ID who inserted it, who deleted it."""

    def __init__(self) -> None:
        self.inserted: dict[ID, str] = {}
        self.deleted: dict[ID, str] = {}
        self.carried: dict[ID, str] = {}
        self.names: dict[str, dict[str, str]] = {}
        self.seq = 0

    def read(self, message: wire.Reader) -> None:
        self.seq = message.uint()
        for name, client, clock, author in _attributes(message.array()):
            if name == "insert":
                self.inserted[client, clock] = author
            elif name == "carriedBy":
                self.carried[client, clock] = author
        for name, client, clock, author in _attributes(message.array()):
            if name == "delete":
                self.deleted[client, clock] = author
        self.names |= json.loads(message.string())

    def covers(self, inserted: Iterable[ID], deleted: Iterable[ID]) -> bool:
        """Whether the server has said that all of this is stored."""
        return self.inserted.keys() >= set(inserted) and self.deleted.keys() >= set(deleted)


def _attributes(content: bytes) -> Iterator[tuple[str, int, int, Any]]:
    for client, stretch in IdMap.decode(content).entries():
        for attribute in stretch.attributes:
            for clock in range(stretch.start, stretch.end):
                yield attribute.name, client, clock, attribute.value
