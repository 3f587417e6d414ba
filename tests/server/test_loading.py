from persistence.store import MemoryStore
from server.loading import keep, keep_checkpoint, load, moment
from tests.support.live import SETTINGS, house
from tests.support.people import everything
from tests.support.stores import begun, known

ROOT = SETTINGS.root_name


async def _written(store: MemoryStore) -> int:
    """An article of two authors, with a deletion and text that came back, in ten rows."""
    async with house(store) as here:
        article = here.article()
        ada, bob = await here.guest(article, here.ada), await here.guest(article, here.bob)
        for number in range(5):
            await ada.stored(f"ada {number} ")
            await bob.read()
            await bob.stored(f"bob {number} ")
            await ada.read()
        return article.id


def _all_of(store: MemoryStore, article: int) -> tuple[object, ...]:
    live = load(store, article, ROOT, 0)
    return *everything(live), live.spans(), live.clocks()


async def test_loading_with_and_without_a_checkpoint_gives_the_same() -> None:
    store = MemoryStore()
    article = await _written(store)
    plain = _all_of(store, article)
    assert keep_checkpoint(store, article, ROOT) == 10
    assert _all_of(store, article) == plain
    store.checkpoints.delete(article)
    assert _all_of(store, article) == plain


async def test_an_older_checkpoint_and_the_rows_after_it_give_the_same() -> None:
    store = MemoryStore()
    article = await _written(store)
    plain = _all_of(store, article)
    state = load(store, article, ROOT, 0, until=4).state()
    keep(store, article, state)
    assert _all_of(store, article) == plain


async def test_an_earlier_moment_is_loaded_as_the_fold_of_the_log_tells_it() -> None:
    store = MemoryStore()
    article = await _written(store)
    keep_checkpoint(store, article, ROOT)
    for seq in range(11):
        live, folded = load(store, article, ROOT, 0, seq), moment(store, article, ROOT, seq)
        assert (live.head, live.text()) == (seq, folded.text)
        assert list(live.spans()) == list(folded.spans)


def test_an_article_without_rows_is_empty() -> None:
    store = MemoryStore()
    known(store, "ada")
    live = load(store, begun(store).id, ROOT, 0)
    assert (live.head, live.text(), live.spans()) == (0, "", [])
