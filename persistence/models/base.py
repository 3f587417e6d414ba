"""The common ground of the tables."""

from typing import ClassVar

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


class Base(SQLModel):
    """The common ground of the tables: one catalogue, in which every constraint has a name."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


def table(model: type[Base]) -> Table:
    """Return the table of a model, for SQL that is built and not mapped."""
    return Base.metadata.tables[str(model.__tablename__)]
