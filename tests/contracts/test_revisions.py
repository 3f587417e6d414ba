"""The promises of persistence.revisions.Revisions."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC

import pytest

from persistence.errors import UnknownArticle, UnknownAuthor, UnknownRevision
from persistence.revisions import Count, Digest, Loss, Mark, Reason, Revision, Span
from persistence.store import Store
from tests.support.stores import NOON, after, begun, known

SPANS = ((0, 3, "ada"), (3, 2, "bob"))
COUNTS = (("ada", 3, 0, 0), ("bob", 1, 7, 1))
LOSSES = (("ada", "bob", 4), ("bob", "bob", 3))
DIGEST = Digest("xyz🌿é", SPANS, COUNTS, b"\x01\x05\x03", losses=LOSSES)
OTHER = Digest("zz", ((0, 2, "bob"),), (("bob", 2, 5, 0),), b"\x00", "live")


def mark(seq: int = 1, reason: Reason = "named", label: str = "First") -> Mark:
    return Mark(seq, NOON, reason, label, made_by="ada" if reason == "named" else None)


def added(store: Store, article: int, seq: int = 1, reason: Reason = "named") -> Revision:
    return store.revisions.add(article, mark(seq, reason), DIGEST)


@pytest.fixture
def article(store: Store) -> int:
    known(store, "ada", "bob")
    return begun(store).id


def test_a_revision_is_read_as_it_was_added(store: Store, article: int) -> None:
    given = Mark(7, after(days=1), "named", "Né 🌿", "A note.\nTwo lines.", "bob")
    revision = store.revisions.add(article, given, DIGEST)
    heading = (article, 1, 7, after(days=1), "Né 🌿", "bob", "A note.\nTwo lines.", "named")
    assert revision == Revision(*heading, doubt=None)
    assert store.revisions.get(article, 1) == revision
    assert store.revisions.get(article, 1).at.tzinfo is UTC
    assert store.revisions.get(article, 1).mark == given
    assert store.revisions.text(article, 1) == "xyz🌿é"
    assert store.revisions.spans(article, 1) == (Span(0, 3, "ada"), Span(3, 2, "bob"))
    assert store.revisions.counts(article, [1]) == {1: (Count(*COUNTS[0]), Count(*COUNTS[1]))}
    assert store.revisions.losses(article, 1) == (Loss(*LOSSES[0]), Loss(*LOSSES[1]))
    assert list(store.revisions.vectors(article)) == [(1, DIGEST.state_vector)]


def test_the_server_makes_revisions_in_nobodys_name(store: Store, article: int) -> None:
    for seq, reason in enumerate(("quiet", "work", "left"), 1):
        made = store.revisions.add(article, Mark(seq, NOON, reason), DIGEST)
        assert (made.made_by, made.reason) == (None, reason)


def test_a_doubt_is_told(store: Store, article: int) -> None:
    made = store.revisions.add(article, mark(), replace(DIGEST, doubt="checkpoint"))
    assert (made.doubt, store.revisions.list(article)[0].doubt) == ("checkpoint", "checkpoint")


def test_numbers_are_dense_in_each_article(store: Store, article: int) -> None:
    other = begun(store, "other").id
    numbers = [added(store, which).number for which in (article, article, other, article)]
    assert numbers == [1, 2, 1, 3]


def test_the_server_marks_a_point_once(store: Store, article: int) -> None:
    first = added(store, article, 5, "quiet")
    assert added(store, article, 5, "left") == first
    named = added(store, article, 6)
    assert added(store, article, 6, "work") == named
    assert [number for number, _ in store.revisions.marks(article)] == [1, 2]


def test_people_name_a_point_as_often_as_they_like(store: Store, article: int) -> None:
    numbers = [added(store, article, 5, reason).number for reason in ("left", "named", "named")]
    assert numbers == [1, 2, 3]


def test_the_highest_number_is_listed_first(store: Store, article: int) -> None:
    revisions = [added(store, article, seq=seq) for seq in (9, 5, 7)]
    assert list(store.revisions.list(article)) == revisions[::-1]
    assert list(store.revisions.list(article + 1)) == []


def test_a_listing_goes_on_where_a_page_ended(store: Store, article: int) -> None:
    whole = [added(store, article, seq=seq) for seq in range(5)][::-1]
    pages: list[Revision] = []
    while page := store.revisions.list(article, 2, pages[-1].number if pages else None):
        assert len(page) <= 2
        pages += page
    assert pages == whole


def test_the_latest_has_the_highest_seq(store: Store, article: int) -> None:
    assert store.revisions.latest(article) is None
    revisions = [added(store, article, seq=seq) for seq in (9, 5, 9, 7)]
    assert store.revisions.latest(article) == revisions[2]


def test_a_revision_is_found_by_a_seq(store: Store, article: int) -> None:
    nine, five, again = (added(store, article, seq=seq) for seq in (9, 5, 5))
    assert store.revisions.at_or_before(article, 4) is None
    assert store.revisions.at_or_before(article, 5) == again
    assert store.revisions.at_or_before(article, 8) == again
    assert store.revisions.at_or_before(article, 100) == nine
    assert store.revisions.at_or_before(article, 8, below=again.number) == five
    assert store.revisions.at_or_before(article, 8, below=five.number) is None


def test_vectors_come_in_order_of_seq_then_number(store: Store, article: int) -> None:
    for place, seq in enumerate((9, 5, 9, 7)):
        store.revisions.add(article, mark(seq), replace(DIGEST, state_vector=bytes([place])))
    vectors = list(store.revisions.vectors(article))
    assert vectors == [(2, b"\x01"), (4, b"\x03"), (1, b"\x00"), (3, b"\x02")]


def test_spans_come_in_order_of_their_starts_and_all_else_by_author(
    store: Store, article: int
) -> None:
    backwards = replace(DIGEST, spans=SPANS[::-1], counts=COUNTS[::-1], losses=LOSSES[::-1])
    store.revisions.add(article, mark(), backwards)
    assert store.revisions.losses(article, 1) == LOSSES
    assert store.revisions.spans(article, 1) == SPANS
    assert store.revisions.counts(article, [1]) == {1: COUNTS}


def test_counts_of_several_revisions_are_told_at_once(store: Store, article: int) -> None:
    added(store, article)
    store.revisions.add(article, mark(2), OTHER)
    counts = store.revisions.counts(article, [2, 1, 9])
    assert counts == {1: COUNTS, 2: OTHER.counts, 9: ()}
    assert store.revisions.counts(article, []) == {}


def test_a_revision_may_be_empty(store: Store, article: int) -> None:
    store.revisions.add(article, mark(0), Digest("", (), (), b"\x00"))
    assert (store.revisions.text(article, 1), store.revisions.spans(article, 1)) == ("", ())


def test_a_text_may_have_any_character(store: Store, article: int) -> None:
    text = "a\0b\u2028\x7f\ufeff\U0010ffff\r\n"
    store.revisions.add(article, mark(), Digest(text, (), (), b""))
    assert store.revisions.text(article, 1) == text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def test_an_unknown_revision_is_refused(store: Store, article: int) -> None:
    added(store, article)
    revisions = store.revisions
    for read in (revisions.get, revisions.text, revisions.spans, revisions.losses):
        with pytest.raises(UnknownRevision, match="2"):
            read(article, 2)
    for unknown in ((article + 1, 1), (article, 2)):
        with pytest.raises(UnknownRevision):
            store.revisions.put(*unknown, DIGEST)


def test_an_unknown_article_has_no_revision(store: Store, article: int) -> None:
    with pytest.raises(UnknownArticle):
        added(store, article + 1)


@pytest.mark.parametrize(
    ("made_by", "digest"),
    [
        ("mallory", DIGEST),
        ("ada", replace(DIGEST, spans=((0, 1, "mallory"),))),
        ("ada", replace(DIGEST, counts=(("mallory", 1, 0, 0),))),
        ("ada", replace(DIGEST, losses=(("mallory", "ada", 1),))),
        ("ada", replace(DIGEST, losses=(("ada", "mallory", 1),))),
    ],
)
def test_an_unknown_author_leaves_no_part_of_a_revision(
    store: Store, article: int, made_by: str, digest: Digest
) -> None:
    with pytest.raises(UnknownAuthor):
        store.revisions.add(article, replace(mark(), made_by=made_by), digest)
    assert list(store.revisions.list(article)) == []
    assert list(store.revisions.marks(article)) == []


def test_a_digest_can_be_told_anew(store: Store, article: int) -> None:
    revision = added(store, article)
    assert store.revisions.put(article, 1, OTHER) == replace(revision, doubt="live")
    assert store.revisions.text(article, 1) == "zz"
    assert store.revisions.spans(article, 1) == OTHER.spans
    assert store.revisions.counts(article, [1]) == {1: OTHER.counts}
    assert store.revisions.losses(article, 1) == ()
    assert list(store.revisions.vectors(article)) == [(1, OTHER.state_vector)]


def test_what_cannot_be_told_anew_stays(store: Store, article: int) -> None:
    added(store, article)
    with pytest.raises(UnknownAuthor):
        store.revisions.put(article, 1, replace(OTHER, spans=((0, 2, "mallory"),)))
    assert store.revisions.text(article, 1) == "xyz🌿é"
    assert store.revisions.spans(article, 1) == SPANS


def test_marks_bring_revisions_back(store: Store, article: int) -> None:
    revisions = [added(store, article, seq) for seq in (3, 1)]
    revisions.append(added(store, article, 7, "quiet"))
    marks = list(store.revisions.marks(article))
    assert marks == [(revision.number, revision.mark) for revision in revisions]
    store.wipe_derived(article)
    assert list(store.revisions.list(article)) == []
    assert store.revisions.latest(article) is None
    assert list(store.revisions.marks(article)) == marks
    assert [store.revisions.put(article, number, DIGEST) for number, _ in marks] == revisions


def test_numbers_are_not_used_again(store: Store, article: int) -> None:
    added(store, article)
    store.wipe_derived(article)
    assert added(store, article).number == 2


def test_a_point_that_lost_its_digest_gets_it_when_it_is_marked_again(
    store: Store, article: int
) -> None:
    revision = added(store, article, 5, "quiet")
    store.wipe_derived(article)
    assert added(store, article, 5, "quiet") == revision
    assert store.revisions.text(article, 1) == DIGEST.text


def test_revisions_made_at_once_get_different_numbers(store: Store, article: int) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda seq: added(store, article, seq=seq).number, range(12)))
    assert sorted(made) == list(range(1, 13))


def test_a_point_that_is_marked_at_once_is_marked_once(store: Store, article: int) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = threads.map(lambda _: added(store, article, 5, "left").number, range(12))
        assert set(made) == {1}
