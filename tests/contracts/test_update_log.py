"""The promises of persistence.log.UpdateLog."""

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from persistence.errors import UnknownAuthor
from persistence.log import MOST_BETWEEN, Append, Entry, HeadMoved, Row
from persistence.store import Store
from tests.support.stores import NOON, after, begun, known, wrote

BIG = 16 * 2**20


def rows(*payloads: bytes, author: str = "ada") -> tuple[Row, ...]:
    return tuple(Row(author, payload) for payload in payloads)


def seqs(entries: Iterator[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


def moved(store: Store, *batch: Append) -> frozenset[int]:
    with pytest.raises(HeadMoved) as refused:
        store.log.append(batch, NOON)
    return refused.value.articles


def test_an_article_begins_with_an_empty_log(store: Store) -> None:
    article = begun(store)
    assert list(store.log.read(article.id)) == []
    assert store.log.heads([article.id]) == {article.id: 0}
    assert store.log.owners(article.id) == {}


def test_a_row_is_read_as_it_was_appended(store: Store) -> None:
    article = begun(store)
    row = Row("ada", bytes(range(256)), b"carried\0over")
    store.log.append([Append(article.id, 0, (row,))], NOON)
    assert list(store.log.read(article.id)) == [
        Entry(article.id, 1, "ada", NOON, bytes(range(256)), b"carried\0over")
    ]


def test_what_carries_nothing_over_is_read_as_none(store: Store) -> None:
    article = begun(store)
    store.log.append([Append(article.id, 0, (Row("ada", b"a"), Row("ada", b"b", b"")))], NOON)
    assert [entry.carried for entry in store.log.read(article.id)] == [None, b""]


def test_seqs_are_dense_from_one(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"a", b"b")
    wrote(store, article, b"c")
    assert seqs(store.log.read(article.id)) == [1, 2, 3]


def test_rows_of_a_batch_keep_their_order(store: Store) -> None:
    article = begun(store)
    payloads = [bytes([number]) for number in range(100)]
    wrote(store, article, *payloads)
    assert [entry.payload for entry in store.log.read(article.id)] == payloads


def test_every_article_has_its_own_seqs(store: Store) -> None:
    one, other = begun(store, "one"), begun(store, "other")
    batch = [Append(other.id, 0, rows(b"x", b"y")), Append(one.id, 0, rows(b"z"))]
    store.log.append(batch, NOON)
    assert store.log.heads([one.id, other.id]) == {one.id: 1, other.id: 2}
    assert [entry.payload for entry in store.log.read(other.id)] == [b"x", b"y"]


def test_reading_begins_after_and_ends_with(store: Store) -> None:
    article = begun(store)
    wrote(store, article, *(b"x" for _ in range(9)))
    assert seqs(store.log.read(article.id, after=3, until=6)) == [4, 5, 6]
    assert seqs(store.log.read(article.id, after=7)) == [8, 9]
    assert seqs(store.log.read(article.id, until=2)) == [1, 2]
    assert seqs(store.log.read(article.id, after=9)) == []
    assert seqs(store.log.read(article.id, after=5, until=5)) == []


def test_a_log_longer_than_a_page_is_read_whole(store: Store) -> None:
    article = begun(store)
    wrote(store, article, *(b"x" for _ in range(2_500)))
    assert seqs(store.log.read(article.id)) == list(range(1, 2_501))
    assert seqs(store.log.read(article.id, after=100, until=2_300)) == list(range(101, 2_301))


def test_a_log_can_grow_while_it_is_read(store: Store) -> None:
    article = begun(store)
    wrote(store, article, *(b"x" for _ in range(1_500)))
    reading = store.log.read(article.id)
    begin = list(itertools.islice(reading, 10))
    wrote(store, article, b"y")
    assert seqs(iter([*begin, *reading])) == list(range(1, 1_502))


def test_a_log_that_is_read_half_holds_up_nobody(store: Store) -> None:
    article = begun(store)
    wrote(store, article, *(b"x" for _ in range(1_500)))
    readings = [store.log.read(article.id) for _ in range(40)]
    assert {next(reading).seq for reading in readings} == {1}
    wrote(store, article, b"y")
    assert store.log.heads([article.id]) == {article.id: 1_501}


def test_a_payload_of_sixteen_mebibytes_comes_back(store: Store) -> None:
    article = begun(store)
    big = bytes(BIG - 1) + b"\xff"
    wrote(store, article, b"before", big, b"after")
    assert [entry.payload for entry in store.log.read(article.id)] == [b"before", big, b"after"]


def test_time_comes_back_in_utc_to_the_microsecond(store: Store) -> None:
    article = begun(store)
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-5, minutes=-30)))
    wrote(store, article, b"x", at=elsewhere)
    [entry] = store.log.read(article.id)
    assert entry.at == NOON
    assert entry.at.tzinfo is UTC


