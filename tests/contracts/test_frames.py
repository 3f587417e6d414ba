"""The promises of persistence.frames.Frames."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC

import pytest

from persistence.errors import UnknownArticle
from persistence.frames import Frame
from persistence.store import Store
from tests.support.stores import after, begun

ROWS = 64


def frame(article: int, number: int, level: int = 0, payload: bytes = b"\x00\xff") -> Frame:
    first, last = number * ROWS, (number + 1) * ROWS
    times = after(seconds=first), after(seconds=last)
    return Frame(article, level, number, first, last, *times, ("ada", "bøb"), payload, b"who")


@pytest.fixture
def article(store: Store) -> int:
    return begun(store).id


def test_a_frame_is_read_as_it_was_put(store: Store, article: int) -> None:
    store.frames.put([frame(article, 0)])
    [read] = store.frames.read(article, 0)
    assert read == frame(article, 0)
    assert read.at.tzinfo is UTC


def test_frames_come_in_order(store: Store, article: int) -> None:
    store.frames.put(frame(article, number) for number in (2, 0, 1))
    assert [one.number for one in store.frames.read(article, 0)] == [0, 1, 2]


def test_only_frames_that_lie_in_a_range_are_read(store: Store, article: int) -> None:
    store.frames.put(frame(article, number) for number in range(5))

    def read(after: int, until: int | None) -> list[int]:
        return [one.number for one in store.frames.read(article, 0, after, until)]

    assert read(ROWS, 3 * ROWS) == [1, 2]
    assert read(ROWS + 1, 3 * ROWS - 1) == []
    assert read(ROWS - 1, 3 * ROWS + 1) == [1, 2]
    assert read(3 * ROWS, None) == [3, 4]


def test_more_frames_than_a_page_are_read(store: Store, article: int) -> None:
    store.frames.put(frame(article, number) for number in range(300))
    assert [one.number for one in store.frames.read(article, 0)] == list(range(300))


def test_levels_are_apart(store: Store, article: int) -> None:
    store.frames.put([frame(article, 0), frame(article, 0, level=1, payload=b"merged")])
    assert [one.payload for one in store.frames.read(article, 1)] == [b"merged"]
    assert [one.level for one in store.frames.read(article, 0)] == [0]


def test_articles_are_apart(store: Store, article: int) -> None:
    other = begun(store, "other").id
    store.frames.put([frame(article, 0), frame(other, 0), frame(other, 1)])
    assert len(list(store.frames.read(article, 0))) == 1
    store.frames.delete(other)
    assert list(store.frames.read(other, 0)) == []
    assert len(list(store.frames.read(article, 0))) == 1


def test_a_frame_takes_the_place_of_another(store: Store, article: int) -> None:
    store.frames.put([frame(article, 0), frame(article, 1)])
    anew = replace(frame(article, 1), until=100, authors=(), payload=b"", attribution=b"")
    store.frames.put([anew])
    assert list(store.frames.read(article, 0)) == [frame(article, 0), anew]


def test_a_level_tells_how_far_it_reaches(store: Store, article: int) -> None:
    assert store.frames.last(article, 0) == 0
    store.frames.put(frame(article, number) for number in (0, 2, 1))
    assert store.frames.last(article, 0) == 3 * ROWS
    assert store.frames.last(article, 1) == 0


def test_frames_that_are_put_at_once_in_any_order_are_kept(store: Store, article: int) -> None:
    frames = [frame(article, number) for number in range(50)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(store.frames.put, [frames, frames[::-1]] * 10))
    assert list(store.frames.read(article, 0)) == frames


def test_an_unknown_article_keeps_no_frames(store: Store, article: int) -> None:
    with pytest.raises(UnknownArticle):
        store.frames.put([frame(article, 0), frame(article + 1, 0)])
    assert list(store.frames.read(article, 0)) == []
    store.frames.put([])
    store.frames.delete(article + 1)
