"""Ownership: in one article, a client id belongs to one author for ever (law 2)."""

from collections.abc import Mapping

from crdt.errors import ForeignClient


class Ownership:
    """Who owns which client id of one article.

    An owner is *stored* with the first edit under the id, in the same transaction; until then a
    presence message may *claim* the id, so that nobody can take it before its author's first edit.
    Claims last as long as this value; an author who claims more than `most_claims` ids without
    editing loses the oldest claim.
    """

    __slots__ = ("_claimants", "_claims", "_most_claims", "_stored")

    def __init__(self, stored: Mapping[int, str], most_claims: int) -> None:
        self._stored = dict(stored)
        self._claims: dict[str, dict[int, None]] = {}
        self._claimants: dict[int, str] = {}
        self._most_claims = most_claims

    def owner(self, client: int) -> str | None:
        """The author id that the client id belongs to, None while it is free."""
        return self._stored.get(client) or self._claimants.get(client)

    def is_stored(self, client: int) -> bool:
        """Whether the owner stands in the log's tables already."""
        return client in self._stored

    def require(self, client: int, author: str) -> None:
        """ForeignClient unless the id is free or the author's."""
        if (self.owner(client) or author) != author:
            raise ForeignClient(
                f"New text under client id {client} is refused: the id belongs to another author."
            )

    def claim(self, client: int, author: str) -> None:
        """Claim a client id for `author`, who shows presence under it; ForeignClient if taken."""
        self.require(client, author)
        if client in self._stored:
            return
        claims = self._claims.setdefault(author, {})
        claims.pop(client, None)
        claims[client] = None
        self._claimants[client] = author
        if len(claims) > self._most_claims:
            self._release(author, next(iter(claims)))

    def _release(self, author: str, client: int) -> None:
        del self._claims[author][client], self._claimants[client]

    def store(self, client: int, author: str) -> None:
        """Note that the id's owner is stored from now on, whoever claimed it here."""
        if client in self._claimants:
            self._release(self._claimants[client], client)
        self._stored[client] = author

    def claims(self) -> dict[int, str]:
        """The owners that are claimed and not stored: client id -> author id."""
        return dict(self._claimants)

    def owners(self) -> dict[int, str]:
        """All owners, stored or claimed: client id -> author id."""
        return self._claimants | self._stored
