"""Our server: `palimpsest serve` on a SQLite file, every person an author with a token."""

import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.compare import dialects
from benchmarks.compare.running import Command
from persistence.store import Store
from server.colours import Palette
from server.newcomers import Newcomers
from server.opening import opened_database
from server.secret import secret_key
from server.settings import Settings
from server.tokens import Tokens

PROGRAM = Path(sys.executable).parent / "palimpsest"
PEOPLE = 200  # of more connections, several belong to one author
ARTICLES = 500
RATE_LIMITS = ("author_", "address_")
BEYOND_REACH = 1_000_000_000  # rates are counted and checked, but nobody is slowed down


class Palimpsest:
    """Ours. Its people and articles are made once and copied for every start."""

    name = "Palimpsest"
    durable = True
    dialect: dialects.Dialect = dialects.Palimpsest()

    def __init__(self, template: Path, database_url: str = "") -> None:
        self._template = template
        self._database_url = database_url
        self._tokens: list[str] = []

    def prepare(self, data: Path) -> None:
        """Copy the people and the articles."""
        if not self._tokens:
            self._make_template()
        shutil.copytree(self._template, data)

    def command(self, data: Path) -> Command:
        """The command that an operator types, with rate limits that a crowd may reach raised."""
        arguments = (PROGRAM, "serve", "--port", "0", "--data-dir", data)
        limits = (name for name in Settings.model_fields if name.startswith(RATE_LIMITS))
        raised = {f"PALIMPSEST_{name.upper()}": str(BEYOND_REACH) for name in limits}
        quiet = {"PALIMPSEST_SAMPLE_ARTICLE": "false", "PALIMPSEST_LOG_LEVEL": "warning"}
        return Command(arguments, raised | quiet | {"PYTHONUNBUFFERED": "1"})

    def token(self, person: int) -> str:
        """The token of an author."""
        return self._tokens[person % PEOPLE]

    def _make_template(self) -> None:
        chosen: dict[str, Any] = {"data_dir": self._template, "database_url": self._database_url}
        settings = Settings(**chosen)
        with opened_database(settings) as store:
            tokens = Tokens(settings, secret_key(settings, store))
            people = _people(store)
            for number in range(ARTICLES):
                slug = article(number)
                store.articles.create(slug, slug, people[0], at=datetime.now(UTC))
        self._tokens = [tokens.issue(each, "write", time.time()) for each in people]


def article(number: int) -> str:
    """The slug of an article of the template."""
    return f"article-{number}"


def _people(store: Store) -> list[str]:
    newcomers = Newcomers(store.authors, Palette())
    return [newcomers.make(f"Typist {number}").id for number in range(PEOPLE)]
