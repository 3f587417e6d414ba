"""The history of a real server: frames from its own process, and what was typed a moment ago."""

from collections.abc import Iterator

import pytest

from persistence import schema
from persistence.store import open_store
from tests.support import histories, longarticle, planting, serving
from tests.support.histories import Replica, Stream
from tests.support.replica import join
from tests.support.rest import Api

ROWS = 20_000
SLUG = "long"


@pytest.fixture(scope="module")
def log() -> longarticle.Log:
    return longarticle.write(ROWS)


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, log: longarticle.Log
) -> Iterator[serving.Server]:
    data_dir = tmp_path_factory.mktemp("history") / "data"
    data_dir.mkdir()
    url = f"sqlite:///{data_dir / 'palimpsest.db'}"
    schema.migrate(url)
    store = open_store(url)
    planting.plant(store, log, SLUG)
    store.close()
    with serving.running(data_dir, automatic_revisions=False) as running:
        yield running


def _stream(api: Api, slug: str = SLUG, **query: int) -> Stream:
    answer = api.http.get(f"/api/v1/articles/{slug}/history", params=query)
    assert answer.is_success, answer.text
    return histories.read(answer.content)


@pytest.mark.parametrize("frames", [1_024, 1_000, 100, 3])  # for the first of them they are made
def test_any_number_of_frames_makes_the_article(
    api: Api, log: longarticle.Log, frames: int
) -> None:
    stream = _stream(api, frames=frames)
    assert len(stream.frames) <= frames
    replica = Replica()
    for frame in stream.frames:
        replica.apply(frame.updates)
    (whole,) = histories.replicas(log.rows, [ROWS])
    assert replica.state() == whole.state()
    assert replica.text == log.live.text()


def test_finer_frames_tell_of_what_coarser_ones_had(api: Api, log: longarticle.Log) -> None:
    coarse = _stream(api, frames=40).frames[7]
    fine = _stream(api, after=coarse.after, until=coarse.until, frames=2_000).frames
    rows = histories.ledger(log.rows[coarse.after : coarse.until])
    for frames in ([coarse], fine):
        told = [message for frame in frames for message in frame.told]
        assert histories.ids(t.inserts for t in told) == histories.ids([rows.inserts])
        assert histories.ids(t.deletes for t in told) == histories.ids([rows.deletes])


async def test_what_is_stored_is_told_and_goes_on_from_what_one_has(api: Api) -> None:
    ada = api.somebody("Ada")
    slug = api.make_article(ada, "once")
    replica = Replica()
    for frame in _stream(api, slug).frames:
        replica.apply(frame.updates)
    async with join(api.sync_url(slug, ada)) as joined:
        joined.insert(4, " upon")
        joined.delete(0, 1)
        await joined.until_stored()
    stream = _stream(api, slug, after=1)
    for frame in stream.frames:
        assert frame.authors == [ada.id]
        replica.apply(frame.updates)
    assert (stream.until, replica.text) == (stream.head, "nce upon")
    assert stream.names == {ada.id: {"name": ada.name, "colour": ada.colour}}
