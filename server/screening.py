"""Screening: what cannot be checked on the event loop is checked in a process that can be killed.

The process does with a copy of the article all that the room would do. What comes through, an
honest first sync, is cut into updates that are small enough for the loop; they go through the
room's own gate like any other. What does not come through in its time, or memory, is refused.
"""

import asyncio
import json
import math
import sys
from dataclasses import asdict, dataclass, replace
from time import monotonic
from typing import Any

from crdt.document import NO_STATE
from crdt.errors import Refusal, TooEntangled, UpdateTooLarge
from crdt.livearticle import LiveArticle
from crdt.update import decode_parts, encode_update
from server.limits import full_rules, loop_rules
from server.pipe import pack, unpack
from server.quarantine import Quarantine
from server.room import Room
from server.settings import Settings
from server.submission import Submission, Writer
from server.telemetry import Telemetry

AT_ONCE = 2  # screening processes
TINY = 1024  # bytes; so small an update can hold few structs


@dataclass(frozen=True, slots=True)
class Copy:
    """The committed document of a room, its ledger, and the owners of its client ids."""

    document: bytes
    ledger: bytes
    owners: dict[int, str]


class Screening:
    """Turns an update into submissions that the event loop can carry."""

    def __init__(self, settings: Settings, telemetry: Telemetry, quarantine: Quarantine) -> None:
        self._settings = settings
        self._telemetry = telemetry
        self._quarantine = quarantine
        self._light = loop_rules(settings)
        self._heavy = full_rules(settings)
        self._places = asyncio.Semaphore(AT_ONCE)

    def light(self, room: Room, writer: Writer, update: bytes) -> Submission | None:
        """Give the submission of an update that the event loop can carry; None: see `pieces`.

        None, too, for whatever an author sends who is watched there. MalformedUpdate.
        """
        if self._quarantine.watches(room.article, writer.author):
            return None
        if len(update) <= TINY:
            return Submission(writer, update, self._light)
        if len(update) > self._settings.loop_update_bytes:
            return None
        rest = self._without_known(room, update)
        return None if rest is None else Submission(writer, rest, self._light)

    def _without_known(self, room: Room, update: bytes) -> bytes | None:
        """An update that is light, if it is not for deletions that are known; None if it is not.

        A synced client tells thousands of them. They are not counted, but left out.
        """
        most = self._light.limits.deletions
        try:
            read, at = decode_parts(update, replace(self._light.limits, deletions=len(update)))
        except UpdateTooLarge:
            return None
        if len(read.deletions) <= most:
            return update
        rest = room.undeleted(update[at:])
        return encode_update(read.structs, rest) if len(rest) <= most else None

    async def pieces(self, room: Room, writer: Writer, update: bytes) -> list[Submission]:
        """Screen an update; give the pieces that the event loop can carry, or raise a Refusal."""
        self._quarantine.check(room.article, writer.author, update)
        pieces = await self._screen(room, writer.author, update)
        return [Submission(writer, piece, self._heavy) for piece in pieces]

    async def _screen(self, room: Room, author: str, update: bytes) -> list[bytes]:
        async with self._places:
            started = monotonic()
            copy = await room.look(_copy)
            question = json.dumps(self._question(author, copy)).encode()
            try:
                asked = pack([question, copy.document, copy.ledger, update])
                return _read(await self._ask(asked))
            finally:
                self._telemetry.screened(monotonic() - started)

    def _question(self, author: str, copy: Copy) -> dict[str, Any]:
        return {
            "author": author,
            "owners": copy.owners,
            "root": self._settings.root_name,
            "limits": asdict(self._heavy.limits),
            "steps": self._heavy.steps,
            "clients": self._settings.author_clients_per_minute,
            "memory": self._settings.screening_memory_bytes,
            "seconds": math.ceil(self._settings.screening_seconds),
            "piece_structs": self._settings.loop_update_structs,
            "piece_bytes": self._settings.loop_update_bytes,
        }

    async def _ask(self, question: bytes) -> bytes:
        """Ask a process of its own; TooEntangled when it does not answer in its time."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server.screener"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(self._settings.screening_seconds):
                answer, _ = await process.communicate(question)
        except TimeoutError:
            raise TooEntangled("Checking this edit takes too long.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return answer


def _copy(live: LiveArticle) -> Copy:
    return Copy(live.document.diff(NO_STATE), live.ledger.pack(), live.ownership.owners())


def _read(answer: bytes) -> list[bytes]:
    if not answer:  # it ran out of memory, or died of the update
        raise TooEntangled("Checking this edit takes too much.")
    verdict, *pieces = unpack(answer)
    refused = json.loads(verdict)
    if refused is not None:
        raise _refusal(refused["code"], refused["sentence"])
    return pieces


def _refusal(code: str, sentence: str) -> Refusal:
    classes = [Refusal]
    for kind in classes:
        classes += kind.__subclasses__()
    return next(kind for kind in classes if kind.code == code)(sentence)
