import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, Text
from starlette.testclient import TestClient

from crdt.state import EMPTY
from persistence.errors import UnknownArticle
from persistence.log import Append, Row
from persistence.store import MemoryStore
from server.export import export
from server.newcomers import Newcomers

EMPTY_MAP = b"\x00"
SignInCall = Callable[..., dict[str, str]]


@pytest.fixture
def exported(client: TestClient, sign_in: SignInCall, store: MemoryStore) -> dict[str, Any]:
    body = {"slug": "x", "title": "The X", "text": "h\u00e9 \U0001f98a"}
    client.post("/api/v1/articles", json=body, headers=sign_in("Ada"))
    return dict(json.loads("".join(export(store, "x", "content"))))


def test_an_export_tells_about_the_article(exported: dict[str, Any]) -> None:
    article = exported["article"]
    assert (article["slug"], article["title"], article["visibility"]) == ("x", "The X", "public")


def test_an_export_has_the_text_and_its_spans(exported: dict[str, Any]) -> None:
    author = exported["article"]["created_by"]
    assert exported["text"] == "h\u00e9 \U0001f98a"
    assert exported["spans"] == [{"start": 0, "length": 4, "author": author}]
    assert exported["authors"][author]["name"] == "Ada"


def test_the_log_of_an_export_is_the_article(exported: dict[str, Any]) -> None:
    doc: Doc[Text] = Doc()
    for row in exported["log"]:
        doc.apply_update(b64decode(row["payload"]))
    assert str(doc.get("content", type=Text)) == exported["text"]
    assert [row["seq"] for row in exported["log"]] == list(range(1, exported["seq"] + 1))


def test_no_secret_is_exported(exported: dict[str, Any]) -> None:
    assert "passphrase" not in json.dumps(exported)


def test_an_empty_article_can_be_exported(
    client: TestClient, sign_in: SignInCall, store: MemoryStore
) -> None:
    client.post("/api/v1/articles", json={"slug": "x", "title": "x"}, headers=sign_in("Ada"))
    told = json.loads("".join(export(store, "x", "content")))
    assert (told["text"], told["spans"], told["log"]) == ("", [], [])


def test_carried_text_is_exported_with_its_row(store: MemoryStore, newcomers: Newcomers) -> None:
    ada = newcomers.make("Ada")
    article = store.articles.create("x", "x", ada.id, at=ada.created)
    row = Row(ada.id, EMPTY.update, carried=EMPTY_MAP)
    store.log.append([Append(article.id, 0, (row,))], ada.created)
    told = json.loads("".join(export(store, "x", "content")))
    assert b64decode(told["log"][0]["carried"]) == EMPTY_MAP


def test_an_unknown_article_is_refused(store: MemoryStore) -> None:
    with pytest.raises(UnknownArticle):
        next(export(store, "none", "content"))
