"""What is told of an article's past, as JSON: jobs of the historian."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import BaseModel

from crdt.comparison import Change
from crdt.deleted import Passage, passages
from crdt.spans import Span
from crdt.weave import Weave
from persistence.store import Store
from server.api.models import Contribution, PublicAuthor, SpanView
from server.api.pastmodels import (
    ArticleMoment,
    ChangeView,
    ComparisonView,
    DeletionPage,
    DeletionView,
)
from server.api.session import public
from server.moments import article_at, changes_between, require_moment, time_of


def moment_told(store: Store, root: str, article: int, seq: int) -> bytes:
    """Tell an ArticleMoment."""
    require_moment(store, article, seq)
    with article_at(store, root, article, seq) as live:  # quicker than by stretches
        text, spans = live.text(), live.spans()
    return _json(
        ArticleMoment(
            seq=seq,
            at=time_of(store, article, seq),
            text=text,
            spans=list(map(_span, spans)),
            authors=contributions(store, ((span.author, span.length) for span in spans)),
        )
    )


def contributions(store: Store, pieces: Iterable[tuple[str, int]]) -> dict[str, Contribution]:
    """Sum up (author, code points), and name the authors."""
    characters: Counter[str] = Counter()
    for author, length in pieces:
        characters[author] += length
    named = store.authors.many(characters)
    return {
        author: Contribution(name=named[author].name, colour=named[author].colour, characters=count)
        for author, count in characters.items()
    }


def deletions_told(
    store: Store, root: str, article: int, limit: int, after: str | None, least: int
) -> bytes:
    """Tell a DeletionPage: up to `limit` passages of `least` characters, behind that of `after`."""
    with article_at(store, root, article, None) as live:
        found = [p for p in passages(live.weave, live.ledger) if len(p.text) >= least]
        place = None if after is None else _age(live.weave, after)
        seq = live.head
    rest = sorted((p for p in found if place is None or _order(p) > place), key=_order)
    shown = rest[:limit]
    return _json(
        DeletionPage(
            seq=seq,
            deletions=list(map(_deletion, shown)),
            authors=_named(store, shown),
            next=_name(shown[-1]) if len(rest) > limit else None,
        )
    )


def comparison_told(
    store: Store, root: str, article: int, earlier: str, later: str | None
) -> bytes:
    """Tell a ComparisonView of two points: seqs, or revisions as "r3"; None is the head."""
    first, last = _seq(store, article, earlier), _seq(store, article, later)
    changes = changes_between(store, root, article, first, last)
    told = {each for c in changes for each in (c.author, c.carried_by, c.deleted_by) if each}
    views = list(map(_view, changes))
    return _json(
        ComparisonView(earlier=first, later=last, changes=views, authors=_public(store, told))
    )


def _seq(store: Store, article: int, point: str | None) -> int:
    if point is None:
        return store.log.heads([article])[article]
    if point.startswith("r"):
        return store.revisions.get(article, int(point[1:])).seq
    require_moment(store, article, int(point))
    return int(point)


def _view(change: Change) -> ChangeView:
    return ChangeView(
        kind=change.kind,
        start=change.start,
        opposite=change.opposite,
        length=len(change.text),
        text=change.text,
        author=change.author,
        at=_time(change.at_ms),
        carried_by=change.carried_by,
        deleted_by=change.deleted_by,
        deleted_at=None if change.deleted_at_ms is None else _time(change.deleted_at_ms),
        move=change.move,
    )


def _time(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _order(passage: Passage) -> tuple[int, int]:
    """Newest first, then as they stand in the document."""
    return -passage.deleted_at_ms, passage.place


def _name(passage: Passage) -> str:
    """A passage in a page's `next`: when it was deleted, and its first ID."""
    client, clock, _ = passage.ids[0]
    return f"{passage.deleted_at_ms}-{client}-{clock}"


def _age(weave: Weave, name: str) -> tuple[int, int]:
    """The place in the order of what `_name` named."""
    at_ms, client, clock = map(int, name.split("-"))
    return -at_ms, weave.place((client, clock)) if weave.knows(client, clock) else 0


def _deletion(passage: Passage) -> DeletionView:
    return DeletionView(
        ids=list(passage.ids),
        text=passage.text,
        spans=list(map(_span, passage.spans)),
        length=len(passage.text),
        deleted_by=passage.deleted_by,
        deleted_at=_time(passage.deleted_at_ms),
    )


def _span(span: Span) -> SpanView:
    return SpanView(start=span.start, length=span.length, author=span.author)


def _named(store: Store, shown: Iterable[Passage]) -> dict[str, PublicAuthor]:
    told = {p.deleted_by for p in shown} | {span.author for p in shown for span in p.spans}
    return _public(store, told)


def _public(store: Store, authors: set[str]) -> dict[str, PublicAuthor]:
    return {author: public(each) for author, each in store.authors.many(authors).items()}


def _json(told: BaseModel) -> bytes:
    return told.model_dump_json(by_alias=True).encode()