def test_time_without_a_zone_is_our_own_mistake(store: Store) -> None:
    article = begun(store)
    with pytest.raises(ValueError, match="time zone"):
        wrote(store, article, b"x", at=datetime(2026, 3, 14, 12))  # noqa: DTZ001 - that is it
    assert store.log.heads([article.id]) == {article.id: 0}


def test_a_head_that_moved_stores_nothing(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"first")
    assert moved(store, Append(article.id, 0, rows(b"late"), {7: "ada"})) == {article.id}
    assert [entry.payload for entry in store.log.read(article.id)] == [b"first"]
    assert store.log.owners(article.id) == {}


def test_a_head_in_the_future_stores_nothing(store: Store) -> None:
    article = begun(store)
    assert moved(store, Append(article.id, 1, rows(b"early"))) == {article.id}
    assert store.log.heads([article.id]) == {article.id: 0}


def test_one_moved_head_stops_the_whole_batch(store: Store) -> None:
    fresh, stale = begun(store, "fresh"), begun(store, "stale")
    wrote(store, stale, b"first")
    batch = Append(fresh.id, 0, rows(b"x"), {1: "ada"}), Append(stale.id, 0, rows(b"late"))
    assert moved(store, *batch) == {stale.id}
    assert store.log.heads([fresh.id, stale.id]) == {fresh.id: 0, stale.id: 1}
    assert store.log.owners(fresh.id) == {}


def test_every_moved_head_is_named(store: Store) -> None:
    articles = [begun(store, slug) for slug in ("one", "two", "three")]
    wrote(store, articles[0], b"x")
    wrote(store, articles[2], b"x", b"x")
    batch = [Append(article.id, 0, rows(b"y", b"y")) for article in articles]
    assert moved(store, *batch) == {articles[0].id, articles[2].id}


def test_an_unknown_article_is_a_moved_head(store: Store) -> None:
    article = begun(store)
    assert moved(store, Append(article.id + 77, 0, rows(b"x"))) == {article.id + 77}


def test_an_unknown_author_stores_nothing(store: Store) -> None:
    article = begun(store)
    with pytest.raises(UnknownAuthor, match="mallory"):
        store.log.append([Append(article.id, 0, rows(b"x", author="mallory"))], NOON)
    with pytest.raises(UnknownAuthor, match="mallory"):
        store.log.append([Append(article.id, 0, rows(b"x"), {1: "mallory"})], NOON)
    assert store.log.heads([article.id]) == {article.id: 0}


def test_an_article_that_stands_twice_is_our_own_mistake(store: Store) -> None:
    article = begun(store)
    with pytest.raises(ValueError, match="twice"):
        store.log.append([Append(article.id, 0, ()), Append(article.id, 0, ())], NOON)


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    article = begun(store)
    store.log.append([], NOON)
    store.log.append([Append(article.id, 0, ())], NOON)
    assert store.log.heads([article.id]) == {article.id: 0}


def test_claims_come_with_their_rows(store: Store) -> None:
    article = begun(store)
    known(store, "bob")
    store.log.append([Append(article.id, 0, rows(b"x"), {1: "ada", 2**53 - 1: "bob"})], NOON)
    assert store.log.owners(article.id) == {1: "ada", 2**53 - 1: "bob"}


def test_a_claim_is_of_one_article_only(store: Store) -> None:
    one, other = begun(store, "one"), begun(store, "other")
    known(store, "bob")
    store.log.append([Append(one.id, 0, rows(b"x"), {1: "ada"})], NOON)
    store.log.append([Append(other.id, 0, rows(b"x"), {1: "bob"})], NOON)
    assert store.log.owners(one.id) == {1: "ada"}
    assert store.log.owners(other.id) == {1: "bob"}


