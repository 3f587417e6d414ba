import os
from pathlib import Path
from typing import Any

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


def test_the_plan_has_as_many_workers_as_were_chosen() -> None:
    plan = plan_of(Settings(workers=3, worker_port=9000))
    assert (plan.workers, plan.worker_port) == (3, 9000)
    assert (plan_of(Settings()).workers, plan_of(Settings()).worker_port) == (1, None)


@pytest.mark.parametrize(
    ("chosen", "times"),
    [({}, 0), ({"workers": 2}, 1), ({"workers": 2, "redis_url": "redis://somewhere"}, 0)],
)
def test_workers_that_hear_each_other_late_are_warned_of_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], chosen: Any, times: int
) -> None:
    monkeypatch.setattr(os, "execve", lambda *_: None)
    supervise(Settings(**chosen))
    assert capfd.readouterr().err.count("PALIMPSEST_REDIS_URL") == times


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
