import pytest

from crdt.cuts import cuts
from crdt.replay import encode_header
from persistence.store import MemoryStore
from server.framekeeping import keep_frames
from server.refusals import HistoryUnavailable
from server.replaying import Replay
from tests.support import histories, longarticle, planting

ROWS = 1_000


def test_frames_that_are_thrown_away_meanwhile_are_no_gap(store: MemoryStore) -> None:
    article = planting.plant(store, longarticle.write(ROWS))
    kept = keep_frames(store, article.id)
    planned = cuts(0, ROWS, 10, kept)
    replay = Replay(store, article.id)
    assert replay.read(planned[:2])
    store.frames.delete(article.id)
    with pytest.raises(HistoryUnavailable):
        replay.read(planned[2:])


def test_it_does_not_matter_how_much_is_read_at_once(store: MemoryStore) -> None:
    article = planting.plant(store, longarticle.write(ROWS))
    planned = cuts(1, ROWS, 20, keep_frames(store, article.id))
    whole, piecemeal = Replay(store, article.id), Replay(store, article.id)
    read = whole.read(planned)
    assert read == b"".join(piecemeal.read([cut]) for cut in planned)
    assert histories.read(encode_header(ROWS, 1, ROWS, len(planned)) + read)
