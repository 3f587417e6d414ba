"""What is told of a person: who they are, and what they wrote where."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from persistence.store import MemoryStore
from server.digest import Wish, revise
from tests.support import stores
from tests.support.people import ROOT, desk
from tests.support.writing_past import begun, store_rows

PATH = "/api/v1/authors"
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture
def written(store: MemoryStore) -> None:
    """Three articles; Ada wrote in all, and all of the last one is gone."""
    begun(store)
    for slug, ada_wrote, bo_wrote in (
        ("long", "x" * 30, "y" * 10),
        ("short", "x" * 9, ""),
        ("gone", "x" * 5, ""),
    ):
        article, table = stores.begun(store, slug=slug), desk("ada", "bo")
        ada, bo = table.people
        ada.insert(0, ada_wrote)
        table.share()
        if bo_wrote:
            bo.insert(0, bo_wrote)
        if slug == "gone":
            bo.delete(0, 5)
        table.share()
        store_rows(store, article, table.rows)
        revise(store, ROOT, article.id, len(table.rows), Wish("quiet"), None)


@pytest.mark.usefixtures("written")
def test_a_person_is_told_with_all_that_they_wrote(client: TestClient) -> None:
    told = client.get(f"{PATH}/ada").json()
    assert told == {
        "id": "ada",
        "name": "Ada",
        "colour": "#336699",
        "kind": "person",
        "orcid": None,
        "written": 44,
        "surviving": 39,
        "articles": [
            {"slug": "long", "title": "Long", "written": 30, "surviving": 30, "share": 0.75},
            {"slug": "short", "title": "Short", "written": 9, "surviving": 9, "share": 1.0},
            {"slug": "gone", "title": "Gone", "written": 5, "surviving": 0, "share": 0.0},
        ],
        "next": None,
    }


@pytest.mark.usefixtures("written")
def test_a_long_list_comes_in_parts(client: TestClient) -> None:
    slugs, after = [], None
    while True:
        told = client.get(f"{PATH}/ada", params={"limit": 1} | ({"after": after} if after else {}))
        slugs += [each["slug"] for each in told.json()["articles"]]
        after = told.json()["next"]
        if after is None:
            break
    assert slugs == ["long", "short", "gone"]


@pytest.mark.usefixtures("written")
def test_private_articles_are_for_people_who_have_signed_in(
    client: TestClient, store: MemoryStore, sign_in: SignInCall
) -> None:
    store.articles.set_visibility("long", "private")
    told = client.get(f"{PATH}/ada").json()
    assert [each["slug"] for each in told["articles"]] == ["short", "gone"]
    assert (told["written"], told["surviving"]) == (14, 9)
    signed_in = client.get(f"{PATH}/ada", headers=sign_in("Eve")).json()
    assert signed_in["written"] == 44


@pytest.mark.usefixtures("written")
def test_somebody_who_wrote_nothing_is_told_too(client: TestClient) -> None:
    told = client.get(f"{PATH}/di").json()
    assert (told["name"], told["articles"], told["written"]) == ("Di", [], 0)


@pytest.mark.parametrize("author", ["nobody", "%00", "a%20b", "x" * 65, "\u00e9"])
def test_nobody_is_told_as_nobody(client: TestClient, author: str) -> None:
    answer = client.get(f"{PATH}/{author}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-author")


@pytest.mark.parametrize("query", ["limit=0", "after=1-2", "after=x-1-1", "what=1"])
def test_a_listing_that_makes_no_sense_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"{PATH}/ada?{query}").json()["code"] == "invalid-request"
