"""The HTTP interface as tests use it."""

from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx2
from prometheus_client.parser import text_string_to_metric_families

_numbers = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in."""

    id: str
    name: str
    colour: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


class Api:
    """One server's HTTP interface; every answer is checked to be the expected one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(base_url=url, timeout=60)

    def close(self) -> None:
        self.http.close()

    def sign_in(self, name: str, **more: str) -> Person:
        answer = self.http.post("/api/v1/session", json={"name": name, **more})
        assert answer.is_success, answer.text
        author = answer.json()["author"]
        return Person(author["id"], author["name"], author["colour"], answer.json()["token"])

    def somebody(self, name: str = "Person") -> Person:
        """Sign in somebody whose name nobody had before."""
        return self.sign_in(f"{name} {next(_numbers)}")

    def make_article(self, person: Person, text: str | None = None) -> str:
        """Make an article with a slug of its own and return the slug."""
        slug = f"article-{next(_numbers)}"
        body = {"slug": slug, "title": slug} | ({} if text is None else {"text": text})
        answer = self.http.post("/api/v1/articles", json=body, headers=person.headers)
        assert answer.is_success, answer.text
        return slug

    def spans(self, slug: str) -> dict[str, Any]:
        answer = self.http.get(f"/api/v1/articles/{slug}/spans")
        assert answer.is_success, answer.text
        return dict(answer.json())

    def at(self, slug: str, seq: int) -> tuple[str, list[str]]:
        """Return the text after a row of the log, and the author of each code point."""
        answer = self.http.get(f"/api/v1/articles/{slug}/at/{seq}")
        assert answer.is_success, answer.text
        told = answer.json()
        return told["text"], [
            span["author"] for span in told["spans"] for _ in range(span["length"])
        ]

    def authors(self, slug: str) -> tuple[str, list[str]]:
        """Return the text and the author id of each of its code points."""
        told = self.spans(slug)
        authors: list[str] = []
        for span in told["spans"]:
            assert span["start"] == len(authors), "spans cover the text without gaps"
            authors += [span["author"]] * span["length"]
        assert len(authors) == len(told["text"])
        return told["text"], authors

    def metric(self, name: str, **labels: str) -> float:
        """Return the sum of a metric's samples that carry the labels; 0 when there is none."""
        families = text_string_to_metric_families(self.http.get("/metrics").text)
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def sync_url(self, slug: str, person: Person | None, *, attribution: bool = True) -> str:
        query = [f"token={quote(person.token)}"] if person else []
        query += ["attribution=1"] if attribution else []
        return f"ws{self.url.removeprefix('http')}/sync/{slug}?{'&'.join(query)}"
