import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from persistence.store import MemoryStore
from server.opening import opened_database
from server.secret import secret_key
from server.settings import Settings

ELSEWHERE = "postgresql://somewhere/palimpsest"


def test_a_chosen_key_is_taken(tmp_path: Path, store: MemoryStore) -> None:
    for url in ("", ELSEWHERE):
        settings = Settings(data_dir=tmp_path, secret_key="k" * 32, database_url=url)
        assert secret_key(settings, store) == "k" * 32
    assert not list(tmp_path.iterdir())


def test_a_key_is_made_once(tmp_path: Path, store: MemoryStore) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = secret_key(settings, store)
    assert len(key) >= 32
    assert secret_key(settings, store) == key


def test_only_its_owner_can_read_the_key(tmp_path: Path, store: MemoryStore) -> None:
    secret_key(Settings(data_dir=tmp_path), store)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree(tmp_path: Path, store: MemoryStore) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings, store), range(32)))
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_two_servers_have_two_keys(tmp_path: Path, store: MemoryStore) -> None:
    one, other = (secret_key(Settings(data_dir=tmp_path / name), store) for name in "ab")
    assert one != other


def test_servers_of_one_chosen_database_share_no_folder_and_have_one_key(
    tmp_path: Path, store: MemoryStore
) -> None:
    one, other = (Settings(data_dir=tmp_path / name, database_url=ELSEWHERE) for name in "ab")
    assert secret_key(one, store) == secret_key(other, store)
    assert secret_key(one, MemoryStore()) != secret_key(one, store)
    assert not list(tmp_path.iterdir())


def test_a_key_that_was_in_a_folder_goes_on_in_a_chosen_database(
    tmp_path: Path, store: MemoryStore
) -> None:
    key = secret_key(Settings(data_dir=tmp_path), store)
    moved = Settings(data_dir=tmp_path, database_url=ELSEWHERE)
    other = Settings(data_dir=tmp_path / "other", database_url=ELSEWHERE)
    assert [secret_key(moved, store), secret_key(other, store)] == [key, key]


def test_a_key_in_a_database_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/chosen.db")
    keys = set()
    for _ in range(2):
        with opened_database(settings) as store:
            keys.add(secret_key(settings, store))
    assert len(keys) == 1
