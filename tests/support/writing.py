"""A writer in a process of its own: appends rows and prints each seq once it is stored.

python -m tests.support.writing URL ARTICLE AUTHOR NAME COUNT
"""

import subprocess
import sys
from pathlib import Path

from persistence.log import Append, HeadMoved, Row
from persistence.store import Store, open_store
from tests.support.stores import NOON

CODE_FOLDER = Path(__file__).parents[2]


def started(url: str, article: int, author: str, name: str, count: int) -> subprocess.Popen[str]:
    """Start a writer that appends `count` rows, one a transaction."""
    arguments = [url, str(article), author, name, str(count)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.writing", *arguments],
        cwd=CODE_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
    )


def payload(name: str, number: int) -> bytes:
    return f"{name} {number} ".encode() * 20


def main(url: str, article: str, author: str, name: str, count: str) -> None:
    store = open_store(url)
    for number in range(int(count)):
        row = Row(author, payload(name, number))
        print(_append(store, int(article), row), number, flush=True)
    store.close()


def _append(store: Store, article: int, row: Row) -> int:
    while True:
        head = store.log.heads([article])[article]
        try:
            store.log.append([Append(article, head, (row,))], NOON)
        except HeadMoved:
            continue
        return head + 1


if __name__ == "__main__":
    main(*sys.argv[1:])
