"""What can go wrong in keeping: answers to people, and news for the committer.

Refusal (crdt.errors)
├── SlugTaken          another article has this slug
├── UnknownArticle     no article has this slug
├── NameTaken          another author has this handle or subject
├── UnknownAuthor      no author has this id, handle or subject
├── UnknownRevision    the article has no revision of this number
└── UnknownSuspect     nothing in quarantine has this id
HeadMoved              somebody else wrote first: nothing was stored, read the log and try again
LogUnavailable         the database is in trouble: whether something was stored is unknown
SchemaDiffers          the database has other tables than this program
"""

from collections.abc import Iterable

from crdt.errors import Refusal


class SlugTaken(Refusal):
    """Another article has this slug."""

    code = "slug-taken"
    close = 4409


class UnknownArticle(Refusal):
    """No article has this slug."""

    code = "unknown-article"
    close = 4404


class NameTaken(Refusal):
    """Another author has this handle or this subject."""

    code = "name-taken"
    close = 4409


class UnknownAuthor(Refusal):
    """No author has this id, handle or subject."""

    code = "unknown-author"
    close = 4404


class UnknownRevision(Refusal):
    """The article has no revision of this number."""

    code = "unknown-revision"
    close = 4404


class UnknownSuspect(Refusal):
    """Nothing in quarantine has this id."""

    code = "unknown-suspect"
    close = 4404


class HeadMoved(Exception):  # noqa: N818 - news that a writer acts on, not a fault
    """Other writers were first in `articles`; of the whole batch nothing was stored.

    Either an article's head is not the one that the batch built on, or a claimed client id is
    another author's already. Both are in the log: read it after the known head and try again.
    """

    def __init__(self, articles: Iterable[int]) -> None:
        self.articles = frozenset(articles)
        super().__init__(f"other writers were first in articles {sorted(self.articles)}")


class LogUnavailable(Exception):  # noqa: N818 - the state of a thing, as its name says
    """The database did not answer as it should; whether a write was stored is unknown.

    `why` says it to people, as a clause.
    """

    def __init__(self, message: str = "", why: str = "the database does not answer") -> None:
        super().__init__(message)
        self.why = why


class SchemaDiffers(Exception):  # noqa: N818 - the state of a thing, as its name says
    """The database's tables are not those of this program; the sentence says which differ."""
