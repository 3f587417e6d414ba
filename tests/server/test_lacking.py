from dataclasses import replace

from crdt.attribution import Attribution
from crdt.livearticle import LiveArticle
from server.lacking import NO_STATE, Lacking
from tests.support.live import House, house, messages


class Article:
    """A live article with a few words, and how often its attribution was encoded."""

    def __init__(self) -> None:
        self.live = LiveArticle("content", {}, 10)
        self.encoded = 0
        self.lacking = Lacking(self._encode)

    def _encode(self, seq: int, _attribution: Attribution) -> bytes:
        self.encoded += 1
        return b"who, up to %d" % seq


def test_all_new_replicas_share_one_answer_for_each_head() -> None:
    article = Article()
    first, second = (article.lacking.of(article.live, NO_STATE, told=True) for _ in range(2))
    assert first is second
    assert article.encoded == 1
    article.live.head += 1
    assert article.lacking.of(article.live, NO_STATE, told=True).seq == 1
    assert article.encoded == 2


def test_attribution_comes_before_the_text_and_only_to_whom_wants_it() -> None:
    article = Article()
    told = article.lacking.of(article.live, NO_STATE, told=True)
    plain = article.lacking.of(article.live, NO_STATE, told=False)
    who, *rest = messages(told.frames)
    assert who == b"who, up to 0"
    assert rest == messages(plain.frames)


def test_a_replica_that_has_something_gets_an_answer_of_its_own() -> None:
    article = Article()
    vector = article.live.document.state_vector() + b""
    one = article.lacking.of(article.live, b"\x01\x01\x00", told=False)
    assert one is not article.lacking.of(article.live, b"\x01\x01\x00", told=False)
    assert vector == NO_STATE


async def test_whoever_joins_after_an_author_changed_colour_is_told_the_new_one() -> None:
    async with house() as here:
        article = here.article()
        ada = await here.guest(article, here.ada, attribution=True)
        await ada.stored("words")
        await _colour_at_join(here, article, here.ada.colour)
        painted = replace(here.ada, colour="#123456")
        await here.guest(article, painted)
        await _colour_at_join(here, article, "#123456")


async def _colour_at_join(here: House, article: object, colour: str) -> None:
    guest = await here.guest(article, None, attribution=True)  # type: ignore[arg-type]
    assert guest.ledger.names[here.ada.id]["colour"] == colour
