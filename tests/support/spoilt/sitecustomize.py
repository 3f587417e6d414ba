"""Faults for servers that are started with this folder on PYTHONPATH.

An update with one of these words in it hangs or kills whatever process gates it, as bytes did to
yrs that our gate keeps out: worker and screening process alike.
"""

import importlib.abc
import importlib.machinery
import os
import signal
import sys
from types import ModuleType
from typing import Any

HANG, DIE = b"hang-the-server", b"kill-the-server"


class Faulty(importlib.abc.MetaPathFinder):
    """Finds crdt.livearticle, whose `admit` then does what the words say."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != "crdt.livearticle":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.loader is not None
        execute = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            _spoil(module.LiveArticle)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _spoil(live_article: Any) -> None:
    admit = live_article.admit

    def spoilt(self: Any, data: bytes, *more: Any) -> Any:
        while HANG in data:
            pass
        if DIE in data:
            os.kill(os.getpid(), signal.SIGSEGV)
        return admit(self, data, *more)

    live_article.admit = spoilt


sys.meta_path.insert(0, Faulty())
