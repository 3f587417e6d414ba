import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.options import environment_of, from_environment
from server.settings import Settings
from server.supervising import plan_of, supervise

CHOSEN = {
    "port": 0,
    "data_dir": Path("x y"),
    "secret_key": SecretStr("a secret that is long enough for tests"),
    "allowed_origins": frozenset({"https://a.example", "https://b.example"}),
    "open_sign_in": False,
    "redis_url": None,
    "parked_seconds": 0.5,
}


def test_the_worker_reads_the_settings_that_were_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(**CHOSEN)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    assert from_environment() == settings


def test_a_worker_may_take_ten_seconds_to_stop_at_most() -> None:
    plan = plan_of(Settings())
    assert plan.stop_seconds <= 10
    assert plan.stall_seconds == 5


def test_this_process_becomes_the_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda *given: became.append(given))
    supervise(Settings(**CHOSEN))
    ((_, command, environment),) = became
    assert "server.supervisor" in command
    assert environment["PALIMPSEST_PORT"] == "0"
    assert not any("long enough" in part for part in command)  # everybody may read command lines
