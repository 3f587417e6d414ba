from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from crdt.cuts import EXACT
from crdt.frames import RUN
from crdt.limits import OWN_LIMITS
from crdt.structs import Kind
from crdt.update import decode_update
from persistence.articles import Article
from persistence.store import MemoryStore
from server.framekeeping import keep_frames, kept_until
from tests.support import histories, longarticle, planting
from tests.support.histories import Replica, Stream
from tests.support.stores import begun

PATH = "/api/v1/articles/long/history"
ROWS = 1_500
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def log() -> longarticle.Log:
    return longarticle.write(ROWS)


@pytest.fixture
def article(store: MemoryStore, log: longarticle.Log) -> Article:
    return planting.plant(store, log)


@pytest.fixture(params=[0, 700, ROWS])
def anyhow(request: pytest.FixtureRequest, store: MemoryStore, article: Article) -> None:
    """The article with no frames kept, with frames of its beginning, with all of them."""
    keep_frames(store, article.id, request.param)


def _stream(client: TestClient, path: str = PATH, **query: int) -> Stream:
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "no-store"
    return histories.read(answer.content)


RANGES: list[dict[str, Any]] = [
    {},
    {"frames": 1},
    {"after": 100, "until": 1_477},
    {"after": 63, "until": 65},
    {"after": 511, "until": 1_024, "frames": 3},
    {"after": 700, "until": 800, "frames": 2_000},
    {"after": 64, "frames": 7},
    {"after": 5, "until": 1_499, "frames": 2},
]


@pytest.mark.usefixtures("anyhow")
@pytest.mark.parametrize("query", RANGES, ids=str)
def test_frames_make_of_a_replica_what_the_log_makes_of_it(
    client: TestClient, log: longarticle.Log, query: dict[str, int]
) -> None:
    stream = _stream(client, **query)
    seqs = [stream.after, *(frame.until for frame in stream.frames)]
    replica, *moments = histories.replicas(log.rows, seqs)
    for frame, moment in zip(stream.frames, moments, strict=True):
        replica.apply(frame.updates)
        assert replica.state() == moment.state()
    assert len(stream.frames) <= query.get("frames", 1_024)


@pytest.mark.usefixtures("anyhow")
@pytest.mark.parametrize("query", RANGES, ids=str)
def test_the_attributions_together_are_the_ledger(
    client: TestClient, log: longarticle.Log, query: dict[str, int]
) -> None:
    stream = _stream(client, **query)
    told = [message for frame in stream.frames for message in frame.told]
    expected = histories.ledger(log.rows[stream.after : stream.until])
    assert histories.ids(t.inserts for t in told) == histories.ids([expected.inserts])
    assert histories.ids(t.deletes for t in told) == histories.ids([expected.deletes])


@pytest.mark.usefixtures("anyhow")
@pytest.mark.parametrize("query", RANGES, ids=str)
def test_a_frame_tells_its_times_and_authors(
    client: TestClient, log: longarticle.Log, query: dict[str, int]
) -> None:
    for frame in _stream(client, **query).frames:
        rows = log.rows[frame.after : frame.until]
        assert (frame.since_ms, frame.at_ms) == (rows[0][0], rows[-1][0])
        assert set(frame.authors) == histories.ledger(rows).authors()


@pytest.mark.usefixtures("article")
def test_authors_are_named_once_and_before_they_are_needed(client: TestClient) -> None:
    named: dict[str, Any] = {}
    for frame in _stream(client).frames:
        for message in frame.told:
            assert not named.keys() & message.authors.keys()
            named |= message.authors
        assert named.keys() >= set(frame.authors)
    assert named
    for author, said in named.items():
        assert said == {"name": author.title(), "colour": "#336699"}


@pytest.mark.usefixtures("article")
def test_few_rows_come_one_by_one(client: TestClient) -> None:
    frames = _stream(client, after=100, until=100 + EXACT).frames
    assert [frame.until for frame in frames] == list(range(101, 101 + EXACT))


@pytest.mark.usefixtures("article")
def test_what_was_deleted_meanwhile_is_in_the_frames(
    client: TestClient, log: longarticle.Log
) -> None:
    replica = Replica()
    for frame in _stream(client, frames=1).frames:
        replica.apply(frame.updates)
    written = sum(struct.length for _, edit in log.edits for struct in edit.structs)
    kept = decode_update(replica.state(), OWN_LIMITS).structs
    assert {struct.kind for struct in kept} == {Kind.STRING}
    assert sum(struct.length for struct in kept) == written
    assert len(replica.text.encode("utf-16-le")) < 2 * written


def test_frames_of_a_long_range_are_made_when_somebody_asks(
    client: TestClient, store: MemoryStore, article: Article
) -> None:
    _stream(client, after=ROWS - EXACT)
    assert kept_until(store, article.id) == 0
    _stream(client)
    assert kept_until(store, article.id) == ROWS - ROWS % RUN


def test_a_short_tail_is_told_before_its_frames_are_made(
    client: TestClient, store: MemoryStore, article: Article
) -> None:
    keep_frames(store, article.id, ROWS - EXACT + RUN)
    kept = kept_until(store, article.id)
    assert 0 < ROWS - kept <= EXACT
    assert _stream(client).frames[-1].until == ROWS
    assert kept_until(store, article.id) == kept


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"until": ROWS + 1_000}, (0, ROWS)),
        ({"after": ROWS}, (ROWS, ROWS)),
        ({"after": ROWS + 5}, (ROWS, ROWS)),
        ({"after": 5, "until": 5}, (5, 5)),
        ({"until": 0}, (0, 0)),
    ],
)
def test_beyond_the_head_there_is_nothing(
    client: TestClient, query: dict[str, int], told: tuple[int, int]
) -> None:
    stream = _stream(client, **query)
    assert (stream.head, stream.after, stream.until) == (ROWS, *told)
    assert bool(stream.frames) == (stream.after < stream.until)


def test_an_empty_article_has_no_history(client: TestClient, store: MemoryStore) -> None:
    begun(store, "empty")
    stream = _stream(client, "/api/v1/articles/empty/history")
    assert (stream.head, stream.frames) == (0, [])


@pytest.mark.usefixtures("article")
def test_between_a_row_and_an_earlier_one_nothing_happened(client: TestClient) -> None:
    stream = _stream(client, PATH, after=7, until=6)
    assert (stream.after, stream.until, stream.frames) == (6, 6, [])


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    "query",
    [
        {"after": -1},
        {"until": -1},
        {"frames": 0},
        {"frames": 2_001},
        {"frames": "all"},
        {"since": 3},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get(PATH, params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_there_is_no_history_of_an_article_that_there_is_not(client: TestClient) -> None:
    answer = client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-article")


def test_the_history_of_a_private_article_needs_a_token(
    client: TestClient, sign_in: SignInCall
) -> None:
    ada = sign_in("Ada")
    body = {"slug": "secret", "title": "Secret", "text": "x", "visibility": "private"}
    assert client.post("/api/v1/articles", json=body, headers=ada).status_code == 201
    answer = client.get("/api/v1/articles/secret/history")
    assert (answer.status_code, answer.json()["code"]) == (401, "token-needed")
    told = client.get("/api/v1/articles/secret/history", headers=ada)
    (frame,) = histories.read(told.content).frames
    assert [said["name"] for message in frame.told for said in message.authors.values()] == ["Ada"]
