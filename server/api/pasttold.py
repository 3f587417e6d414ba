"""What is told of an article's past, as JSON: jobs of the historian."""

from collections import Counter
from collections.abc import Iterable

from persistence.store import Store
from server.api.models import Contribution, SpanView
from server.api.pastmodels import ArticleMoment
from server.moments import moment_at


def moment_told(store: Store, root: str, article: int, seq: int) -> bytes:
    """Tell an ArticleMoment."""
    moment = moment_at(store, root, article, seq)
    spans = moment.spans
    return _json(
        ArticleMoment(
            seq=seq,
            at=moment.at,
            text=moment.text,
            spans=[SpanView(start=s.start, length=s.length, author=s.author) for s in spans],
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


def _json(told: ArticleMoment) -> bytes:
    return told.model_dump_json().encode()
