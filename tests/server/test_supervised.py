import os
import signal
import sys

import pytest

from server import supervised as supervising
from server.supervised import Supervised


def _started(code: str) -> Supervised:
    code = f"import json,os,sys,time; line = json.loads(sys.argv[1])['line']; {code}"
    return Supervised((sys.executable, "-c", code), [], os.memfd_create("slate"))


def test_what_it_says_is_heard() -> None:
    worker = _started("os.write(line, b'L'); time.sleep(1e6)")
    assert not worker.listening
    assert worker.listen()
    assert worker.listening
    assert worker.end(patient=False) == -signal.SIGKILL


def test_it_is_silent_only_once_it_listens() -> None:
    worker = _started("os.write(line, b'.'); os.write(line, b'L'); time.sleep(1e6)")
    assert not worker.silent(0)
    while not worker.listening:
        assert worker.listen()
    assert worker.silent(0)
    assert not worker.silent(60)
    worker.end(patient=False)


def test_its_own_end_is_waited_for() -> None:
    worker = _started("os.close(line); time.sleep(0.2); sys.exit(6)")
    assert not worker.listen()
    assert worker.end(patient=True) == 6


def test_who_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "END_SECONDS", 0.01)
    worker = _started("os.close(line); time.sleep(1e6)")
    assert not worker.listen()
    assert worker.end(patient=True) == -signal.SIGKILL
