"""A full disk, a failing one, a database that is gone or hangs: read-only, told, and back alone."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from persistence.sql.trouble import FAILING, FULL, SILENT
from persistence.store import open_store
from tests.support import faults, node, postgres, serving, stores
from tests.support.replica import join
from tests.support.rest import Api, Person
from tests.support.stock import Stock, StockClient, stock

DISK = 3 * 2**20
TOLD = "cannot be stored just now"


@dataclass
class Scene:
    """A running server over a database that can be put out of order and back."""

    server: serving.Server
    api: Api
    database: str
    why: str
    begin: Callable[[], None]
    end: Callable[[], None]
    readable: bool = True

    def ready(self) -> int:
        return int(self.api.http.get("/readyz").status_code)


@pytest.fixture
def tasks() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _served(tasks: ExitStack, data: Path, **settings: object) -> tuple[serving.Server, Api]:
    server = tasks.enter_context(serving.running(data, **settings))
    api = Api(server.url)
    tasks.callback(api.close)
    return server, api


def _full_disk(tasks: ExitStack, folder: Path, _: pytest.MonkeyPatch) -> Scene:
    data = folder / "data"
    try:
        tasks.enter_context(faults.small_disk(data, DISK))
    except PermissionError as refused:
        pytest.skip(str(refused))
    server, api = _served(tasks, data)
    ballast = data / "ballast"
    database = f"sqlite:///{data}/palimpsest.db"
    full, empty = (lambda: faults.fill(ballast)), ballast.unlink
    return Scene(server, api, database, FULL, full, empty)


def _failing_disk(tasks: ExitStack, folder: Path, patch: pytest.MonkeyPatch) -> Scene:
    shim, flag = faults.compiled_shim(folder), folder / "fails"
    if shim is None:
        pytest.skip("there is no C compiler")
    patch.setenv("FAILING_DISK", str(flag))
    patch.setenv("LD_PRELOAD", str(shim))
    server, api = _served(tasks, folder / "data")
    patch.delenv("LD_PRELOAD")
    database = f"sqlite:///{folder}/data/palimpsest.db"
    return Scene(server, api, database, FAILING, flag.touch, flag.unlink)


def _postgresql(tasks: ExitStack, folder: Path) -> tuple[postgres.Postgres, serving.Server, Api]:
    database = tasks.enter_context(postgres.running())
    url = stores.postgresql(database).new_url()
    server, api = _served(tasks, folder / "data", database_url=url, database_seconds=3)
    return database, server, api


def _gone_database(tasks: ExitStack, folder: Path, _: pytest.MonkeyPatch) -> Scene:
    database, server, api = _postgresql(tasks, folder)
    url = database.url("palimpsest_1")
    return Scene(server, api, url, SILENT, database.stop, database.start, readable=False)


def _hanging_database(tasks: ExitStack, folder: Path, _: pytest.MonkeyPatch) -> Scene:
    database, server, api = _postgresql(tasks, folder)
    url = database.url("palimpsest_1")
    return Scene(server, api, url, SILENT, database.pause, database.resume, readable=False)


async def _open(process: Stock, scene: Scene, slug: str, person: Person) -> StockClient:
    client = await process.open(person.name)
    url = f"ws{scene.api.url.removeprefix('http')}/sync"
    await client.connect(version="3.1", url=url, room=slug, params={"token": person.token})
    await client.untilText(text="Start. ")
    return client


def _url(scene: Scene, slug: str, person: Person | None) -> str:
    return scene.api.sync_url(slug, person, attribution=False)


async def _reading_is_as_it_can_be(scene: Scene, calm: str, hit: str) -> None:
    """What is in memory, or can be read, is shown; else it is said when to come back."""
    for slug in (calm, hit) if scene.readable else ():
        async with join(_url(scene, slug, None)) as reader:
            await reader.until_text("Start. ")
    if not scene.readable:
        answer = scene.api.http.get("/api/v1/articles")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        with pytest.raises(InvalidStatus, match="503"):
            async with connect(_url(scene, hit, None)):
                pass


def _rows_are_dense(scene: Scene, slugs: list[str]) -> None:
    store = open_store(scene.database)
    for slug in slugs:
        article = store.articles.get(slug)
        seqs = [entry.seq for entry in store.log.read(article.id)]
        assert seqs == list(range(1, len(seqs) + 1))
        assert store.log.heads([article.id]) == {article.id: len(seqs)}
    store.close()


@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
@pytest.mark.parametrize("put_up", [_full_disk, _failing_disk, _gone_database, _hanging_database])
async def test_stock_clients_live_through_it(
    put_up: Callable[[ExitStack, Path, pytest.MonkeyPatch], Scene],
    tasks: ExitStack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = put_up(tasks, tmp_path, monkeypatch)
    api = scene.api
    ada, bob, cyd = (api.somebody() for _ in range(3))
    calm, hit = (api.make_article(ada, "Start. ") for _ in range(2))
    async with stock() as process, join(_url(scene, calm, bob)) as reader:
        writer = await _open(process, scene, calm, ada)
        victim = await _open(process, scene, hit, cyd)
        scene.begin()
        await victim.type(text="victim")
        await victim.untilClosed(times=1)
        assert api.http.get("/healthz").status_code == 200
        told = api.http.get("/readyz")
        assert (told.status_code, told.headers["retry-after"]) == (503, "1")
        assert f"({scene.why})" in told.json()["detail"]
        assert api.metric("palimpsest_storage_ok") == 0

        await writer.type(text="meanwhile ")
        reader.append("also ")
        await process.until_complaint(TOLD)
        await reader.until(lambda: reader.refusals, "the reason")
        assert scene.why in reader.refusals[0]
        assert "meanwhile" not in reader.text
        assert (await writer.state())["closes"] == []
        await _reading_is_as_it_can_be(scene, calm, hit)
        body = {"slug": "new", "title": "New"}
        answer = api.http.post("/api/v1/articles", json=body, headers=ada.headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")

        scene.end()
        await reader.until(lambda: "meanwhile " in reader.text, "the recovery")
        async with join(_url(scene, calm, None)) as other:
            await other.until(lambda: "also " in other.text, "what was written over the socket")
            await reader.until_text(other.text)
        await writer.untilText(text=reader.text)
        assert reader.closed is None
        assert (await writer.state())["closes"] == []
        async with join(_url(scene, hit, None)) as other:
            await other.until_text("Start. victim")
        assert scene.ready() == 200
        assert api.metric("palimpsest_storage_ok") == 1
        text, authors = api.authors(calm)
        assert text == reader.text
        assert set(authors[text.index("meanwhile") :][:9]) == {ada.id}
        assert set(authors[text.index("also") :][:4]) == {bob.id}
    assert scene.server.alive
    _rows_are_dense(scene, [calm, hit])


async def test_what_a_failing_disk_has_kept_after_all_is_not_stored_twice(
    tasks: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = _failing_disk(tasks, tmp_path, monkeypatch)
    ada = scene.api.somebody()
    slug = scene.api.make_article(ada, "Start. ")
    async with join(_url(scene, slug, ada)) as writer:
        scene.begin()
        writer.append("precious ")
        await writer.until(lambda: writer.closed, "the close")
        assert writer.closed is not None
        assert writer.closed[0] == 4503
    scene.server.kill()
    scene.end()
    server, api = _served(tasks, scene.server.data_dir)
    again = Scene(server, api, scene.database, FAILING, scene.begin, scene.end)
    async with join(_url(again, slug, ada), doc=writer.doc) as writer:
        writer.append("and more")
        async with join(_url(again, slug, None)) as reader:
            await reader.until_text("Start. precious and more")
    _rows_are_dense(again, [slug])
    store = open_store(scene.database)
    rows = list(store.log.read(store.articles.get(slug).id))
    assert sum(row.payload.count(b"precious") for row in rows) == 1
    store.close()


async def test_a_server_that_starts_before_its_database_waits_for_it(tmp_path: Path) -> None:
    with postgres.running() as database:
        url = stores.postgresql(database).new_url()
        database.stop()
        settings = {"database_url": url, "database_seconds": 3}
        with serving.running(tmp_path / "data", **settings) as server:
            api = Api(server.url)
            assert api.http.get("/healthz").status_code == 200
            answer = api.http.get("/api/v1/articles")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            with pytest.raises(InvalidStatus, match="503"):
                async with connect(api.sync_url("any", None)):
                    pass
            database.start()
            while api.http.get("/readyz").status_code == 503:  # noqa: ASYNC110
                await anyio.sleep(0.05)
            slug = api.make_article(api.somebody(), "Here.")
            async with join(api.sync_url(slug, None, attribution=False)) as reader:
                await reader.until_text("Here.")
            api.close()


def test_a_server_that_waits_for_its_database_stops_when_asked(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@/nothing?host={tmp_path}"
    server = serving.start(tmp_path / "data", database_url=nowhere)
    server.stop()
    assert server.process.returncode in {0, -signal.SIGTERM}
