"""Revisions of a real server: made of themselves, and by name while others write."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from tests.support import serving
from tests.support.replica import join
from tests.support.rest import Api, Person

PATIENCE = 60.0
HISTORIAN = b"server.historianchild"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[serving.Server]:
    settings = {"revision_left_seconds": 0.05, "revision_quiet_seconds": 3600}
    with serving.running(tmp_path / "data", **settings) as running:
        yield running


@pytest.fixture
def api(server: serving.Server) -> Iterator[Api]:
    api = Api(server.url)
    yield api
    api.close()


def _revisions(api: Api, slug: str) -> list[dict[str, Any]]:
    answer = api.http.get(f"/api/v1/articles/{slug}/revisions")
    assert answer.is_success, answer.text
    return list(answer.json()["revisions"])


async def _until(condition: Callable[[], object]) -> None:
    with anyio.fail_after(PATIENCE):
        while not await to_thread.run_sync(condition):  # noqa: ASYNC110 - of another process
            await anyio.sleep(0.05)


def _name(api: Api, slug: str, person: Person, label: str) -> dict[str, Any]:
    answer = api.http.post(
        f"/api/v1/articles/{slug}/revisions", json={"label": label}, headers=person.headers
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_when_the_last_writer_has_left_there_is_a_revision(api: Api) -> None:
    ada, bob = api.somebody("Ada"), api.somebody("Bob")
    slug = api.make_article(ada)
    async with join(api.sync_url(slug, ada)) as one, join(api.sync_url(slug, bob)) as two:
        one.append("Ada's words. ")
        await two.until(lambda: "Ada" in two.text, "Ada's words")
        two.append("Bob's 😀.")
        await one.until(lambda: "Bob" in one.text, "Bob's words")
    await _until(lambda: _revisions(api, slug))
    (made,) = _revisions(api, slug)
    assert (made["reason"], made["doubt"], made["made_by"]) == ("left", None, None)
    told = api.http.get(f"/api/v1/articles/{slug}/revisions/1").json()
    now = api.spans(slug)
    assert (told["text"], told["spans"]) == (now["text"], now["spans"])
    assert {each["id"]: each["inserted"] for each in made["authors"]} == {ada.id: 13, bob.id: 8}
    person = api.http.get(f"/api/v1/authors/{bob.id}").json()
    assert [(each["slug"], each["surviving"]) for each in person["articles"]] == [(slug, 8)]


async def test_names_are_given_while_others_write(api: Api, server: serving.Server) -> None:
    """Both processes write into one SQLite database, and wait for each other."""
    ada = api.somebody("Ada")
    slug = api.make_article(ada, "beginning ")
    done = asyncio.Event()

    async def write() -> None:
        async with join(api.sync_url(slug, ada)) as replica:
            while not done.is_set():
                replica.append("word ")
                made = replica.made[-1]
                await replica.until(lambda: replica.received.covers(made.inserted, made.deleted))  # noqa: B023

    writing = asyncio.create_task(write())
    named = [await to_thread.run_sync(_name, api, slug, ada, f"name {n}") for n in range(12)]
    done.set()
    await writing
    assert [each["number"] for each in named] == list(range(1, 13))
    assert named[-1]["seq"] > named[0]["seq"]
    assert {each["doubt"] for each in named} == {None}
    assert api.metric("palimpsest_faults_total") == api.metric("palimpsest_doubts_total") == 0
    assert server.alive


def _historians(parents: set[int]) -> set[int]:
    """The historians of processes, by what the kernel tells."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command, stat = (path / "cmdline").read_bytes(), (path / "stat").read_text()
        except OSError:  # it has ended meanwhile
            continue
        if HISTORIAN in command and int(stat.rpartition(") ")[2].split()[1]) in parents:
            found.add(int(path.name))
    return found


async def test_no_historian_outlives_a_server_that_is_killed(
    api: Api, server: serving.Server
) -> None:
    ada = api.somebody("Ada")
    slug = api.make_article(ada, "text")
    _name(api, slug, ada, "name")
    assert api.at(slug, 1)[0] == "text"
    historians = _historians({server.worker})
    assert len(historians) == 2
    server.kill()
    await _until(lambda: not any(Path(f"/proc/{each}").exists() for each in historians))
