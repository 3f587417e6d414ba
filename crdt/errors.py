"""The refusals that outside bytes can meet, each with its code, close code and sentence.

Refusal
├── MalformedMessage        the frame is not a message of the protocol
├── MessageTooLarge         the frame is larger than a message may be
├── MalformedUpdate         the bytes are not a strict version 1 update
├── UpdateTooLarge          well formed so far, but beyond a limit
├── Forbidden               this connection may not do that
│   ├── ReadOnly            it may read only
│   ├── ForeignClient       new content under another author's client id
│   └── ForkedClient        other content under IDs that the same client id has used
├── PresenceRefused         a presence that is too large or no JSON object
├── StructureRefused        a struct that this document does not hold, or holds elsewhere
├── StandsAgain             text that is to be brought back is there already
├── TooEntangled            checking it here would take too long
└── MissingDependencies     it builds on what is not known here

A refused edit leaves the connection open and its writer told; only a message that cannot be read
ends the connection, with the class's close code. Codes 4400-4499 say that trying again is useless.
"""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault of ours
    """An answer to outside bytes that may not go on; `str(refusal)` is a sentence for people."""

    code = "refused"
    close = 4400

    @property
    def reason(self) -> str:
        """The code and the sentence, as an interface gets them."""
        return f"{self.code}: {self}"


class MalformedMessage(Refusal):
    """The frame is not a message of the protocol."""

    code = "malformed-message"


class MessageTooLarge(Refusal):
    """The frame is larger than a message may be."""

    code = "message-too-large"
    close = 4413


class MalformedUpdate(Refusal):
    """The bytes are not a strict version 1 update."""

    code = "malformed-update"


class UpdateTooLarge(Refusal):
    """The update is beyond one of the limits on sizes and counts."""

    code = "update-too-large"
    close = 4413


class Forbidden(Refusal):
    """This connection may not do that."""

    code = "forbidden"
    close = 4403


class ReadOnly(Forbidden):
    """This connection may read only."""

    code = "read-only"


class ForeignClient(Forbidden):
    """The update brings new content under a client id of another author (law 2)."""

    code = "foreign-client-id"


class ForkedClient(Forbidden):
    """The update has other content under IDs that its client id has used already."""

    code = "forked-client"


class PresenceRefused(Refusal):
    """A presence that is too large or no JSON object."""

    code = "presence-refused"


class StructureRefused(Refusal):
    """A struct that this document does not hold, or a place where it cannot stand."""

    code = "structure-refused"


class StandsAgain(Refusal):
    """Text that is to be brought back stands in the article again."""

    code = "stands-again"


class TooEntangled(Refusal):
    """Finding the place of a struct would take more steps than an update may."""

    code = "too-entangled"


class MissingDependencies(Refusal):
    """The update builds on content that is not known here (law 5).

    `needed` is an ID without which it cannot come in, if one is known: (client id, clock).
    """

    code = "missing-dependencies"

    def __init__(self, sentence: str, needed: tuple[int, int] | None = None) -> None:
        super().__init__(sentence)
        self.needed = needed
