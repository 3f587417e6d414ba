"""A worker that hangs or dies is replaced, and what it had in hand cannot do it again."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from pycrdt import Text

from persistence.quarantine import Suspect
from server.opening import opened_database
from server.settings import Settings
from tests.support import node, serving
from tests.support.replica import ROOT, Replica, join
from tests.support.rest import Api
from tests.support.spoilt.sitecustomize import DIE, HANG
from tests.support.stock import stock

SPOILT = Path(serving.__file__).parent / "spoilt"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[serving.Server]:
    """A server whose processes hang and die of certain words."""
    monkeypatch.setenv("PYTHONPATH", str(SPOILT), prepend=os.pathsep)
    with serving.running(tmp_path / "data", stall_seconds=2, screening_seconds=2) as running:
        yield running


@pytest.fixture
def api(server: serving.Server) -> Iterator[Api]:
    api = Api(server.url)
    yield api
    api.close()


def _suspects(server: serving.Server) -> list[Suspect]:
    with opened_database(Settings(data_dir=server.data_dir)) as store:
        return list(store.quarantine.list())


async def _until_replaced(server: serving.Server, times: int = 1) -> None:
    with anyio.fail_after(serving.START_SECONDS):
        while server.replaced < times or not server.workers:  # noqa: ASYNC110 - of another process
            await anyio.sleep(0.02)


async def _write(replica: Replica, text: str) -> None:
    """Write, and wait for the receipt."""
    replica.append(text)
    made = replica.made[-1]
    await replica.until(lambda: replica.received.covers(made.inserted, made.deleted))


@pytest.mark.parametrize(("word", "reason"), [(HANG, "stalled"), (DIE, "died")])
async def test_what_ends_a_worker_does_so_once(
    server: serving.Server, api: Api, word: bytes, reason: str
) -> None:
    ada, eve = api.somebody(), api.somebody()
    mine, theirs = api.make_article(ada), api.make_article(ada)
    async with join(api.sync_url(mine, ada)) as typing:
        await _write(typing, "Everything that was acknowledged. ")
        async with join(api.sync_url(theirs, eve)) as attack:
            await _write(attack, "An honest beginning. ")
            attack.append(word.decode())
            await attack.until(lambda: attack.closed)
            doc = attack.doc
    await _until_replaced(server)

    async with join(api.sync_url(mine, ada), doc=typing.doc) as back:
        assert back.text == "Everything that was acknowledged. "
        async with join(api.sync_url(theirs, eve), doc=doc) as again:  # the very same bytes
            await again.until(lambda: again.refusals)
            assert "quarantined: " in again.refusals[0]
        doc.get(ROOT, type=Text).insert(0, "more ")
        async with join(api.sync_url(theirs, eve), doc=doc) as merged:  # in another form
            await merged.until(lambda: merged.refusals)
            assert "too-entangled: " in merged.refusals[0]
        async with join(api.sync_url(theirs, ada)) as other:
            assert other.text == "An honest beginning. "
            await _write(other, "Others go on.")
        await _write(back, "And here, too.")
        assert back.closed is None
    assert server.replaced == 1

    (suspect,) = _suspects(server)
    assert (suspect.author, suspect.reason, suspect.certain) == (eve.id, reason, True)
    assert word in suspect.payload
    assert api.metric("palimpsest_quarantined") == 1
    assert api.metric("palimpsest_worker_restarts_total", reason=reason) == 1


async def test_who_is_released_may_write_again(server: serving.Server, api: Api) -> None:
    eve = api.somebody()
    slug = api.make_article(eve)
    async with join(api.sync_url(slug, eve)) as attack:
        attack.append(DIE.decode())
        await attack.until(lambda: attack.closed)
    await _until_replaced(server)
    async with join(api.sync_url(slug, eve)) as watched:
        await _write(watched, "Honest words, which a process of its own looks at. ")
        assert api.metric("palimpsest_screening_seconds_count") == 1
        with opened_database(Settings(data_dir=server.data_dir)) as store:
            store.quarantine.release(1, store.quarantine.get(1).at)
        with anyio.fail_after(serving.START_SECONDS):
            while api.metric("palimpsest_quarantined"):  # noqa: ASYNC110 - of another process
                await anyio.sleep(0.05)
        await _write(watched, "And free ones.")
        assert api.metric("palimpsest_screening_seconds_count") == 1


@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
async def test_stock_clients_of_other_articles_come_back_by_themselves(
    server: serving.Server, api: Api
) -> None:
    people, eve = [api.somebody() for _ in range(2)], api.somebody()
    slug, other = api.make_article(people[0], "Start. "), api.make_article(eve)
    async with stock() as process:
        clients = [await process.open(person.name) for person in people]
        for client, person in zip(clients, people, strict=True):
            url, params = f"ws{api.url.removeprefix('http')}/sync", {"token": person.token}
            await client.connect(version="3.1", url=url, room=slug, params=params)
            await client.untilText(text="Start. ")
        async with join(api.sync_url(other, eve)) as attack:
            attack.append(HANG.decode())
            for client in clients:
                await client.type(text=f"{await client.clientId()} ")
            await attack.until(lambda: attack.closed)
        ids = [str(await client.clientId()) for client in clients]
        async with join(api.sync_url(slug, None)) as reader:
            await reader.until(lambda: all(each in reader.text for each in ids))
            for client in clients:
                await client.untilText(text=reader.text)
    assert server.replaced == 1


@pytest.mark.parametrize(
    ("blow", "reason"), [(signal.SIGKILL, "died"), (signal.SIGSTOP, "stalled")]
)
async def test_a_worker_that_somebody_kills_or_stops_loses_nothing(
    server: serving.Server, api: Api, blow: signal.Signals, reason: str
) -> None:
    ada = api.somebody()
    slug = api.make_article(ada)
    async with join(api.sync_url(slug, ada)) as before:
        await _write(before, "Acknowledged. ")
        os.kill(*server.workers, blow)
        await before.until(lambda: before.closed)
    async with join(api.sync_url(slug, ada)) as after:  # nobody is refused meanwhile
        assert after.text == "Acknowledged. "
        await _write(after, "It goes on.")
    assert server.replaced == 1
    assert api.metric("palimpsest_worker_restarts_total", reason=reason) == 1
    assert _suspects(server) == []


def test_with_the_supervisor_the_worker_is_gone_and_the_address_free(tmp_path: Path) -> None:
    server = serving.start(tmp_path / "data")
    port = int(server.url.rsplit(":", 1)[1])
    (worker,) = server.workers
    server.kill()
    again = serving.start(tmp_path / "data", port)
    try:
        assert not Path(f"/proc/{worker}/cmdline").exists()
        assert again.alive
    finally:
        again.stop()


async def test_without_a_supervisor_there_is_one_process(tmp_path: Path) -> None:
    with serving.running(tmp_path / "data", supervisor=False) as server:
        api = Api(server.url)
        assert server.workers == []
        assert api.http.get("/readyz").is_success
        assert api.metric("palimpsest_worker_restarts_total") == 0
        api.close()


def test_what_cannot_start_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="sqlite or postgresql") as told:
        serving.start(tmp_path / "data", database_url="mysql://somewhere/palimpsest")
    assert serving.REPLACED.decode() not in str(told.value)
    assert str(told.value).count("does not start") == 1
