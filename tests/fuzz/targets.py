"""Targets: what any bytes must survive. Only a refusal may come out, and at once.

A target is made by a function without arguments and has `survive(data)`; `clocks` tells a writer of
structured updates what the target's document has. A new target is a class and a line in TARGETS.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from crdt.errors import Refusal
from crdt.gate import Rules
from crdt.livearticle import LiveArticle
from crdt.structs import Kind
from crdt.update import UpdateLimits, decode_state_vector, decode_update, encode_update
from tests.fuzz.corpus import CLIENTS, ROOT, history

RULES = Rules(UpdateLimits(), 100_000)
TURNOVER = 400  # inputs until an article is made anew


class Target(Protocol):
    @property
    def clocks(self) -> dict[int, int]: ...

    def survive(self, data: bytes) -> None: ...


class Decoder:
    """What is read can be written, and is then read as the same."""

    clocks: dict[int, int] = {}  # noqa: RUF012 - it has none

    def survive(self, data: bytes) -> None:
        with suppress(Refusal):
            again = encode_update(*decode_update(data, RULES.limits))
            assert encode_update(*decode_update(again, RULES.limits)) == again


class Article:
    """Gate, weave, ledger and document stay of one mind."""

    def __init__(self) -> None:
        self._history = history(seed=1, edits=60)[:-1]
        self._inputs = 0
        self._article = self._fresh()

    @property
    def clocks(self) -> dict[int, int]:
        return self._article.clocks()

    def _fresh(self) -> LiveArticle:
        owners = {client: f"author{client}" for client in CLIENTS}
        article = LiveArticle(ROOT, owners, most_claims=10)
        for update in self._history:
            self._admit(article, update)
        return article

    def _admit(self, article: LiveArticle, data: bytes) -> None:
        for client in CLIENTS:
            with suppress(Refusal):
                edit = article.admit(data, f"author{client}", 0, RULES)
                if edit is not None:
                    article.document.apply([edit.payload])
                    article.committed([edit])
                return

    def survive(self, data: bytes) -> None:
        self._inputs += 1
        if self._inputs % TURNOVER == 0:
            self._check()
            self._article.close()
            self._article = self._fresh()
        before = self._article.clocks(), self._article.head
        self._admit(self._article, data)
        after = self._article.clocks(), self._article.head
        assert before[0] == after[0] or before[1] < after[1], "a refused edit left a trace"
        if before != after:
            assert decode_clocks(self._article) == after[0], "weave and document differ"

    def _check(self) -> None:
        """The text is the same in document and weave, in the spans and after a restart."""
        text, spans = self._article.text(), self._article.spans()
        blocks = [block for block in self._article.weave if not block.deleted]
        assert "".join(str(b.content) for b in blocks if b.kind == Kind.STRING) == text
        assert sum(span.length for span in spans) == len(text)
        again = LiveArticle(ROOT, {}, most_claims=10, state=self._article.state())
        assert (again.text(), again.spans()) == (text, spans)
        again.close()


def decode_clocks(article: LiveArticle) -> dict[int, int]:
    return decode_state_vector(article.document.state_vector(), RULES.limits)


TARGETS: dict[str, Callable[[], Target]] = {"decoder": Decoder, "article": Article}
