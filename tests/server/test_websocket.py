"""One connection over a real socket, from its handshake to its close."""

import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
from pycrdt import Doc

from persistence.errors import LogUnavailable
from server import websocket as module
from tests.support import serving, wire
from tests.support.forging import insertion, text
from tests.support.live import house, until
from tests.support.replica import join
from tests.support.rest import Api, Person

MOST = 200_000  # bytes of a message
FAR_TOO_MUCH = MOST + 100_000  # beyond what the websocket library takes


LIMITS = {"max_message_bytes": MOST, "outbox_bytes": 20_000, "slow_reader_seconds": 600.0}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[serving.Server]:
    data = tmp_path_factory.mktemp("websocket") / "data"
    with serving.running(data, **LIMITS) as running:
        yield running


def _expiring(server: serving.Server, person: Person, seconds: int) -> Person:
    """The same person with a token that is about to expire."""
    claims = jwt.decode(person.token, options={"verify_signature": False})
    claims["exp"] = int(time.time()) + seconds
    key = next(path for path in Path(server.data_dir).iterdir() if "key" in path.name)
    token = jwt.encode(claims, key.read_text().strip(), algorithm="HS256")
    return Person(person.id, person.name, person.colour, token)


async def test_the_echo_of_an_edit_is_its_receipt(api: Api) -> None:
    ada = api.somebody()
    async with join(api.sync_url(api.make_article(ada), ada)) as replica:
        replica.append("mine")
        await replica.until_stored()


async def test_a_token_that_expires_ends_the_connection_for_good(
    api: Api, server: serving.Server
) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with join(api.sync_url(slug, _expiring(server, ada, 2))) as replica:
        await replica.until(lambda: replica.closed)
        assert replica.closed is not None
        assert replica.closed[0] == 4401


@pytest.mark.parametrize(
    "frame", [b"", b"\x63", b"\x00\x07\x00", b"\x00\x02\x03\x01\x02\x03", b"\x00\x00\x05\xff"]
)
async def test_a_malformed_message_ends_its_connection_and_nobody_else_notices(
    api: Api, frame: bytes
) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with (
        join(api.sync_url(slug, ada)) as sender,
        join(api.sync_url(slug, ada)) as witness,
    ):
        sender.send(frame)
        await sender.until(lambda: sender.closed)
        assert sender.closed is not None
        assert sender.closed[0] == 4400
        assert sender.closed[1].startswith("malformed-")
        witness.append("still here")
        await witness.until_stored()
        assert witness.closed is None


async def test_a_text_message_ends_the_connection(api: Api) -> None:
    ada = api.somebody()
    async with join(api.sync_url(api.make_article(ada), ada)) as replica:
        await replica._socket.send("words")
        await replica.until(lambda: replica.closed)
        assert replica.closed is not None
        assert replica.closed[0] == 4400


async def test_a_reader_may_not_write_is_told_once_and_stays(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with (
        join(api.sync_url(slug, None), presence={}) as reader,
        join(api.sync_url(slug, ada)) as writer,
    ):
        reader.append("one")
        reader.append("two")
        await reader.until(lambda: reader.refusals)
        writer.append("by the writer")
        await reader.until(lambda: "by the writer" in reader.text)
        assert [refusal.split(":")[0] for refusal in reader.refusals] == ["read-only"]
        assert reader.client_id in reader.presences
        assert writer.text == "by the writer"


async def test_a_message_that_is_a_bit_too_large_is_told_and_the_connection_stays(
    api: Api,
) -> None:
    ada = api.somebody()
    async with join(api.sync_url(api.make_article(ada), ada)) as replica:
        replica.send_update(insertion(1, 0, text("x" * (MOST + 10))))
        await replica.until(lambda: replica.refusals)
        assert replica.refusals[0].startswith("message-too-large")
        assert replica.closed is None


async def test_who_sent_far_too_much_is_let_in_again_told_why_and_not_asked_for_it(
    api: Api,
) -> None:
    ada = api.somebody()
    url = api.sync_url(api.make_article(ada), ada)
    async with join(url) as replica:
        replica.append("x" * FAR_TOO_MUCH)
        await replica.until(lambda: replica.closed)
        assert replica.closed is not None
        assert replica.closed[0] == 1009
    asked = []
    async with join(url, doc=replica.doc) as again:
        receive = again._receive

        def spy(frame: bytes) -> None:
            asked.append(frame) if frame[:2] == bytes((wire.SYNC, wire.STEP_1)) else None
            receive(frame)

        again._receive = spy  # type: ignore[method-assign]
        await again.until(lambda: again.refusals)
        again.greet()
        await again.until(lambda: again.presences)
        assert len(again.refusals) == 1
        assert asked == []
        assert again.closed is None


async def test_a_reader_that_stops_reading_for_a_while_is_brought_up_to_date(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with (
        join(api.sync_url(slug, ada)) as writer,
        join(api.sync_url(slug, None)) as slow,
    ):
        slow._socket.transport.pause_reading()
        before = api.metric("palimpsest_overflowed_total")
        while api.metric("palimpsest_overflowed_total") == before:
            stored = api.metric("palimpsest_rows_total")
            writer.append("words and words " * 3_000 + "\n")
            await until(lambda stored=stored: api.metric("palimpsest_rows_total") > stored)
        slow._socket.transport.resume_reading()
        # Texts of megabytes are compared once, not after every row of the log.
        await slow.until(lambda: slow.doc.get_state() == writer.doc.get_state(), "the log")
        assert slow.text == writer.text
        assert set(slow.ledger.inserted.values()) == {ada.id}
        writer.append("and on")
        await slow.until(lambda: slow.text.endswith("and on"), "what came after")


async def test_who_was_cut_off_brings_what_it_wrote_meanwhile(api: Api) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    doc = Doc(client_id=4_711)
    async with join(api.sync_url(slug, ada), doc=doc) as replica:
        replica.append("before ")
        await replica.until_stored()
        replica.kill()
        await replica.until(lambda: replica.closed)
        replica.append("meanwhile")
    async with join(api.sync_url(slug, ada), doc=doc), join(api.sync_url(slug, None)) as other:
        await other.until_text("before meanwhile")


async def test_trouble_with_the_log_sends_a_slow_reader_away_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(*_: object) -> None:
        raise LogUnavailable("the disk")

    monkeypatch.setattr(module, "catch_up", fails)
    async with house() as here:
        guest = await here.guest(here.article(), None, outbox_bytes=10)
        connection = object.__new__(module.Connection)
        connection._state = {"telemetry": here.telemetry, "store": here.store}  # type: ignore[typeddict-item]
        connection._member, connection._room = guest.member, guest.room
        connection._wire, connection._drained, connection._tasks = guest.wire, None, ()
        connection._catching_up = False
        guest.member.outbox._lag()
        connection.writable()
        await until(lambda: guest.closed)
        assert guest.closed is not None
        assert guest.closed.close == 4503
