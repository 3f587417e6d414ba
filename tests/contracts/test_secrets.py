"""The promises of persistence.secrets.Secrets."""

from concurrent.futures import ThreadPoolExecutor

from persistence.store import Store, open_store
from tests.support.stores import NOON, after, begun


def test_the_first_that_is_offered_is_it(store: Store) -> None:
    assert store.secrets.agree("tokens", "first", NOON) == "first"
    assert store.secrets.agree("tokens", "second", after(hours=1)) == "first"


def test_every_name_has_one_of_its_own(store: Store) -> None:
    assert store.secrets.agree("tokens", "one", NOON) == "one"
    assert store.secrets.agree("other", "two", NOON) == "two"


def test_all_who_offer_at_once_get_the_same(store: Store) -> None:
    def offer(number: int) -> str:
        return store.secrets.agree("tokens", str(number), NOON)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(offer, range(32)))) == 1


def test_servers_of_one_database_agree(url: str) -> None:
    stores = [open_store(url) for _ in range(4)]

    def offer(number: int) -> str:
        return stores[number].secrets.agree("tokens", str(number), NOON)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(offer, range(4)))) == 1
    for store in stores:
        store.close()


def test_throwing_away_what_follows_from_the_log_leaves_it(store: Store) -> None:
    store.secrets.agree("tokens", "first", NOON)
    store.wipe_derived(begun(store).id)
    assert store.secrets.agree("tokens", "second", NOON) == "first"
