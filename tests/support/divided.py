"""Two processes used as one server: the victim is at the first, everybody else at the second."""

import time

from tests.support.rest import Api, Person

PATIENCE = 10.0  # seconds until both must tell the same


class Divided(Api):
    """Sign-in and the victim's socket are at the first process, everything else at the second."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(second)
        self._first = Api(first)

    def close(self) -> None:
        super().close()
        self._first.close()

    def sign_in(self, name: str, **more: str) -> Person:
        return self._first.sign_in(name, **more)

    def make_article(self, person: Person, text: str | None = None) -> str:
        return self._first.make_article(person, text)

    def authors(self, slug: str) -> tuple[str, list[str]]:
        """What both processes tell; one may be a moment behind the other."""
        deadline = time.monotonic() + PATIENCE
        while (told := self._first.authors(slug)) != super().authors(slug):
            assert time.monotonic() < deadline, (told, super().authors(slug))
            time.sleep(0.01)
        return told

    def metric(self, name: str, **labels: str) -> float:
        return self._first.metric(name, **labels) + super().metric(name, **labels)

    def sync_url(self, slug: str, person: Person | None, *, attribution: bool = True) -> str:
        if person is not None and person.name.startswith("victim"):
            return self._first.sync_url(slug, person, attribution=attribution)
        return super().sync_url(slug, person, attribution=attribution)
