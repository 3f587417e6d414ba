"""A digest: three ways to the same text and authors, and what is said when they differ."""

import pytest
from pycrdt import ContentAttribute

from crdt.history import Moment
from crdt.livearticle import LiveArticle
from crdt.spans import Span
from crdt.statevector import encode_state_vector
from crdt.stretches import stretches
from persistence.articles import Article
from persistence.store import MemoryStore, Store
from server import digest
from server.digest import Wish, behind, doubt, revise
from server.digestlive import Copy, Seen
from server.fingerprint import fingerprint
from server.folds import Folds
from server.lacking import NO_STATE
from server.loading import load
from server.refusals import NotYet
from tests.support import stores
from tests.support.people import ROOT, desk, history
from tests.support.writing_past import begun, store_rows

QUIET = Wish("quiet")
NAMED = Wish("named", "First draft", "for Bo", "ada", stores.NOON)


@pytest.fixture
def article(store: MemoryStore) -> Article:
    """An article with a history of several people, undo and all; it ends with some text."""
    article = begun(store)
    store_rows(store, article, history(3).rows)
    return article


def _head(store: Store, article: Article) -> int:
    return store.log.heads([article.id])[article.id]


def _seen(store: Store, article: Article) -> Seen:
    live = load(store, article.id, ROOT, 0)
    seen = Seen(live.head, fingerprint(live.text(), live.spans()))
    live.close()
    return seen


def test_a_digest_has_what_the_log_says(store: MemoryStore, article: Article) -> None:
    seq = _head(store, article)
    made = revise(store, ROOT, article.id, seq, QUIET, _seen(store, article))
    assert made is not None
    live = load(store, article.id, ROOT, 0)
    assert (made.seq, made.reason, made.made_by, made.doubt) == (seq, "quiet", None, None)
    assert store.revisions.text(article.id, 1) == live.text() != ""
    assert [*map(tuple, store.revisions.spans(article.id, 1))] == [*map(tuple, live.spans())]
    assert dict(store.revisions.vectors(article.id)) == {1: encode_state_vector(live.clocks())}
    (row,) = store.log.read(article.id, seq - 1)
    assert made.at == row.at


def test_counts_of_the_first_revision_are_all_that_stands(
    store: MemoryStore, article: Article
) -> None:
    revise(store, ROOT, article.id, _head(store, article), QUIET, None)
    counts = store.revisions.counts(article.id, [1])[1]
    assert sum(count.inserted for count in counts) == len(store.revisions.text(article.id, 1))
    assert {(count.deleted, count.kept) for count in counts} == {(0, 0)}


