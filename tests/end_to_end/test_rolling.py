"""A rolling restart under people who write: nobody loses an edit, and nobody is refused."""

import os
from pathlib import Path

import httpx2
import pytest

from tests.support import node, postgres
from tests.support.crowd import crowd
from tests.support.workers import crew

WORKERS = 3
PEOPLE = 8
ROLLED = "All workers are replaced."
GOING_AWAY = 1012
UNHEARD = 1006  # a client too busy to read its farewell sees the end of the connection only


@pytest.mark.skipif(not node.installed(), reason="the Node packages are missing")
async def test_nobody_loses_an_edit_while_the_workers_are_replaced(tmp_path: Path) -> None:
    with crew(tmp_path / "data", WORKERS) as here:
        before = here.server.workers
        async with crowd(here.api, PEOPLE) as people:
            async with people.writing():
                here.roll()
                await here.until_said(ROLLED)
            await people.check()
            closes = await people.closes()
        assert GOING_AWAY in closes
        assert set(closes) <= {GOING_AWAY, UNHEARD}
        assert not set(before) & set(here.server.workers)


async def test_a_worker_that_does_not_reach_its_database_takes_nobodys_place(
    tmp_path: Path,
) -> None:
    with postgres.running() as database:
        url = database.url(database.new_database())
        with crew(tmp_path / "data", 1, database_url=url) as here:
            before = here.server.workers
            database.stop()
            here.roll()
            await here.until_said("A new worker does not start; the others stay.")
            assert here.server.workers == before
            database.start()
            here.roll()
            await here.until_said(ROLLED)
            assert not set(before) & set(here.server.workers)


async def test_who_asks_over_http_is_never_refused_while_the_workers_are_replaced(
    tmp_path: Path,
) -> None:
    asked, statuses = 0, set()
    with crew(tmp_path / "data", 2) as here:
        here.roll()
        while ROLLED not in here.log:
            answer = httpx2.get(f"{here.server.url}/api/v1/articles")  # a connection of its own
            statuses.add(answer.status_code)
            asked += 1
    assert statuses == {200}
    assert asked > 10


async def test_a_new_release_that_does_not_start_leaves_the_old_one_serving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = tmp_path / "release"
    release.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(release), prepend=os.pathsep)
    with crew(tmp_path / "data", 2) as here:
        before = here.server.workers
        (release / "sitecustomize.py").write_text("import sys\nsys.exit(7)\n")
        here.roll()
        await here.until_said("A new worker does not start; the others stay.")
        assert set(here.server.workers) == set(before)
        assert [each.http.get("/readyz").status_code for each in here.workers] == [200, 200]
        (release / "sitecustomize.py").unlink()
        here.roll()
        await here.until_said(ROLLED)
        assert not set(before) & set(here.server.workers)
