"""docs/protocol.md tells the bytes that the code writes and every refusal that there is."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import server.app  # noqa: F401 - so that every refusal there is has been defined
from crdt.awareness import PresenceLimits, Showing
from crdt.errors import Refusal
from crdt.gate import Rules
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle
from crdt.messages import SyncUpdate, encode_sync_update
from crdt.session import MessageLimits, Session
from crdt.structs import Kind, Struct
from crdt.update import encode_update
from persistence.authors import Author
from server.audience import Audience
from server.logs import open_log
from server.member import Member
from server.parking import Parking
from server.room import Room, Turn
from server.settings import Settings
from server.submission import Submission
from server.telemetry import Telemetry
from tests.support.live import Shelf, messages

PAGE = (Path(__file__).parents[1] / "docs" / "protocol.md").read_text("utf-8")
AT = datetime(2026, 1, 1, 0, 0, 34, 567_000, tzinfo=UTC)
ADA = Author(
    id="q3v7k2m9x0ab",
    handle="ada",
    name="Ada",
    colour="#b3261e",
    created=AT,
    kind="person",
    passphrase_hash=None,
    subject=None,
)
PAG = Struct(5, 0, 3, Kind.STRING, None, None, "content", None, "pag")
E = Struct(5, 3, 1, Kind.STRING, (5, 2), None, None, None, "e")
PLENTY = 1 << 20


def _shown(heading: str) -> bytes:
    """The bytes in the block below a heading, without the words beside them."""
    block = PAGE.split(f"### {heading}\n")[1].split("```text\n")[1].split("```")[0]
    lines = (re.match(r"(?:[0-9a-f]{2} ?)*", line) for line in block.splitlines())
    return bytes.fromhex("".join(line[0] for line in lines if line))


class Example:
    """The article of the page: Ada asks for attribution, the reader does not."""

    def __init__(self) -> None:
        self._telemetry = Telemetry(open_log(Settings()))
        live = LiveArticle("content", {}, 10)
        audience = Audience(live.ownership, PresenceLimits(8, PLENTY), {}, self._telemetry)
        parking = Parking(8, PLENTY, 5.0, lambda: 0.0, self._telemetry.parked)
        self._room = Room(1, live, audience, parking, lambda _room: None)
        self.ada = self._member(ADA)
        self.reader = self._member(None)

    def _member(self, author: Author | None) -> Member:
        member = Member(
            Session(MessageLimits(PLENTY, 8, UpdateLimits()), readonly=author is None),
            Showing(author.id, {}) if author else None,
            Shelf(),
            PLENTY,
            self._telemetry,
            wants_attribution=author is not None,
        )
        self._room.enter(member, author, ask=False)
        self._room.join(member, b"\x00")
        return member

    def types(self, frame: bytes) -> Turn:
        """Take in a frame of Ada's, commit it and show it."""
        message = self.ada.session.receive(frame)
        assert isinstance(message, SyncUpdate)
        self.ada.submitted(len(message.update))
        self._room.submit(Submission(self.ada, message.update, Rules(UpdateLimits(), 100)))
        turn = self._room.begin_turn(int(AT.timestamp() * 1000), lambda: True)
        assert turn is not None
        self._room.end_turn(turn)
        return turn


@pytest.fixture
async def example() -> Example:
    example = Example()
    example.types(encode_sync_update(encode_update([PAG], ())))
    return example


def _last_turn(member: Member) -> list[bytes]:
    """Give the messages of a member's last parcel."""
    return messages(member.outbox._parcels[-1].frames)


def test_the_keystroke_is_what_a_client_would_send() -> None:
    assert _shown("What Ada's client sends") == encode_sync_update(encode_update([E], ()))


async def test_who_asked_gets_the_attribution_and_then_the_update(example: Example) -> None:
    example.types(_shown("What Ada's client sends"))
    assert _last_turn(example.ada) == [
        _shown("The attribution that the server sends to those who asked"),
        _shown("The update that the server sends to everybody"),
    ]


async def test_who_did_not_ask_gets_the_update_only(example: Example) -> None:
    example.types(_shown("What Ada's client sends"))
    update = _shown("The update that the server sends to everybody")
    assert _last_turn(example.reader) == [update]


async def test_the_row_of_the_log_is_the_one_shown(example: Example) -> None:
    append = example.types(_shown("What Ada's client sends")).append
    (row,) = append.rows
    at = f"{AT:%Y-%m-%d %H:%M:%S}.{AT.microsecond // 1000}"
    line = (
        f"| {append.article} | {append.head + 1} | `{row.author}` | {at} | `{row.payload.hex(' ')}`"
    )
    assert f"{line} | none |" in PAGE
    assert row.carried is None


def _refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from _refusals(below)


PUBLIC = sorted(
    {kind for kind in _refusals(Refusal) if kind.__module__.split(".")[0] != "tests"},
    key=lambda kind: kind.code,
)


@pytest.mark.parametrize("kind", PUBLIC, ids=lambda kind: kind.code)
def test_every_refusal_stands_there_with_its_close_code(kind: type[Refusal]) -> None:
    assert f"\n| `{kind.code}` | {kind.close} | " in PAGE


def test_no_refusal_stands_there_that_there_is_not() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| \d+ \| ", PAGE, re.MULTILINE)
    assert sorted(told) == [kind.code for kind in PUBLIC]
