"""The tables; article, author, update_log, revision_mark, quarantine and secret are the truth."""

from persistence.models.base import Base, table
from persistence.models.derived import (
    ArticleText,
    Checkpoint,
    Contribution,
    Frame,
    Replica,
    Revision,
    RevisionAuthor,
    RevisionLoss,
    RevisionSection,
    RevisionSpan,
)
from persistence.models.truth import (
    Article,
    Author,
    LoggedUpdate,
    Quarantine,
    RevisionMark,
    Secret,
)

__all__ = [
    "Article",
    "ArticleText",
    "Author",
    "Base",
    "Checkpoint",
    "Contribution",
    "Frame",
    "LoggedUpdate",
    "Quarantine",
    "Replica",
    "Revision",
    "RevisionAuthor",
    "RevisionLoss",
    "RevisionMark",
    "RevisionSection",
    "RevisionSpan",
    "Secret",
    "table",
]
