"""The values that cross the HTTP interface; the description is generated from them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from server import names
from server.lines import LINE, clean_line

TITLE_LENGTH = 200
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
PLACE = "^[0-9]{1,16}-[0-9]{1,9}$"


def _line_schema(longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": longest, "pattern": LINE})


def _clean_title(text: str) -> str:
    return clean_line(text, TITLE_LENGTH)


def _whole(value: object) -> object:
    """In JSON 2.0 is an integer, too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)  # stands after the bounds, or the description does not show them
Name = Annotated[
    str,
    AfterValidator(names.clean_name),
    _line_schema(names.LONGEST),
    Field(description="The name to show: at most 64 code points, none that hides or reorders."),
]
Title = Annotated[
    str,
    AfterValidator(_clean_title),
    _line_schema(TITLE_LENGTH),
    Field(description="The title: at most 200 code points, none that hides or reorders."),
]
Colour = Annotated[
    str,
    StringConstraints(pattern="^#[0-9a-fA-F]{6}$", to_lower=True),
    Field(description="A colour as #rrggbb."),
]
Passphrase = Annotated[str, StringConstraints(min_length=4, max_length=256)]
Slug = Annotated[
    str,
    StringConstraints(pattern=SLUG, max_length=80),
    Field(description="Lower-case letters and digits, in groups joined by single hyphens."),
]
Text = Annotated[
    str,
    StringConstraints(pattern="^[^\\x00]*$"),
    Field(description="Markdown, without the character U+0000; stored as the caller's writing."),
]
Visibility = Annotated[
    Literal["public", "private"],
    Field(description="Whether an article can be read without a token."),
]


class Given(BaseModel):
    """What a client sends: nothing is converted, nothing unknown is accepted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SignInRequest(Given):
    """A name to sign in with, and what proves or keeps it."""

    name: Name
    passphrase: Passphrase | None = None
    colour: Colour | None = None


class SessionChange(Given):
    """What a signed-in author changes about themselves."""

    passphrase: Passphrase | None = None
    current_passphrase: Annotated[
        str | None, Field(max_length=256, description="Needed to replace a passphrase.")
    ] = None
    colour: Colour | None = None


class NewArticle(Given):
    """An article to make."""

    slug: Slug
    title: Title
    text: Text = ""
    visibility: Visibility = "public"


class PageQuery(BaseModel):
    """Which part of a listing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100, description="Most articles in the answer.")] = 50
    after: Annotated[
        str | None, Field(pattern=PLACE, description="The `next` of the page before.")
    ] = None


class PublicAuthor(BaseModel):
    """What everybody may know of an author."""

    id: str
    name: str
    colour: str


class Session(BaseModel):
    """A token, and whose it is."""

    token: str
    author: PublicAuthor


class CurrentSession(BaseModel):
    """Whose token was sent, and what it allows."""

    author: PublicAuthor
    readonly: bool
    expires: datetime


class ArticleView(BaseModel):
    """An article without its text; `seq` is the last seq of its log."""

    slug: str
    title: str
    seq: int
    visibility: Visibility
    created_by: PublicAuthor
    created_at: datetime
    changed_at: datetime


class ArticlePage(BaseModel):
    """A part of the listing, newest change first; `next` is null at its end."""

    articles: list[ArticleView]
    next: str | None


class SpanView(BaseModel):
    """A run of characters with one author; code points."""

    start: int
    length: int
    author: str


class Contribution(BaseModel):
    """An author of an article, and how many of its characters (code points) are theirs."""

    name: str
    colour: str
    characters: int


class ArticleSpans(BaseModel):
    """The text after row `seq` of the log, and who wrote each character."""

    seq: int
    text: str
    spans: list[SpanView]
    authors: dict[str, Contribution]


class Readiness(BaseModel):
    """That the server can work; `redis` says why it hears late of what others do, if it does."""

    status: Literal["ok", "degraded"] = "ok"
    redis: str | None = None


class Health(BaseModel):
    """That the server is there."""

    status: Literal["ok"] = "ok"
