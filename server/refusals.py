"""What the server refuses before anything reaches a document.

Refusal (crdt.errors)
├── InvalidRequest         a body or a parameter is not as documented
├── MalformedJson          the body is not JSON
├── UnsupportedMediaType   the body is something else than JSON
├── BodyTooLarge           the body is larger than a setting allows
├── NotFound               no resource has this address
├── MethodNotAllowed       the resource has no such method
├── TokenNeeded            this is for people who have signed in
├── SignInClosed           people do not sign in here by name
├── WrongPassphrase        the passphrase is not the author's
├── WrongOrigin            a page of another origin asks
├── TooFast                more messages or bytes in a time than a setting allows
├── TooManyClients         more new client ids in a time than a setting allows
├── TooManyConnections     more connections at once, or in a time, than a setting allows
├── Busy                   too many ask for something costly at once
├── NotYet                 the log of the article does not reach so far
├── HistoryUnavailable     what was asked about the past could not be computed
├── Quarantined            it stopped the server, and an operator has to look at it
├── NothingToRestore       the article has the text already that is to be restored
├── UnknownSection         the text has no section with this heading
├── UnknownPassage         the article has no deleted text under these IDs
└── NotReady               edits cannot be stored just now
"""

from crdt.errors import Refusal


class InvalidRequest(Refusal):
    """A body or a parameter is not as documented; `errors` says where and why."""

    code = "invalid-request"

    def __init__(self, sentence: str, errors: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.errors = errors


class MalformedJson(Refusal):
    """The body is not JSON."""

    code = "malformed-json"


class UnsupportedMediaType(Refusal):
    """The body is something else than JSON."""

    code = "unsupported-media-type"


class BodyTooLarge(Refusal):
    """The body is larger than a setting allows."""

    code = "body-too-large"
    close = 4413


class NotFound(Refusal):
    """No resource has this address."""

    code = "not-found"
    close = 4404


class MethodNotAllowed(Refusal):
    """The resource has no such method."""

    code = "method-not-allowed"


class TokenNeeded(Refusal):
    """This is for people who have signed in."""

    code = "token-needed"
    close = 4401


class SignInClosed(Refusal):
    """People do not sign in here by name."""

    code = "sign-in-closed"
    close = 4403


class WrongPassphrase(Refusal):
    """The passphrase is not the author's."""

    code = "wrong-passphrase"
    close = 4403


class WrongOrigin(Refusal):
    """A page of another origin asks."""

    code = "wrong-origin"
    close = 4403


class StorageUnavailable(Refusal):
    """What was sent could not be made durable; it is to be sent again."""

    code = "storage-unavailable"
    close = 4503


class ShuttingDown(Refusal):
    """This process is about to end; another one will answer."""

    code = "shutting-down"
    close = 1012


class TooFast(Refusal):
    """More messages or bytes in a time than a setting allows; the rest is read later."""

    code = "too-fast"
    close = 4429


class TooManyClients(Refusal):
    """More new client ids in a time than a setting allows."""

    code = "too-many-clients"
    close = 4429


class TooManyConnections(Refusal):
    """More connections at once, or in a time, than a setting allows.

    `retry_after` is in seconds.
    """

    code = "too-many-connections"
    close = 4429

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Busy(Refusal):
    """Too many ask for something costly at once."""

    code = "busy"
    close = 4503


class NotYet(Refusal):
    """The log of the article does not reach so far."""

    code = "not-yet"
    close = 4409


class HistoryUnavailable(Refusal):
    """What was asked about the past could not be computed."""

    code = "history-unavailable"
    close = 4503


class Quarantined(Refusal):
    """It stopped the server, and an operator has to look at it."""

    code = "quarantined"


class NothingToRestore(Refusal):
    """The article has the text already that is to be restored."""

    code = "nothing-to-restore"


class UnknownSection(Refusal):
    """The text has no section with this heading."""

    code = "unknown-section"
    close = 4404


class UnknownPassage(Refusal):
    """The article has no deleted text under these IDs."""

    code = "unknown-passage"
    close = 4404


class NotReady(Refusal):
    """Edits cannot be stored just now."""

    code = "not-ready"
    close = 4503
