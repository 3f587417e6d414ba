"""The register: where the rooms of this process are."""

from server.place import Place
from server.room import Room


class Register:
    """The places by article id; those of rooms that are still being loaded, too."""

    def __init__(self) -> None:
        self.places: dict[int, Place] = {}

    def find(self, article: int) -> Room | None:
        """Give the article's room; None where there is none in memory."""
        place = self.places.get(article)
        return place.room if place is not None and place.is_open else None

    def rooms(self) -> dict[int, Room]:
        """The rooms that are in memory, by article."""
        return {article: place.room for article, place in self.places.items() if place.is_open}

    def open_places(self) -> list[Place]:
        """The places of the rooms that are in memory."""
        return [place for place in self.places.values() if place.is_open]