def test_counts_of_the_next_add_up_to_both_texts(store: MemoryStore, article: Article) -> None:
    head = _head(store, article)
    revise(store, ROOT, article.id, head // 2, NAMED, None)
    revise(store, ROOT, article.id, head, QUIET, None)
    before, now = (len(store.revisions.text(article.id, number)) for number in (1, 2))
    counts = store.revisions.counts(article.id, [2])[2]
    assert sum(count.inserted + count.kept for count in counts) == now
    assert sum(count.kept + count.deleted for count in counts) == before


def test_the_newest_text_and_contributions_are_kept(store: MemoryStore, article: Article) -> None:
    head = _head(store, article)
    revise(store, ROOT, article.id, head, QUIET, None)
    text = store.texts.get(article.id)
    assert text is not None
    assert (text.seq, text.text) == (head, store.revisions.text(article.id, 1))
    contributions = store.contributions.of_article(article.id)
    assert sum(each.surviving for each in contributions) == len(text.text)
    assert all(each.written >= each.surviving for each in contributions)


def test_a_name_for_an_earlier_moment_is_compared_with_the_one_before_it(
    store: MemoryStore, article: Article
) -> None:
    head = _head(store, article)
    revise(store, ROOT, article.id, head // 3, QUIET, None)
    revise(store, ROOT, article.id, head, QUIET, None)
    newest = store.texts.get(article.id)
    made = revise(store, ROOT, article.id, head // 2, NAMED, None)
    assert made is not None
    assert (made.number, made.seq, made.label, made.note) == (3, head // 2, "First draft", "for Bo")
    counts = store.revisions.counts(article.id, [3])[3]
    assert sum(count.kept + count.deleted for count in counts) == len(
        store.revisions.text(article.id, 1)
    )
    assert store.texts.get(article.id) == newest


def test_without_a_change_only_a_person_makes_another_one(
    store: MemoryStore, article: Article
) -> None:
    head = _head(store, article)
    assert revise(store, ROOT, article.id, head, QUIET, None)
    assert revise(store, ROOT, article.id, head, QUIET, None) is None
    assert revise(store, ROOT, article.id, head, NAMED, None)
    assert [each.label for each in store.revisions.list(article.id)] == ["First draft", ""]


def test_what_was_typed_and_taken_away_again_is_no_change(store: MemoryStore) -> None:
    article, table = begun(store), desk("ada", "bo")
    ada, bo = table.people
    ada.insert(0, "hello")
    table.share()
    before = len(table.rows)
    bo.insert(2, "xyz")
    table.share()
    ada.delete(2, 5)
    table.share()
    store_rows(store, article, table.rows)
    assert revise(store, ROOT, article.id, before, QUIET, None)
    assert revise(store, ROOT, article.id, len(table.rows), QUIET, None) is None


def _text(store: Store, article: Article, seq: int) -> tuple[str, list[Span]]:
    live = load(store, article.id, ROOT, 0, seq)
    return live.text(), live.spans()


def test_an_empty_article_can_be_named_but_is_no_revision_of_itself(store: MemoryStore) -> None:
    article = stores.begun(store)
    assert revise(store, ROOT, article.id, 0, QUIET, None) is None
    made = revise(store, ROOT, article.id, 0, NAMED, None)
    assert made is not None
    assert made.seq == 0


def test_of_what_has_not_happened_there_is_no_revision(
    store: MemoryStore, article: Article
) -> None:
    with pytest.raises(NotYet):
        revise(store, ROOT, article.id, _head(store, article) + 1, NAMED, None)


# What is spoilt is found


def _revised(store: Store, article: Article, seen: Seen | None = None) -> str | None:
    """Make a revision; the fold's text and spans are in it, whatever is doubted."""
    made = revise(store, ROOT, article.id, _head(store, article), QUIET, seen)
    assert made is not None
    return made.doubt


def _spoil_checkpoint(store: Store, article: Article) -> None:
    """Put the state of another seq where that of the head would be."""
    head = _head(store, article)
    live = load(store, article.id, ROOT, 0, head // 2)
    state = live.state()
    store.checkpoints.put(article.id, head, state.pack(), state.attribution)
    live.close()


def test_a_spoilt_checkpoint_is_found(store: MemoryStore, article: Article) -> None:
    seen = _seen(store, article)
    folded = _text(store, article, _head(store, article))
    _spoil_checkpoint(store, article)
    assert _revised(store, article, seen) == "checkpoint"
    assert store.revisions.text(article.id, 1) == folded[0]


def test_whatever_is_spoilt_the_counts_are_those_of_the_log(
    store: MemoryStore, article: Article
) -> None:
    _spoil_checkpoint(store, article)
    _revised(store, article, None)
    counts = store.revisions.counts(article.id, [1])[1]
    assert sum(count.inserted for count in counts) == len(store.revisions.text(article.id, 1))


def test_a_checkpoint_that_cannot_be_read_is_found(
    store: MemoryStore, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("it is not one")

    monkeypatch.setattr(digest, "article_at", fails)
    assert _revised(store, article, _seen(store, article)) == "checkpoint"


def test_a_spoilt_live_document_is_found(store: MemoryStore, article: Article) -> None:
    head = _head(store, article)
    assert _revised(store, article, Seen(head, fingerprint("other", []))) == "live"


def test_a_spoilt_fold_is_found(
    store: MemoryStore, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = _seen(store, article)
    wrong = Moment(1, "x", (Span(0, 1, "ada"),))
    monkeypatch.setattr(Folds, "moment", lambda *_: wrong)
    assert _revised(store, article, seen) == "log"


def test_what_was_loaded_from_a_spoilt_checkpoint_is_found_with_it(
    store: MemoryStore, article: Article
) -> None:
    _spoil_checkpoint(store, article)
    assert _revised(store, article, _seen(store, article)) == "checkpoint, live"


def test_a_checkpoint_that_is_spoilt_in_another_way_than_memory_is_found(
    store: MemoryStore, article: Article
) -> None:
    _spoil_checkpoint(store, article)
    seen = Seen(_head(store, article), fingerprint("other", []))
    assert _revised(store, article, seen) == "checkpoint, live"


def _copied(live: LiveArticle) -> Seen:
    return Seen(live.head, Copy(live.document.diff(NO_STATE), live.ledger.pack()))


def test_a_copy_of_the_live_document_is_as_good(store: MemoryStore, article: Article) -> None:
    live = load(store, article.id, ROOT, 0)
    assert _revised(store, article, _copied(live)) is None


def test_a_copy_of_a_spoilt_ledger_is_found(store: MemoryStore, article: Article) -> None:
    live = load(store, article.id, ROOT, 0)
    first = next(stretches(live.weave, live.ledger))
    where = (first.client, first.clock, first.length)
    live.ledger.inserts.remove(*where)
    said = {"insert": "di", "insertAt": 0}
    live.ledger.inserts.insert(*where, [ContentAttribute(*each) for each in said.items()])
    assert _revised(store, article, _copied(live)) == "live"


@pytest.mark.parametrize(
    ("opinions", "doubtful"),
    [
        ({"log": b"1", "checkpoint": b"1"}, None),
        ({"log": b"1", "live": b"2"}, "live, log"),
        ({"log": b"1", "checkpoint": b"1", "live": b"2"}, "live"),
        ({"log": b"1", "weave": b"1", "checkpoint": b"2"}, "checkpoint"),
        ({"log": b"1", "weave": b"1", "checkpoint": b"", "live": b""}, "checkpoint, live"),
        ({"log": b"1", "weave": b"2", "checkpoint": b"2", "live": b"2"}, "log"),
        ({"log": b"1", "weave": b"2", "checkpoint": b"3"}, "checkpoint, log, weave"),
        ({"log": b"1", "weave": b"2"}, "log, weave"),
    ],
)
def test_a_doubt_names_who_is_wrong(opinions: dict[str, bytes], doubtful: str | None) -> None:
    assert doubt(opinions) == doubtful


def test_articles_that_have_moved_since_their_revision_are_behind(
    store: MemoryStore, article: Article
) -> None:
    stores.begun(store, slug="empty")
    assert behind(store) == [article.id]
    revise(store, ROOT, article.id, 3, NAMED, None)
    assert behind(store) == [article.id]
    revise(store, ROOT, article.id, _head(store, article), QUIET, None)
    assert behind(store) == []


def test_a_copy_that_cannot_be_read_is_found(store: MemoryStore, article: Article) -> None:
    spoilt = Seen(_head(store, article), Copy(b"nonsense", b"nonsense"))
    assert _revised(store, article, spoilt) == "live"
