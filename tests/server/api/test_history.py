from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from crdt.limits import OWN_LIMITS
from crdt.structs import Kind
from crdt.update import decode_update
from persistence.articles import Article
from persistence.store import MemoryStore
from tests.support import histories, longarticle, planting
from tests.support.histories import Replica, Stream

PATH = "/api/v1/articles/long/history"
ROWS = 1_500
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def log() -> longarticle.Log:
    return longarticle.write(ROWS)


@pytest.fixture
def article(store: MemoryStore, log: longarticle.Log) -> Article:
    return planting.plant(store, log)


def _stream(client: TestClient, path: str = PATH, **query: int) -> Stream:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    return histories.read(answer.content)


def _apply(replica: Replica, stream: Stream) -> Replica:
    for frame in stream.frames:
        replica.apply(frame.updates)
    return replica


RANGES: list[dict[str, Any]] = [
    {},
    {"frames": 1},
    {"after": 100, "until": 1_477},
    {"after": 63, "until": 65},
    {"after": 511, "until": 1_024, "frames": 3},
    {"after": 700, "until": 800, "frames": 2_000},
    {"after": 64, "frames": 7},
]


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("query", RANGES, ids=str)
def test_frames_make_of_a_replica_what_the_log_makes_of_it(
    client: TestClient, log: longarticle.Log, query: dict[str, int]
) -> None:
    stream = _stream(client, **query)
    seqs = [stream.after, *(frame.until for frame in stream.frames)]
    replica, *moments = histories.replicas(log.rows, seqs)
    for frame, moment in zip(stream.frames, moments, strict=True):
        replica.apply(frame.updates)
        assert replica.text == moment.text
    assert replica.state() == moments[-1].state()


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("query", RANGES, ids=str)
def test_the_attributions_together_are_the_ledger(
    client: TestClient, log: longarticle.Log, query: dict[str, int]
) -> None:
    stream = _stream(client, **query)
    told = [message for frame in stream.frames for message in frame.told]
    expected = histories.ledger(log.rows[stream.after : stream.until])
    assert histories.ids(t.inserts for t in told) == histories.ids([expected.inserts])
    assert histories.ids(t.deletes for t in told) == histories.ids([expected.deletes])


@pytest.mark.usefixtures("article")
def test_what_was_deleted_meanwhile_is_in_the_frames(
    client: TestClient, log: longarticle.Log
) -> None:
    replica = _apply(Replica(), _stream(client, frames=1))
    structs = [struct for _, edit in log.edits for struct in edit.structs]
    kept = decode_update(replica.state(), OWN_LIMITS).structs
    assert {struct.kind for struct in kept} == {Kind.STRING}
    assert sum(struct.length for struct in kept) == sum(struct.length for struct in structs)
    assert len(replica.text.encode("utf-16-le")) < 2 * sum(struct.length for struct in structs)
