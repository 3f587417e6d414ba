from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from server.settings import Settings


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALIMPSEST_PORT", "1234")
    assert Settings().port == 1234


def test_a_given_value_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALIMPSEST_PORT", "1234")
    assert Settings(port=5).port == 5


def test_a_setting_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_the_database_is_sqlite_in_the_data_folder_by_default() -> None:
    assert Settings(data_dir=Path("/x")).database == "sqlite:////x/palimpsest.db"


def test_a_database_url_is_taken_as_it_is() -> None:
    assert Settings(database_url="postgresql://x/y").database == "postgresql://x/y"


def test_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALIMPSEST_ALLOWED_ORIGINS", "https://a.org/, https://b.org")
    assert Settings().allowed_origins == {"https://a.org", "https://b.org"}


def test_origins_can_be_given_as_a_set() -> None:
    assert Settings(allowed_origins={"https://a.org"}).allowed_origins == {"https://a.org"}


def test_a_short_secret_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="secret_key"):
        Settings(secret_key="short")


def test_the_secret_key_is_never_printed() -> None:
    key = "k" * 40
    assert key not in repr(Settings(secret_key=key))


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        Settings(prot=1)


def test_what_is_checked_at_once_fits_into_a_message() -> None:
    with pytest.raises(ValidationError, match="loop_update_bytes"):
        Settings(max_message_bytes=10)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_described_in_a_sentence(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


@pytest.mark.parametrize("chosen", [{"workers": 2}, {"worker_port": 9000}])
def test_workers_without_a_supervisor_are_an_error(chosen: Any) -> None:
    with pytest.raises(ValidationError, match="need the supervisor"):
        Settings(supervisor=False, **chosen)
    assert Settings(supervisor=False, workers=1).workers == 1


def test_every_worker_has_a_port_if_one_has() -> None:
    assert Settings(workers=2, worker_port=65534).worker_port == 65534
    with pytest.raises(ValidationError, match="without a port"):
        Settings(workers=3, worker_port=65534)


def test_a_url_that_is_not_of_redis_is_refused() -> None:
    with pytest.raises(ValidationError, match="redis://"):
        Settings(redis_url="http://localhost")


def test_an_empty_url_of_redis_is_none() -> None:
    assert Settings(redis_url="").redis_url is None
