"""/api/v1/articles: listing, making and reading articles."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from anyio import to_thread

from persistence.articles import Article
from persistence.authors import Author
from persistence.errors import SlugTaken, UnknownArticle
from persistence.store import Store
from server.api.endpoint import Access, Answer, Call, Endpoint
from server.api.models import (
    ArticlePage,
    ArticleSpans,
    ArticleView,
    Contribution,
    NewArticle,
    PageQuery,
    SpanView,
)
from server.api.places import place_from_text, place_to_text
from server.api.session import public
from server.pen import write
from server.refusals import TokenNeeded
from server.rooms import Snapshot

PATH = "/api/v1/articles"


async def _list(call: Call) -> Answer:
    query: PageQuery = call.query
    return Answer(200, await to_thread.run_sync(_page, call, query))


async def _make(call: Call) -> Answer:
    wish: NewArticle = call.body
    article = await to_thread.run_sync(_create_or_go_on, call, wish)
    if wish.text:
        await _begin(call, article, wish.text)
    view = await to_thread.run_sync(_view, call.state["store"], wish.slug)
    return Answer(201, view, {"location": f"{PATH}/{wish.slug}"})


async def _begin(call: Call, article: Article, text: str) -> None:
    """Write the first words of an article, durably."""
    async with call.state["rooms"].open(article) as room:
        room.audience.know(call.caller.author)
        await write(room, call.caller.author, text, call.state["settings"], first=True)


async def _show(call: Call) -> Answer:
    article = await readable(call)
    view = await to_thread.run_sync(_views, call.state["store"], (article,))
    return Answer(200, view[0])


async def _spans(call: Call) -> Answer:
    snapshot = await call.state["rooms"].snapshot(await readable(call))
    wrote = {span.author for span in snapshot.spans}
    authors = await to_thread.run_sync(call.state["store"].authors.many, wrote)
    return Answer(200, _article_spans(snapshot, authors))


async def readable(call: Call) -> Article:
    """Find the article of the path; raises `UnknownArticle`, or `TokenNeeded` if private."""
    slug = call.request.path_params["slug"]
    article = await to_thread.run_sync(call.state["store"].articles.get, slug)
    if article.visibility == "private" and call.identity is None:
        raise TokenNeeded("This article is private; please sign in to read it.")
    return article


def _create_or_go_on(call: Call, wish: NewArticle) -> Article:
    """Make the article; or find it, made by the same wish, whose text could not be stored then."""
    try:
        return _create(call, wish)
    except SlugTaken:
        there = call.state["store"].articles.get(wish.slug)
        begun = (there.head, there.created_by, there.title, there.visibility)
        if not wish.text or begun != (0, call.caller.author.id, wish.title, wish.visibility):
            raise
        return there


def _create(call: Call, wish: NewArticle) -> Article:
    return call.state["store"].articles.create(
        wish.slug, wish.title, call.caller.author.id, wish.visibility, at=datetime.now(UTC)
    )


def _page(call: Call, query: PageQuery) -> ArticlePage:
    store = call.state["store"]
    found = store.articles.list(
        query.limit + 1,  # one more tells whether there is a next page
        None if query.after is None else place_from_text(query.after),
        "public" if call.identity is None else None,
    )
    shown = found[: query.limit]
    more = len(found) > len(shown)
    return ArticlePage(
        articles=_views(store, shown), next=place_to_text(shown[-1].place) if more else None
    )


def _view(store: Store, slug: str) -> ArticleView:
    return _views(store, (store.articles.get(slug),))[0]


def _views(store: Store, articles: Iterable[Article]) -> list[ArticleView]:
    articles = tuple(articles)
    authors = store.authors.many({article.created_by for article in articles})
    return [
        ArticleView(
            slug=article.slug,
            title=article.title,
            seq=article.head,
            visibility=article.visibility,
            created_by=public(authors[article.created_by]),
            created_at=article.created_at,
            changed_at=article.changed_at,
        )
        for article in articles
    ]


def _article_spans(snapshot: Snapshot, authors: Mapping[str, Author]) -> ArticleSpans:
    characters: Counter[str] = Counter()
    for span in snapshot.spans:
        characters[span.author] += span.length
    return ArticleSpans(
        seq=snapshot.seq,
        text=snapshot.text,
        spans=[SpanView(start=s.start, length=s.length, author=s.author) for s in snapshot.spans],
        authors={
            author: Contribution(
                name=authors[author].name, colour=authors[author].colour, characters=count
            )
            for author, count in characters.items()
        },
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        PATH,
        "List articles, newest change first; private ones only with a token.",
        _list,
        {200: ArticlePage},
        Access.READER,
        query=PageQuery,
    ),
    Endpoint(
        "POST",
        PATH,
        "Make an article; its text is stored as the caller's writing.",
        _make,
        {201: ArticleView},
        Access.WRITER,
        body=NewArticle,
        refusals=(SlugTaken,),
    ),
    Endpoint(
        "GET",
        PATH + "/{slug}",
        "Tell about an article.",
        _show,
        {200: ArticleView},
        Access.READER,
        refusals=(UnknownArticle, TokenNeeded),
    ),
    Endpoint(
        "GET",
        PATH + "/{slug}/spans",
        "Give an article's text and the author of each of its characters (code points).",
        _spans,
        {200: ArticleSpans},
        Access.READER,
        refusals=(UnknownArticle, TokenNeeded),
    ),
)
