"""Who is asking: from a token to an author."""

from collections.abc import Callable
from dataclasses import dataclass
from time import time

from anyio import to_thread

from persistence.authors import Author, Authors
from persistence.errors import UnknownAuthor
from server.newcomers import Newcomers
from server.recent import Recent
from server.tokens import BadToken, Claims, Tokens

RECENT_SECONDS = 10.0
MOST_RECENT = 10_000


@dataclass(frozen=True, slots=True)
class Identity:
    """The author behind a connection or request, and what the token lets them do."""

    author: Author
    readonly: bool
    expires: float  # Unix seconds


class Auth:
    """Finds the author of a token; people of another identity provider become authors."""

    def __init__(
        self,
        tokens: Tokens,
        authors: Authors,
        newcomers: Newcomers,
        clock: Callable[[], float] = time,
    ) -> None:
        self._tokens = tokens
        self._authors = authors
        self._newcomers = newcomers
        self._clock = clock
        self._recent = Recent(self._identify, RECENT_SECONDS, MOST_RECENT, clock)

    async def authenticate(self, token: str) -> Identity:
        """Tell whose token this is; raises `BadToken`, `ExpiredToken` or `LogUnavailable`."""
        return await to_thread.run_sync(self._identify, token)

    async def recognise(self, token: str) -> Identity:
        """Tell the same, where a colour may be some seconds old; for those who come back at once.

        What a token may do does not change while it is good, and nobody can take one back.
        """
        identity = await self._recent.get(token)
        if identity.expires <= self._clock():
            return await self.authenticate(token)
        return identity

    def forget(self, author: str) -> None:
        """Look an author up again, who has changed."""
        self._recent.forget(lambda identity: identity.author.id == author)

    def _identify(self, token: str) -> Identity:
        claims = self._tokens.read(token)
        return Identity(self._author(claims), claims.readonly, claims.expires)

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
