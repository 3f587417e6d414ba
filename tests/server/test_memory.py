import ctypes
import platform

import pytest

from server import memory


def test_memory_can_be_given_back_on_any_system() -> None:
    memory.give_back()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed")
def test_glibc_is_asked_for_it() -> None:
    assert memory.TRIM is not None


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_where_there_is_no_such_function_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", fails)
    assert memory._malloc_trim() is None
    monkeypatch.setattr(memory, "TRIM", None)
    memory.give_back()
