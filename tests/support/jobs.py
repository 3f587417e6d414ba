"""Jobs for a historian, which imports them in its own process."""

import os
import signal
import time
from pathlib import Path
from threading import current_thread
from typing import NoReturn

from persistence.errors import UnknownArticle
from persistence.store import Store


def add(_store: Store, one: int, other: int = 1) -> int:
    return one + other


def whereabouts(_store: Store) -> tuple[int, int, str]:
    return os.getpid(), os.nice(0), current_thread().name


def slugs(store: Store) -> list[str]:
    return [article.slug for article in store.articles.list()]


def refuse(_store: Store) -> NoReturn:
    raise UnknownArticle("There is no such article.")


class Odd(Exception):  # noqa: N818 - it cannot be made from what it says of itself
    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


def fail_oddly(_store: Store) -> NoReturn:
    raise Odd(1, 2)


def die(_store: Store) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def chatter(_store: Store) -> int:
    print("not an answer", flush=True)
    return 7


def hang(_store: Store, sign: Path) -> None:
    """Leave a sign with the process id, and never end."""
    sign.write_text(str(os.getpid()))
    while True:
        time.sleep(3600)


def many(_store: Store, count: int) -> list[tuple[int, str]]:
    return [(number, str(number)) for number in range(count)]
