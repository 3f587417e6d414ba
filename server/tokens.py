"""Tokens: signed JWTs, our own and another identity provider's (RFC 7519)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jwt

from crdt.errors import Refusal
from server.settings import Settings

Scope = Literal["write", "read"]
ISSUER = "palimpsest"
OWN_ALGORITHM = "HS256"
LEEWAY_SECONDS = 30  # two machines' clocks may differ by so much


class BadToken(Refusal):
    """The token is not one that this server accepts."""

    code = "bad-token"
    close = 4401


class ExpiredToken(BadToken):
    """The token was good once."""

    code = "expired-token"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says; `subject` is an author id of ours, or a person at `issuer`."""

    issuer: str | None
    subject: str
    name: str | None
    readonly: bool
    expires: float  # Unix seconds

    @property
    def own(self) -> bool:
        """Whether this server issued the token."""
        return self.issuer == ISSUER


class Tokens:
    """Issues tokens with our key, reads ours and those of the provider in the settings."""

    def __init__(self, settings: Settings, key: str) -> None:
        self._settings = settings
        self._key = key

    def issue(self, author: str, scope: Scope, now: float) -> str:
        """Sign a token for an author id; it is good from `now` (Unix seconds) for a lifetime."""
        claims = {
            "iss": ISSUER,
            "sub": author,
            "scope": scope,
            "iat": int(now),
            "exp": int(now) + self._settings.token_lifetime,
        }
        return jwt.encode(claims, self._key, OWN_ALGORITHM)

    def read(self, token: str) -> Claims:
        """Check a token and tell its claims; raises `BadToken` or `ExpiredToken`."""
        try:
            return self._read_own(token)
        except jwt.ExpiredSignatureError:
            raise ExpiredToken("Your sign-in has expired; please sign in again.") from None
        except (jwt.InvalidTokenError, UnicodeError, RecursionError):  # PyJWT lets two through
            raise BadToken("This token is not valid here; please sign in again.") from None

    def _read_own(self, token: str) -> Claims:
        try:
            claims = jwt.decode(
                token,
                self._key,
                [OWN_ALGORITHM],
                options={"require": ["exp", "sub"]},
                issuer=ISSUER,
            )
        except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError, jwt.InvalidIssuerError):
            return self._read_foreign(token)
        return _claims(claims, ISSUER, "sub", "name")

    def _read_foreign(self, token: str) -> Claims:
        chosen = self._settings
        if chosen.token_key is None:
            raise jwt.InvalidTokenError
        claims = jwt.decode(
            token,
            chosen.token_key.get_secret_value(),
            [chosen.token_algorithm],
            options={"require": ["exp", chosen.token_subject_claim]},
            issuer=chosen.token_issuer,
            audience=chosen.token_audience,
            leeway=LEEWAY_SECONDS,
        )
        if claims.get("iss") == ISSUER:  # nobody else may speak for our own authors
            raise jwt.InvalidIssuerError
        return _claims(
            claims, claims.get("iss"), chosen.token_subject_claim, chosen.token_name_claim
        )


def _claims(claims: Mapping[str, Any], issuer: str | None, subject: str, name: str) -> Claims:
    told = claims[subject]
    if not isinstance(told, str) or not told:
        raise jwt.InvalidTokenError
    called = claims.get(name)
    return Claims(
        issuer=issuer,
        subject=told,
        name=called if isinstance(called, str) else None,
        readonly=claims.get("scope") == "read",
        expires=float(claims["exp"]),
    )
