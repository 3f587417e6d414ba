"""Histories of several people's edits, played through real connections in the order they need."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio
import pytest

from tests.oracle import Edit, Patch, Version, versions
from tests.support.replica import Made, Replica

SHARED = Path(__file__).parents[3] / "shared" / "data"


def recorded(name: str) -> tuple[list[Edit], str]:
    """Return a recorded history and the text that it ends with; skips where there is no copy."""
    path = SHARED / f"{name}.json.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    told = json.loads(gzip.decompress(path.read_bytes()))
    edits = [
        Edit(each["parents"], each["agent"], [Patch(*patch) for patch in each["patches"]])
        for each in told["txns"]
    ]
    return edits, told["endContent"]


class Player:
    """One person of a history at their own connection.

    A person's edit is made on exactly what it builds on: what others wrote is held back until an
    edit has seen it. Where the next edit of another person builds on one of mine and not on those
    after it, I wait for its receipt, so that the server cannot put the two into one message.
    """

    def __init__(self, person: int, replica: Replica) -> None:
        self.person = person
        self.made: list[Made] = []
        self._replica = replica
        self._seen: dict[int, int] = {}

    async def perform(self, edit: Edit, version: Version, others: "Mapping[int, Player]") -> None:
        for other, number in version.items():
            if other != self.person:
                await self._see(others[other], number)
        with self._replica.doc.transaction():
            for patch in edit.patches:
                self._replica.delete(patch.position, patch.deleted)
                self._replica.insert(patch.position, patch.inserted)
        self.made.append(self._replica.made.pop())

    async def receipt(self) -> None:
        made = self.made[-1]
        await self._replica.until(
            lambda: self._replica.received.covers(made.inserted, made.deleted), "a receipt"
        )

    async def _see(self, other: "Player", number: int) -> None:
        seen = self._seen.setdefault(other.person, 0)
        while seen < number:
            if len(other.made) > seen and self._knows(other.made[seen]):
                seen += 1
            else:
                await self._replica.until(lambda: self._replica.held, "another's edit")
                self._replica.release()
        self._seen[other.person] = seen

    def _knows(self, made: Made) -> bool:
        return self._replica.ledger.covers(made.inserted, made.deleted)


async def play(edits: Sequence[Edit], replicas: Mapping[int, Replica]) -> None:
    """Let each person make their edits; return when everybody has everything.

    The replicas hold back what arrives. With more than two people, what they have seen of each
    other must be a prefix of one common order, as it is with a server in the middle.
    """
    told = list(zip(edits, versions(edits), strict=True))
    players = {person: Player(person, replica) for person, replica in replicas.items()}
    async with anyio.create_task_group() as tasks:
        for player in players.values():
            tasks.start_soon(_perform, player, told, players)
    for replica in replicas.values():
        await replica.until(lambda r=replica: _complete(r, players.values()), "the others' edits")


async def _perform(
    player: Player, told: Sequence[tuple[Edit, Version]], players: Mapping[int, Player]
) -> None:
    awaited = {v.get(player.person) for edit, v in told if edit.person != player.person}
    for edit, version in told:
        if edit.person == player.person:
            await player.perform(edit, version, players)
            if version[player.person] in awaited:
                await player.receipt()


def _complete(replica: Replica, players: "Sequence[Player]") -> bool:
    while replica.held:
        replica.release()
    return all(replica.ledger.covers(m.inserted, m.deleted) for p in players for m in p.made)
