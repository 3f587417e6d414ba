"""The values in which revisions and contributions cross the HTTP interface; code points."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

from server.api.models import WHOLE, ArticleSpans, Given, PublicAuthor, Text, Title

MARKDOWN = "text/markdown"
HTML = "text/html"
NOTE_LENGTH = 2_000

Note = Annotated[Text, StringConstraints(max_length=NOTE_LENGTH)]


class RevisionWish(Given):
    """A name for a point in the log."""

    label: Title
    note: Note = ""
    seq: Annotated[
        Annotated[int, Field(ge=0, le=999_999_999), WHOLE] | None,
        Field(description="Which row of the log; what is there now if null."),
    ] = None


class RevisionQuery(BaseModel):
    """Which part of the revisions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100, description="Most revisions in the answer.")] = 50
    after: Annotated[
        str | None, Field(pattern="^[0-9]{1,9}$", description="The `next` of the page before.")
    ] = None


class RevisionAuthor(PublicAuthor):
    """What an author has to do with a revision, compared with the one before.

    `kept` of their characters stood there before, `inserted` did not; `deleted`, whoever wrote
    them, did and were taken away by this author.
    """

    inserted: int
    deleted: int
    kept: int


class RevisionView(BaseModel):
    """A revision without its text; `made_by` is null where the server made it of itself.

    `doubt` names the ways to its text and authors that came out differently, null for none.
    """

    number: int
    seq: int
    at: datetime
    reason: Literal["named", "quiet", "work", "left"]
    label: str
    note: str
    made_by: PublicAuthor | None
    doubt: str | None
    authors: list[RevisionAuthor]


class RevisionPage(BaseModel):
    """A part of the revisions, the newest first; `next` is null at the end."""

    revisions: list[RevisionView]
    next: str | None


class RevisionText(ArticleSpans):
    """A revision with its text and who wrote each character; or, if asked for, Markdown alone."""

    also: ClassVar[tuple[str, ...]] = (MARKDOWN,)

    revision: RevisionView


class ReadingPage(RootModel[str]):
    """The revision's page for people is at another address."""

    media_type: ClassVar[str] = HTML


class ContributionQuery(BaseModel):
    """Which part of an author's articles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100, description="Most articles in the answer.")] = 50
    after: Annotated[
        str | None,
        Field(
            pattern="^[0-9]{1,15}-[0-9]{1,15}-[0-9]{1,9}$",
            description="The `next` of the page before.",
        ),
    ] = None


class ContributionView(BaseModel):
    """An author's part of an article; `share` is that of the text which stands there (0 to 1)."""

    slug: str
    title: str
    written: int
    surviving: int
    share: float


class AuthorView(PublicAuthor):
    """A person or a named bot, and what they wrote; `next` is null at the end of the articles."""

    kind: Literal["person", "bot"]
    orcid: str | None
    written: int
    surviving: int
    articles: list[ContributionView]
    next: str | None
