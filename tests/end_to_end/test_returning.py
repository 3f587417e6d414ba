"""All come back at once, after the server was killed: all are synced again, for little memory."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import serving
from tests.support.rest import Api
from tests.support.returning import Crowd, resident_bytes

MOST_BYTES = 1024 * 1024  # of memory for a connection; it takes some 30 KiB
PEOPLE, ARTICLES = 30, 10


@pytest.mark.parametrize("count", [300, pytest.param(1_500, marks=pytest.mark.long)])
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

        await crowd.until_synced(2, watch)
        assert (peak - begun) / count < MOST_BYTES
    assert server.alive
    server.stop()
