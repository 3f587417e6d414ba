"""The store in SQL, on SQLite or PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy import Engine

from persistence.sql.articles import SqlArticles
from persistence.sql.authors import SqlAuthors
from persistence.sql.checkpoints import SqlCheckpoints
from persistence.sql.contributions import SqlContributions
from persistence.sql.database import Database
from persistence.sql.derived import SqlDerived
from persistence.sql.frames import SqlFrames
from persistence.sql.log import SqlLog
from persistence.sql.quarantine import SqlQuarantine
from persistence.sql.revisions import SqlRevisions
from persistence.sql.secrets import SqlSecrets
from persistence.sql.texts import SqlTexts

__all__ = ["SqlStore"]


class SqlStore:
    """Store over an engine of persistence.schema, whose tables are migrated."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._database = database = Database(engine)
        self.log = SqlLog(database)
        self.articles = SqlArticles(database)
        self.authors = SqlAuthors(database)
        self.checkpoints = SqlCheckpoints(database)
        self.revisions = SqlRevisions(database)
        self.frames = SqlFrames(database)
        self.texts = SqlTexts(database)
        self.contributions = SqlContributions(database)
        self.quarantine = SqlQuarantine(database)
        self.secrets = SqlSecrets(database)
        self._derived = SqlDerived(database)

    def wipe_derived(self, article: int) -> None:
        """Keep the promise of Store.wipe_derived."""
        self._derived.wipe(article)

    def replace_owners(self, article: int, owners: Mapping[int, str]) -> None:
        """Keep the promise of Store.replace_owners."""
        self._derived.replace_owners(article, owners)

    def close(self) -> None:
        """Keep the promise of Store.close."""
        self._database.close()