def test_an_owner_may_claim_again(store: Store) -> None:
    article = begun(store)
    store.log.append([Append(article.id, 0, rows(b"x"), {1: "ada"})], NOON)
    store.log.append([Append(article.id, 1, rows(b"y"), {1: "ada", 2: "ada"})], NOON)
    assert store.log.owners(article.id) == {1: "ada", 2: "ada"}


def test_a_claim_of_anothers_client_id_stores_nothing(store: Store) -> None:
    article, other = begun(store), begun(store, "other")
    known(store, "bob")
    store.log.append([Append(article.id, 0, rows(b"x"), {1: "ada"})], NOON)
    batch = Append(article.id, 1, rows(b"y"), {2: "bob", 1: "bob"}), Append(other.id, 0, rows(b"z"))
    assert moved(store, *batch) == {article.id}
    assert store.log.owners(article.id) == {1: "ada"}
    assert store.log.heads([article.id, other.id]) == {article.id: 1, other.id: 0}


def test_heads_of_unknown_articles_are_left_out(store: Store) -> None:
    article = begun(store)
    assert store.log.heads([article.id, article.id + 1]) == {article.id: 0}
    assert store.log.heads([]) == {}


def test_unknown_articles_have_no_rows_and_no_owners(store: Store) -> None:
    assert list(store.log.read(1)) == []
    assert store.log.owners(1) == {}


def test_appending_threads_leave_no_gap(store: Store) -> None:
    article = begun(store)

    def write(writer: int) -> None:
        for number in range(15):
            append_somewhere(store, article.id, b"%d-%d" % (writer, number))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    entries = list(store.log.read(article.id))
    assert seqs(iter(entries)) == list(range(1, 61))
    assert len({entry.payload for entry in entries}) == 60


def append_somewhere(store: Store, article: int, payload: bytes) -> None:
    """Append as a writer does who is not alone."""
    while True:
        head = store.log.heads([article])[article]
        try:
            return store.log.append([Append(article, head, rows(payload))], after(seconds=1))
        except HeadMoved:
            continue


def test_batches_in_opposite_orders_do_not_lock_each_other_out(store: Store) -> None:
    articles = [begun(store, slug) for slug in ("one", "two", "three")]

    def write(order: int) -> None:
        for _ in range(15):
            append_everywhere(store, [article.id for article in articles[::order]])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, (1, -1, 1, -1)))
    assert set(store.log.heads([article.id for article in articles]).values()) == {60}


def append_everywhere(store: Store, articles: list[int]) -> None:
    while True:
        heads = store.log.heads(articles)
        batch = [Append(article, heads[article], rows(b"x")) for article in articles]
        try:
            return store.log.append(batch, NOON)
        except HeadMoved:
            continue


def always(_between: object) -> bool:
    return True


def test_what_may_follow_comes_after_what_others_stored_and_is_told_of_it(store: Store) -> None:
    article, other = begun(store), begun(store, "other")
    wrote(store, article, b"theirs", b"theirs, too")
    asked: list[list[bytes]] = []

    def follows(between: Sequence[Entry]) -> bool:
        asked.append([entry.payload for entry in between])
        return True

    late = Append(article.id, 1, rows(b"ours", b"ours, too"), {7: "ada"}, follows)
    theirs = store.log.append([late, Append(other.id, 0, rows(b"x"), follows=follows)], NOON)
    assert {number: [e.seq for e in found] for number, found in theirs.items()} == {article.id: [2]}
    assert asked == [[b"theirs, too"]]
    stored = [(entry.seq, entry.payload) for entry in store.log.read(article.id, after=1)]
    assert stored == [(2, b"theirs, too"), (3, b"ours"), (4, b"ours, too")]
    assert store.log.heads([article.id, other.id]) == {article.id: 4, other.id: 1}
    assert store.log.owners(article.id) == {7: "ada"}


def test_who_is_first_is_told_of_nobody(store: Store) -> None:
    article = begun(store)
    assert store.log.append([Append(article.id, 0, rows(b"x"), follows=always)], NOON) == {}


def test_what_may_not_follow_stores_nothing_of_the_batch(store: Store) -> None:
    stale, fresh, other = (begun(store, slug) for slug in ("stale", "fresh", "other"))
    wrote(store, stale, b"theirs")
    wrote(store, other, b"theirs")
    batch = [
        Append(stale.id, 0, rows(b"ours"), follows=lambda _: False),
        Append(fresh.id, 0, rows(b"ours"), follows=always),
        Append(other.id, 0, rows(b"ours"), follows=always),
    ]
    assert moved(store, *batch) == {stale.id}
    assert store.log.heads([stale.id, fresh.id, other.id]) == {
        stale.id: 1,
        fresh.id: 0,
        other.id: 1,
    }


