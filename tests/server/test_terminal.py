from pathlib import Path

import pytest

from server import terminal as terminals
from server.terminal import Terminal


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(terminals, "TERMINAL", str(tmp_path / "tty"))
    return tmp_path / "tty"


def test_one_that_was_there_is_gone_when_it_cannot_be_opened(window: Path) -> None:
    window.touch()
    terminal = Terminal()
    assert not terminal.is_gone
    window.unlink()
    assert terminal.is_gone


def test_what_never_was_there_is_not_gone(window: Path) -> None:
    terminal = Terminal()
    assert not terminal.is_gone
    window.touch()
    assert not terminal.is_gone
