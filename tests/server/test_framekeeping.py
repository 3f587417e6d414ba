from itertools import pairwise

import pytest

from crdt.frames import LEVELS, RUN, run_length
from persistence.articles import Article
from persistence.store import MemoryStore, Store
from server import framekeeping
from server.framekeeping import keep_frames, kept_until, read_frames
from tests.support import histories, longarticle, planting
from tests.support.histories import Replica
from tests.support.stores import begun

ROWS = 4 * run_length(1) + 3 * RUN + 5


@pytest.fixture(scope="module")
def log() -> longarticle.Log:
    return longarticle.write(ROWS)


@pytest.fixture
def article(store: MemoryStore, log: longarticle.Log) -> Article:
    return planting.plant(store, log)


def _kept(store: Store, article: int) -> list[tuple[object, ...]]:
    """All rows of the table."""
    return [
        (frame.level, frame.number, frame)
        for level in range(LEVELS)
        for frame in store.frames.read(article, level)
    ]


def test_every_level_has_all_complete_runs(store: MemoryStore, article: Article) -> None:
    assert kept_until(store, article.id) == 0
    assert keep_frames(store, article.id) == ROWS - 5 == kept_until(store, article.id)
    for level in range(LEVELS):
        found = list(read_frames(store, article.id, level, 0, ROWS))
        assert len(found) == ROWS // run_length(level)
        assert all(frame.until - frame.after == run_length(level) for frame in found)
        assert all(left.until == right.after for left, right in pairwise(found))


@pytest.mark.parametrize("level", range(3))
def test_what_is_kept_is_what_the_log_says(
    store: MemoryStore, article: Article, log: longarticle.Log, level: int
) -> None:
    keep_frames(store, article.id)
    replica = Replica()
    found = list(read_frames(store, article.id, level, 0, ROWS))
    moments = histories.replicas(log.rows, [frame.until for frame in found])
    for frame, moment in zip(found, moments, strict=True):
        replica.apply([frame.update])
        assert replica.state() == moment.state()
        rows = log.rows[frame.after : frame.until]
        assert (frame.since_ms, frame.at_ms) == (rows[0][0], rows[-1][0])


def test_it_does_not_matter_in_how_many_steps_they_are_made(
    store: MemoryStore, article: Article
) -> None:
    keep_frames(store, article.id)
    at_once = _kept(store, article.id)
    store.frames.delete(article.id)
    kept = 0
    while kept < ROWS - 5:
        kept = keep_frames(store, article.id, most_rows=3 * RUN)
        assert kept == kept_until(store, article.id)
    assert _kept(store, article.id) == at_once


def test_what_is_kept_is_not_made_again(
    store: MemoryStore, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_frames(store, article.id)
    monkeypatch.setattr(framekeeping, "frame_of_rows", None)
    assert keep_frames(store, article.id) == ROWS - 5


def test_a_log_without_a_whole_run_has_no_frames(store: MemoryStore) -> None:
    article = begun(store)
    assert keep_frames(store, article.id) == 0
    assert not _kept(store, article.id)


def test_what_is_made_of_a_growing_log_is_what_is_made_of_it_at_the_end(
    store: MemoryStore, log: longarticle.Log
) -> None:
    whole = planting.plant(store, log)
    keep_frames(store, whole.id)
    growing = planting.plant(store, log, "growing", rows=100)
    for rows in (100, 130, 700, ROWS):
        planting.grow(store, growing, log, rows)
        assert keep_frames(store, growing.id) == rows - rows % RUN
    for level in range(LEVELS):
        ends = (whole.id, level, 0, ROWS), (growing.id, level, 0, ROWS)
        first, second = (list(read_frames(store, *end)) for end in ends)
        assert first == second
