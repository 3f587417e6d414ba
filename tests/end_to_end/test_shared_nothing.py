"""Servers that have a database in common, and no folder: a person is the same at each of them."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import postgres, serving
from tests.support.rest import Api, Person


@pytest.fixture
def url() -> Iterator[str]:
    with postgres.running() as database:
        yield database.url(database.new_database())


@pytest.fixture
def apis(url: str, tmp_path: Path) -> Iterator[list[Api]]:
    """Two servers that start at the same moment over a database that is empty."""

    def start(name: str) -> serving.Server:
        return serving.start(tmp_path / name, database_url=url)

    with ThreadPoolExecutor(2) as threads, ExitStack() as stack:
        servers = list(threads.map(start, ("one", "other")))
        apis = [Api(server.url) for server in servers]
        for ending in (*(api.close for api in apis), *(server.stop for server in servers)):
            stack.callback(ending)
        yield apis


def _name(api: Api, token: str) -> str:
    answer = api.http.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    assert answer.is_success, answer.text
    return str(answer.json()["author"]["name"])


def test_who_signs_in_at_one_is_known_at_the_other(apis: list[Api], tmp_path: Path) -> None:
    one, other = apis
    ada: Person = one.somebody("Ada")
    assert _name(other, ada.token) == ada.name
    bob: Person = other.somebody("Bob")
    assert _name(one, bob.token) == bob.name
    assert [list((tmp_path / name).iterdir()) for name in ("one", "other")] == [[], []]


def test_a_token_that_is_printed_elsewhere_is_good_at_both(
    apis: list[Api], url: str, tmp_path: Path
) -> None:
    command = [serving.PROGRAM, "token", "--author", "Robot", "--database-url", url]
    printed = subprocess.run(
        [*command, "--data-dir", tmp_path / "elsewhere"], capture_output=True, text=True, check=True
    )
    assert [_name(api, printed.stdout.strip()) for api in apis] == ["Robot", "Robot"]
