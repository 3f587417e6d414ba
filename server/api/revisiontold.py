"""What is told of revisions: headings from the store, and texts as a job of the historian."""

from collections.abc import Mapping, Sequence

from persistence.authors import Author
from persistence.revisions import Count, Revision
from persistence.store import Store
from server.api.models import PublicAuthor, SpanView
from server.api.pasttold import contributions
from server.api.revisionmodels import RevisionAuthor, RevisionPage, RevisionText, RevisionView
from server.api.session import public


def page(store: Store, article: int, limit: int, before: int | None) -> RevisionPage:
    """Give up to `limit` revisions with numbers below `before`."""
    found = store.revisions.list(article, limit + 1, before)  # one more tells whether there is more
    shown = found[:limit]
    more = len(found) > len(shown)
    return RevisionPage(revisions=views(store, shown), next=str(shown[-1].number) if more else None)


def views(store: Store, revisions: Sequence[Revision]) -> list[RevisionView]:
    """Tell of revisions of one article."""
    if not revisions:
        return []
    counts = store.revisions.counts(revisions[0].article, [each.number for each in revisions])
    named = {count.author for each in counts.values() for count in each}
    authors = store.authors.many(named | {each.made_by for each in revisions if each.made_by})
    return [_view(each, counts[each.number], authors) for each in revisions]


def _view(
    revision: Revision, counts: Sequence[Count], authors: Mapping[str, Author]
) -> RevisionView:
    return RevisionView(
        number=revision.number,
        seq=revision.seq,
        at=revision.at,
        reason=revision.reason,
        label=revision.label,
        note=revision.note,
        made_by=_maker(revision, authors),
        doubt=revision.doubt,
        authors=[_counted(count, authors) for count in counts],
    )


def _maker(revision: Revision, authors: Mapping[str, Author]) -> PublicAuthor | None:
    return None if revision.made_by is None else public(authors[revision.made_by])


def _counted(count: Count, authors: Mapping[str, Author]) -> RevisionAuthor:
    return RevisionAuthor(
        **public(authors[count.author]).model_dump(),
        inserted=count.inserted,
        deleted=count.deleted,
        kept=count.kept,
    )


def revision_told(store: Store, article: int, number: int) -> bytes:
    """Tell a RevisionText, as JSON. UnknownRevision."""
    revision = store.revisions.get(article, number)
    spans = store.revisions.spans(article, number)
    (view,) = views(store, [revision])
    told = RevisionText(
        revision=view,
        seq=revision.seq,
        text=store.revisions.text(article, number),
        spans=[SpanView(start=s.start, length=s.length, author=s.author) for s in spans],
        authors=contributions(store, ((span.author, span.length) for span in spans)),
    )
    return told.model_dump_json().encode()
