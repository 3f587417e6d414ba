"""Runs the migrations on the connection that persistence.schema opened, in its transaction."""

from alembic import context

from persistence.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,  # also on SQLite, where Alembic does not expect it
)
with context.begin_transaction():
    context.run_migrations()
