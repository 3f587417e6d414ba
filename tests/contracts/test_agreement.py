"""SQL and memory give the same answers to any sequence of calls."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from crdt.errors import Refusal
from persistence.articles import Article
from persistence.authors import Author
from persistence.frames import Frame
from persistence.log import Append, HeadMoved, Row
from persistence.revisions import Digest, Mark
from persistence.store import MemoryStore, Store
from tests.support.stores import NOON, Backend, after

AUTHORS = st.sampled_from(["ada", "bob", "carol", "nobody"])
SLUGS = st.sampled_from(["one", "two", "three"])
CLIENTS = st.sampled_from([0, 1, 2, 2**53 - 1])
MOMENTS = st.integers(0, 5).map(lambda minutes: after(minutes=minutes))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
ROWS = st.builds(Row, AUTHORS, st.binary(max_size=9), st.none() | st.binary(max_size=3))
SEQS = st.integers(0, 9)
RUNS = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), AUTHORS), unique_by=lambda r: r[0])
COUNTS = st.lists(
    st.tuples(AUTHORS, *[st.integers(0, 9)] * 3), unique_by=lambda count: count[0], max_size=3
)
MARKS = st.builds(
    Mark,
    SEQS,
    MOMENTS,
    st.sampled_from(["named", "quiet", "left"]),
    TEXTS,
    TEXTS,
    st.none() | AUTHORS,
)
LOSSES = st.lists(
    st.tuples(AUTHORS, AUTHORS, st.integers(1, 9)), unique_by=lambda loss: loss[:2], max_size=3
)
DOUBTS = st.none() | st.just("live")
DIGESTS = st.builds(Digest, TEXTS, RUNS, COUNTS, st.binary(max_size=3), DOUBTS, LOSSES)
CONTRIBUTIONS = st.lists(
    st.tuples(AUTHORS, st.integers(0, 9), st.integers(0, 9)), unique_by=lambda row: row[0]
)
QUERIES = TEXTS | SLUGS
PARTS = st.tuples(
    SLUGS,
    st.integers(-1, 1) | st.just(0),  # how far the expected head is from the real one
    st.lists(ROWS, max_size=3),
    st.dictionaries(CLIENTS, AUTHORS, max_size=2),
)


class Agreement(RuleBasedStateMachine):
    """Does everything to both stores; ids of articles may differ, and nothing else."""

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.stores: list[Store] = [MemoryStore(), self._stack.enter_context(backend.fresh())]
        self.articles: list[dict[str, int]] = [{}, {}]
        self.made = 0

    def teardown(self) -> None:
        self._stack.close()

    def both(self, call: Callable[[Store, dict[str, int]], Any]) -> Any:
        """Call on both stores, and check that the answers are one; refusals are answers."""
        answers = [
            self.answer(call, store, known)
            for store, known in zip(self.stores, self.articles, strict=True)
        ]
        assert answers[0] == answers[1]
        return answers[0]

    def answer(
        self, call: Callable[[Store, dict[str, int]], Any], store: Store, known: dict[str, int]
    ) -> Any:
        try:
            return plain(call(store, known), known)
        except HeadMoved as moved:
            return {slug for slug, article in known.items() if article in moved.articles}
        except Refusal as refusal:
            return type(refusal)

    @initialize()
    def begin(self) -> None:
        for name in ("ada", "bob"):
            self.create_author(name, name, None)
        self.create_article("one", "ada", after(minutes=0))

    @rule(author=AUTHORS, handle=AUTHORS, subject=st.none() | AUTHORS)
    def create_author(self, author: str, handle: str, subject: str | None) -> None:
        if author != "nobody":
            new = Author(author, handle, handle.title(), "#000000", NOON, subject=subject)
            self.both(lambda store, _: store.authors.create(new))

    @rule(author=AUTHORS, colour=st.sampled_from(["#111111", "#222222"]))
    def set_colour(self, author: str, colour: str) -> None:
        self.both(lambda store, _: store.authors.set_colour(author, colour))

    @rule(slug=SLUGS, author=AUTHORS, at=MOMENTS)
    def create_article(self, slug: str, author: str, at: Any) -> None:
        def create(store: Store, known: dict[str, int]) -> Article:
            article = store.articles.create(slug, slug, author, at=at)
            known[slug] = article.id
            return article

        self.both(create)

    @rule(slug=SLUGS, title=TEXTS)
    def set_title(self, slug: str, title: str) -> None:
        self.both(lambda store, _: store.articles.set_title(slug, title))

    @rule(parts=st.lists(PARTS, max_size=3, unique_by=lambda part: part[0]), at=MOMENTS)
    def append(self, parts: list[Any], at: Any) -> None:
        def append(store: Store, known: dict[str, int]) -> None:
            heads = store.log.heads(list(known.values()))
            batch = [
                Append(known[slug], max(heads[known[slug]] + off, 0), tuple(rows), claims)
                for slug, off, rows, claims in parts
                if slug in known
            ]
            store.log.append(batch, at)

        self.both(append)

    @rule(slug=SLUGS, seq=SEQS, state=st.binary(max_size=9))
    def put_checkpoint(self, slug: str, seq: int, state: bytes) -> None:
        if slug in self.articles[0]:
            self.both(lambda store, known: store.checkpoints.put(known[slug], seq, state, b"who"))

    @rule(slug=SLUGS, mark=MARKS, digest=DIGESTS)
    def add_revision(self, slug: str, mark: Mark, digest: Digest) -> None:
        self.both(lambda store, known: store.revisions.add(known.get(slug, 0), mark, digest))

    @rule(slug=SLUGS, number=st.integers(0, 3), digest=DIGESTS)
    def put_digest(self, slug: str, number: int, digest: Digest) -> None:
        self.both(lambda store, known: store.revisions.put(known.get(slug, 0), number, digest))

    @rule(slug=SLUGS, seq=SEQS, text=TEXTS)
    def put_text(self, slug: str, seq: int, text: str) -> None:
        self.both(lambda store, known: store.texts.put(known.get(slug, 0), seq, text))

    @rule(slug=SLUGS, places=st.lists(st.tuples(SEQS, SEQS), max_size=3), payload=st.binary())
    def put_frames(self, slug: str, places: list[tuple[int, int]], payload: bytes) -> None:
        self.both(
            lambda store, known: store.frames.put(
                Frame(
                    known.get(slug, 0),
                    level,
                    number,
                    number,
                    number + 1,
                    NOON,
                    NOON,
                    ("ada",),
                    payload,
                    b"",
                )
                for level, number in places
            )
        )

    @rule(slug=SLUGS, seq=SEQS, rows=CONTRIBUTIONS)
    def replace_contributions(self, slug: str, seq: int, rows: list[tuple[str, int, int]]) -> None:
        self.both(lambda store, known: store.contributions.replace(known.get(slug, 0), seq, rows))

    @rule(query=QUERIES, only_public=st.booleans())
    def search(self, query: str, only_public: bool) -> None:  # noqa: FBT001 - as drawn
        self.both(
            lambda store, _: [
                found.article for found in store.texts.search(query, only_public=only_public)
            ]
        )

    @rule(slug=SLUGS, visibility=st.sampled_from(["public", "private"]))
    def set_visibility(self, slug: str, visibility: Any) -> None:
        self.both(lambda store, _: store.articles.set_visibility(slug, visibility))

    @rule(slug=SLUGS)
    def wipe_derived(self, slug: str) -> None:
        self.both(lambda store, known: store.wipe_derived(known.get(slug, 0)))

    @rule(slug=SLUGS, owners=st.dictionaries(CLIENTS, AUTHORS, max_size=3))
    def replace_owners(self, slug: str, owners: dict[int, str]) -> None:
        self.both(lambda store, known: store.replace_owners(known.get(slug, 0), owners))

    @invariant()
    def everything_is_equal(self) -> None:
        self.both(lambda store, _: store.authors.many(["ada", "bob", "carol"]))
        self.both(lambda store, _: list(store.articles.list()))
        for slug in self.articles[0]:
            self.both(lambda store, known, slug=slug: everything(store, known[slug]))


def everything(store: Store, article: int) -> list[Any]:
    """Read all that a store holds of an article."""
    revisions = store.revisions.list(article)
    return [
        *store.log.read(article),
        store.log.owners(article),
        store.checkpoints.latest(article),
        store.checkpoints.latest(article, 4),
        *revisions,
        *store.revisions.marks(article),
        list(store.revisions.vectors(article)),
        store.revisions.latest(article),
        store.revisions.at_or_before(article, 4),
        store.revisions.at_or_before(article, 4, 2),
        sorted(store.revisions.counts(article, [0, 1, 2]).items()),
        *store.frames.read(article, 1),
        *store.frames.read(article, 1, 2, 4),
        store.frames.last(article, 1),
        store.texts.get(article),
        [row[1:] for row in store.contributions.of_article(article)],
        *(store.contributions.total(author) for author in ("ada", "bob")),
        *(store.revisions.text(article, revision.number) for revision in revisions),
        *(store.revisions.losses(article, revision.number) for revision in revisions),
        *(store.revisions.spans(article, revision.number) for revision in revisions),
    ]


def plain(answer: Any, known: dict[str, int]) -> Any:
    """Put slugs where an answer has the ids of articles."""
    slugs = {article: slug for slug, article in known.items()}
    if isinstance(answer, list):
        return [plain(one, known) for one in answer]
    if isinstance(answer, Article):
        return replace(answer, id=slugs[answer.id])
    return replace(answer, article=slugs[answer.article]) if hasattr(answer, "article") else answer


def test_any_calls_have_the_same_answers_as_in_memory(backend: Backend) -> None:
    if backend.name == "memory":
        pytest.skip("memory is the measure")
    run_state_machine_as_test(
        lambda: Agreement(backend),
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
