import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.secret import secret_key
from server.settings import Settings


def test_a_chosen_key_is_taken(tmp_path: Path) -> None:
    assert secret_key(Settings(data_dir=tmp_path, secret_key="k" * 32)) == "k" * 32
    assert not list(tmp_path.iterdir())


def test_a_key_is_made_once(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key


def test_only_its_owner_can_read_the_key(tmp_path: Path) -> None:
    secret_key(Settings(data_dir=tmp_path))
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(settings), range(32)))
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_two_servers_have_two_keys(tmp_path: Path) -> None:
    one, other = (secret_key(Settings(data_dir=tmp_path / name)) for name in "ab")
    assert one != other
