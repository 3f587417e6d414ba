"""One object does something else than others of its class, whose slots leave no room for that."""

from collections.abc import Callable
from typing import Any


def instead(it: Any, name: str, act: Callable[..., Any]) -> None:
    """Have `act` called, without the object, instead of its method `name`."""
    kind = type(it)
    own = type(kind.__name__, (kind,), {"__slots__": (), name: staticmethod(act)})
    it.__class__ = own