def test_a_foreign_claim_or_a_head_in_the_future_may_never_follow(store: Store) -> None:
    article = begun(store)
    known(store, "bob")
    store.log.append([Append(article.id, 0, rows(b"x"), {1: "ada"})], NOON)
    assert moved(store, Append(article.id, 0, rows(b"y"), {1: "bob"}, always)) == {article.id}
    assert moved(store, Append(article.id, 2, rows(b"y"), follows=always)) == {article.id}
    assert moved(store, Append(article.id + 77, 0, rows(b"y"), follows=always)) == {article.id + 77}


def test_a_foreign_claim_is_found_before_an_unknown_author(store: Store) -> None:
    article = begun(store)
    known(store, "bob")
    store.log.append([Append(article.id, 0, rows(b"x"), {1: "ada"})], NOON)
    both = Append(article.id, 1, rows(b"y", author="mallory"), {1: "bob"})
    assert moved(store, both) == {article.id}


def test_an_unknown_author_who_comes_late_stores_nothing(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"theirs")
    append = Append(article.id, 0, rows(b"x", author="mallory"), follows=always)
    with pytest.raises(UnknownAuthor, match="mallory"):
        store.log.append([append], NOON)
    assert store.log.heads([article.id]) == {article.id: 1}


def test_what_is_too_far_behind_may_not_follow(store: Store) -> None:
    article = begun(store)
    wrote(store, article, *(b"x" for _ in range(MOST_BETWEEN)))
    assert store.log.append([Append(article.id, 0, rows(b"y"), follows=always)], NOON)
    assert moved(store, Append(article.id, 0, rows(b"z"), follows=always)) == {article.id}


def test_appending_threads_that_may_follow_one_another_need_no_second_try(store: Store) -> None:
    article = begun(store)

    def write(writer: int) -> list[int]:
        told = [
            store.log.append([Append(article.id, 0, rows(b"%d" % writer), follows=always)], NOON)
            for _ in range(15)
        ]
        return [len(theirs.get(article.id, ())) for theirs in told]

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(write, range(4)))
    assert seqs(store.log.read(article.id)) == list(range(1, 61))
    assert sorted(number for numbers in told for number in numbers) == list(range(60))


def test_the_rows_after_many_heads_come_by_article_and_seq(store: Store) -> None:
    one, two, three, empty = (begun(store, slug) for slug in ("one", "two", "three", "empty"))
    wrote(store, one, b"a", b"b", b"c")
    wrote(store, two, b"d")
    wrote(store, three, b"e", b"f")
    heads = {three.id: 0, one.id: 1, two.id: 1, empty.id: 0, empty.id + 9: 0}
    found = [(e.article, e.seq, e.payload, e.at) for e in store.log.after(heads, 100)]
    assert found == [
        (one.id, 2, b"b", NOON),
        (one.id, 3, b"c", NOON),
        (three.id, 1, b"e", NOON),
        (three.id, 2, b"f", NOON),
    ]
    assert [entry.payload for entry in store.log.after(heads, 3)] == [b"b", b"c", b"e"]
    assert store.log.after({}, 3) == []


def test_thousands_of_articles_can_be_asked_for_at_once(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"x")
    heads = dict.fromkeys(range(10_000), 0) | {article.id: 0}
    assert [entry.article for entry in store.log.after(heads, 10)] == [article.id]


def test_a_check_leaves_nothing_behind(store: Store) -> None:
    article = begun(store)
    wrote(store, article, b"x")
    for _ in range(3):
        store.log.check()
    assert store.log.heads([article.id]) == {article.id: 1}
    assert [entry.payload for entry in store.log.read(article.id)] == [b"x"]
    assert store.checkpoints.latest(0) is None


def test_a_check_goes_beside_other_writers(store: Store) -> None:
    article = begun(store)
    with ThreadPoolExecutor(4) as threads:
        checks = [threads.submit(store.log.check) for _ in range(20)]
        for _ in range(20):
            append_somewhere(store, article.id, b"x")
        for check in checks:
            check.result()
    assert store.log.heads([article.id]) == {article.id: 20}
