import json

import pytest

from crdt.cuts import Cut, cuts
from crdt.replay import encode_header
from persistence.articles import Article
from persistence.store import MemoryStore
from server.framekeeping import keep_frames
from server.refusals import HistoryUnavailable
from server.replaying import Replay
from tests.support import histories, longarticle, planting

ROWS = 1_000


@pytest.fixture
def article(store: MemoryStore) -> Article:
    return planting.plant(store, longarticle.write(ROWS))


def _told(replay: Replay, planned: list[Cut]) -> bytes:
    pieces = [piece for cut in planned for piece in cut.pieces]
    return b"".join(replay.encode(planned, replay.read(pieces)))


def test_frames_that_are_thrown_away_meanwhile_are_no_gap(
    store: MemoryStore, article: Article
) -> None:
    planned = cuts(0, ROWS, 10, keep_frames(store, article.id))
    replay = Replay(store, article.id)
    assert _told(replay, planned[:2])
    store.frames.delete(article.id)
    with pytest.raises(HistoryUnavailable):
        _told(replay, planned[2:])


def test_it_does_not_matter_how_much_is_read_at_once(store: MemoryStore, article: Article) -> None:
    planned = cuts(1, ROWS, 20, keep_frames(store, article.id))
    told = _told(Replay(store, article.id), planned)
    replay = Replay(store, article.id)
    assert told == b"".join(_told(replay, [cut]) for cut in planned)
    assert histories.read(encode_header(ROWS, 1, ROWS, len(planned)) + told).frames


def test_an_answer_names_an_author_once(store: MemoryStore, article: Article) -> None:
    told = _told(Replay(store, article.id), cuts(0, ROWS, 1_000, keep_frames(store, article.id)))
    for author in histories.read(encode_header(0, 0, ROWS, 16) + told).names:
        assert told.count(json.dumps({"name": author.title()}).strip("{}").encode()) == 1
