"""Who is asking: from a token to an author."""

from dataclasses import dataclass

from anyio import to_thread

from persistence.authors import Author, Authors
from persistence.errors import UnknownAuthor
from server.newcomers import Newcomers
from server.tokens import BadToken, Claims, Tokens


@dataclass(frozen=True, slots=True)
class Identity:
    """The author behind a connection or request, and what the token lets them do."""

    author: Author
    readonly: bool
    expires: float  # Unix seconds


class Auth:
    """Finds the author of a token; people of another identity provider become authors."""

    def __init__(self, tokens: Tokens, authors: Authors, newcomers: Newcomers) -> None:
        self._tokens = tokens
        self._authors = authors
        self._newcomers = newcomers

    async def authenticate(self, token: str) -> Identity:
        """Tell whose token this is; raises `BadToken`, `ExpiredToken` or `LogUnavailable`."""
        claims = self._tokens.read(token)
        author = await to_thread.run_sync(self._author, claims)
        return Identity(author, claims.readonly, claims.expires)

    def _author(self, claims: Claims) -> Author:
        if not claims.own:
            return self._foreign_author(claims)
        try:
            return self._authors.get(claims.subject)
        except UnknownAuthor:
            raise BadToken("The author of this token is not known here.") from None

    def _foreign_author(self, claims: Claims) -> Author:
        subject = f"{claims.issuer or ''} {claims.subject}"
        try:
            return self._authors.by_subject(subject)
        except UnknownAuthor:
            return self._newcomers.admit(subject, claims.name or claims.subject)
