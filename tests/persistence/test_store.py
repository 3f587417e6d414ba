"""persistence/store.py: the door; what is behind it is in tests/contracts."""

from pathlib import Path

from persistence.store import MemoryStore, SqlStore, Store, open_store
from tests.support import stores


def test_a_store_is_opened_by_its_address(tmp_path: Path) -> None:
    store = open_store(stores.sqlite(tmp_path).new_url())
    assert isinstance(store, SqlStore)
    assert store.articles.list() == []
    store.close()


def test_opening_touches_nothing(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/absent.db").close()
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_memory_can_be_closed_like_any_other() -> None:
    store: Store = MemoryStore()
    store.close()
    assert store.articles.list() == []
