"""persistence/migrations: what was stored by an earlier version is still there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from persistence import schema
from persistence.revisions import Mark
from persistence.store import Store, open_store
from tests.support import postgres
from tests.support.stores import NOON

EARLIER = f"""
INSERT INTO author VALUES ('ada', 'ada', 'Ada', '#', NULL, 'person', '{NOON}', NULL, NULL);
INSERT INTO article VALUES (1, 'bach2', 'Bach2 β-catenin', 5, 'ada', '{NOON}', 'public');
INSERT INTO article VALUES (2, 'empty', 'Ωmega', 0, 'ada', '{NOON}', 'public');
INSERT INTO revision VALUES (1, 1, 3, '{NOON}', 'First', 'ada', 'x');
INSERT INTO revision VALUES (1, 2, 5, '{NOON}', '', 'ada', 'xy');
INSERT INTO revision_span VALUES (1, 1, 0, 1, 'ada')
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/palimpsest.db"
        return
    with postgres.running() as server:
        yield server.url(server.new_database())


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A database of the second version with some rows, brought up to date."""
    with schema._alembic(url) as config:
        command.upgrade(config, "0002")
        for line in EARLIER.strip().split(";\n"):
            config.attributes["connection"].execute(text(line))
    schema.migrate(url)
    schema.check(url)
    store = open_store(url)
    yield store
    store.close()


def test_what_people_said_of_revisions_is_kept(store: Store) -> None:
    first, second = store.revisions.marks(1)
    assert first == (1, Mark(3, NOON, "named", "First", "", "ada"))
    assert (second[0], second[1].seq, second[1].label) == (2, 5, "")


def test_what_follows_from_the_log_waits_for_a_rebuild(store: Store) -> None:
    assert list(store.revisions.list(1)) == []
    assert store.texts.get(1) is None or store.texts.get(1).seq == 0


def test_articles_are_found_by_their_titles(store: Store) -> None:
    for query, slug in {"bach2": "bach2", "β-cat": "bach2", "ωm": "empty"}.items():
        assert [found.article.slug for found in store.texts.search(query)] == [slug]
