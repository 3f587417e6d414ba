"""/api/v1/authors/{id}: who somebody is, and what they wrote."""

import re
from collections.abc import Iterable, Sequence

from anyio import to_thread

from persistence.contributions import Contributed, Contribution, ContributionPlace
from persistence.errors import UnknownAuthor
from persistence.store import Store
from server.api.endpoint import Access, Answer, Call, Endpoint
from server.api.revisionmodels import AuthorView, ContributionQuery, ContributionView
from server.api.session import public

AUTHOR = "^[0-9A-Za-z_-]{1,64}$"


async def _show(call: Call) -> Answer:
    return Answer(200, await to_thread.run_sync(_author, call, call.query))


def _author(call: Call, query: ContributionQuery) -> AuthorView:
    store, only_public = call.state["store"], call.identity is None
    author = store.authors.get(_id(call))
    found = store.contributions.of_author(
        author.id, query.limit + 1, _place(query.after), only_public=only_public
    )
    shown = found[: query.limit]
    total = store.contributions.total(author.id, only_public=only_public)
    return AuthorView(
        **public(author).model_dump(),
        kind=author.kind,
        orcid=author.orcid,
        written=total.written,
        surviving=total.surviving,
        articles=_views(store, shown),
        next="-".join(map(str, shown[-1].place)) if len(found) > len(shown) else None,
    )


def _id(call: Call) -> str:
    """What no author is called is not looked for."""
    asked: str = call.request.path_params["id"]
    if not re.fullmatch(AUTHOR, asked):
        raise UnknownAuthor("There is no such author.")
    return asked


def _place(after: str | None) -> ContributionPlace | None:
    if after is None:
        return None
    surviving, written, article = map(int, after.split("-"))
    return surviving, written, article


def _views(store: Store, found: Sequence[Contributed]) -> list[ContributionView]:
    everybody = store.contributions.of_articles([each.article.id for each in found])
    return [
        ContributionView(
            slug=each.article.slug,
            title=each.article.title,
            written=each.contribution.written,
            surviving=each.contribution.surviving,
            share=_share(each.contribution, everybody[each.article.id]),
        )
        for each in found
    ]


def _share(one: Contribution, everybody: Iterable[Contribution]) -> float:
    """The part of what stands there; of an empty article, none."""
    return one.surviving / max(1, sum(each.surviving for each in everybody))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/authors/{id}",
        "Tell who somebody is, and what they wrote; private articles count only with a token.",
        _show,
        {200: AuthorView},
        Access.READER,
        query=ContributionQuery,
        refusals=(UnknownAuthor,),
    ),
)
