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
from persistence.log import Append, HeadMoved, Row
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

    @rule(slug=SLUGS, author=AUTHORS, text=TEXTS, runs=RUNS)
    def add_revision(self, slug: str, author: str, text: str, runs: list[Any]) -> None:
        if slug in self.articles[0]:
            self.both(
                lambda store, known: store.revisions.add(
                    known[slug], 1, NOON, "", author, text, runs
                )
            )

    @rule(slug=SLUGS, number=st.integers(0, 3), text=TEXTS, runs=RUNS)
    def replace_text(self, slug: str, number: int, text: str, runs: list[Any]) -> None:
        self.both(
            lambda store, known: store.revisions.replace_text(
                known.get(slug, 0), number, text, runs
            )
        )

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
        *(store.revisions.text(article, revision.number) for revision in revisions),
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
