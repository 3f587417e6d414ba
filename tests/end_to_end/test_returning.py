"""All come back at once, after the server was killed: all are synced again, for little memory."""

from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest

from tests.support import serving
from tests.support.rest import Api
from tests.support.returning import Crowd, cpu_seconds, resident_bytes

MOST_BYTES = 1024 * 1024  # of memory for a connection; it takes some 30 KiB
PEOPLE, ARTICLES = 30, 10
MANY = 1_500
MOST_SECONDS = 3.0  # of processor time for so many: on a core of its own that is the time it takes


@pytest.mark.parametrize("count", [300, pytest.param(MANY, marks=pytest.mark.long)])
async def test_all_who_come_back_at_once_are_synced_again(tmp_path: Path, count: int) -> None:
    server = serving.start(tmp_path / "data")
    api = Api(server.url)
    people = [api.somebody() for _ in range(PEOPLE)]
    slugs = [api.make_article(person, "Some text. " * 100) for person in people[:ARTICLES]]
    api.close()
    urls = [
        api.sync_url(slugs[n % ARTICLES], people[n % PEOPLE], attribution=False)
        for n in range(count)
    ]
    async with Crowd(urls) as crowd:
        await crowd.until_synced()
        server.kill()
        server = serving.start(tmp_path / "data", port=urlsplit(server.url).port or 0)
        begun = resident_bytes(server.worker)
        peak = begun

        def watch() -> None:
            nonlocal peak
            peak = max(peak, resident_bytes(server.worker))

        used, began = cpu_seconds(server.worker), monotonic()
        await crowd.until_synced(2, watch)
        took, used = monotonic() - began, cpu_seconds(server.worker) - used
        print(f"\n{count} were synced again in {took:.1f} s, {used:.1f} s of the server's")
        assert (peak - begun) / count < MOST_BYTES
        assert used < MOST_SECONDS * count / MANY
    assert server.alive
    server.stop()
