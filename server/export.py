"""An article as JSON: its text, who wrote it, and its whole log."""

import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from crdt.history import Moment
from persistence.articles import Article
from persistence.authors import Author
from persistence.log import Entry
from persistence.store import Store
from server.loading import moment

Json = dict[str, Any]


def export(store: Store, slug: str, root: str) -> Iterator[str]:
    """Give the JSON in pieces, as the log is read; raises `UnknownArticle` at the first piece.

    Spans count code points; payloads are base64. Only the log and the authors are asked: that is
    all there is to an article.
    """
    article = store.articles.get(slug)
    now = moment(store, article.id, root)
    head = json.dumps(_head(store, article, now), ensure_ascii=False, indent=1)
    yield head.removesuffix("\n}") + ',\n "log": ['
    separator = "\n  "
    for entry in store.log.read(article.id, until=now.seq):
        yield separator + json.dumps(_row(entry))
        separator = ",\n  "
    yield "\n ]\n}\n"


def _head(store: Store, article: Article, now: Moment) -> Json:
    wrote = {span.author for span in now.spans}
    wrote |= {article.created_by} | {e.author for e in store.log.read(article.id, until=now.seq)}
    return {
        "article": _article(article),
        "seq": now.seq,
        "text": now.text,
        "spans": [span._asdict() for span in now.spans],
        "authors": {key: _author(author) for key, author in store.authors.many(wrote).items()},
    }


def _article(article: Article) -> Json:
    return {
        "slug": article.slug,
        "title": article.title,
        "visibility": article.visibility,
        "created_by": article.created_by,
        "created_at": article.created_at.isoformat(),
    }


def _author(author: Author) -> Json:
    return {
        "name": author.name,
        "colour": author.colour,
        "kind": author.kind,
        "orcid": author.orcid,
    }


def _row(entry: Entry) -> Json:
    row: Json = {
        "seq": entry.seq,
        "author": entry.author,
        "at": entry.at.isoformat(),
        "payload": b64encode(entry.payload).decode(),
    }
    if entry.carried is not None:
        row["carried"] = b64encode(entry.carried).decode()
    return row
