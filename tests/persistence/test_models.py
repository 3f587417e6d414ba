from persistence.models import Base, LoggedUpdate, table

TABLES = {
    "author",
    "article",
    "replica",
    "update_log",
    "checkpoint",
    "revision",
    "revision_author",
    "revision_loss",
    "revision_mark",
    "revision_section",
    "revision_span",
    "frame",
    "article_text",
    "contribution",
    "quarantine",
    "secret",
}


def test_there_are_sixteen_tables() -> None:
    assert set(Base.metadata.tables) == TABLES


def test_every_constraint_has_a_name() -> None:
    constraints = [one for table in Base.metadata.tables.values() for one in table.constraints]
    assert all(str(constraint.name).split("_")[0] in NAMES for constraint in constraints)


NAMES = {"pk", "fk", "uq", "ck"}


def test_a_model_gives_its_table() -> None:
    assert table(LoggedUpdate) is Base.metadata.tables["update_log"]
