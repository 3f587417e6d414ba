"""Runs the migrations on the connection that persistence.schema opened, in its transaction."""

from typing import Any

from alembic import context
from sqlalchemy.schema import SchemaItem

from persistence.models import Base

connection = context.config.attributes["connection"]
FULL_TEXT = "article_words"  # SQLite's index, and the tables that it keeps itself in
GIN = "ix_article_text_words"  # PostgreSQL's


def is_compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether a name in the database is one of our models'."""
    return not (kind == "table" and str(name).startswith(FULL_TEXT))


def is_here(_item: SchemaItem, name: str | None, *_more: Any) -> bool:
    """Whether this database has what the models say."""
    return not (name == GIN and connection.dialect.name == "sqlite")


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,  # also on SQLite, where Alembic does not expect it
    include_name=is_compared,
    include_object=is_here,
)
with context.begin_transaction():
    context.run_migrations()
