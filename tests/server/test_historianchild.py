import io
import pickle

import pytest

from persistence.errors import UnknownArticle
from persistence.store import MemoryStore
from server.historianchild import LENGTH, answer, questions
from tests.support import jobs


def _told(job: object, *args: object, **named: object) -> tuple[bool, object]:
    went_well, value = pickle.loads(answer(MemoryStore(), pickle.dumps((job, args, named))))
    return went_well, value


def test_an_answer_says_that_it_went_well() -> None:
    assert _told(jobs.add, 2, other=3) == (True, 5)


def test_an_answer_brings_an_exception() -> None:
    went_well, error = _told(jobs.refuse)
    assert not went_well
    assert isinstance(error, UnknownArticle)


def test_an_exception_that_cannot_be_packed_is_told_in_words() -> None:
    _, error = _told(jobs.fail_oddly)
    assert isinstance(error, RuntimeError)
    assert "Odd: 1 and 2" in str(error)


@pytest.mark.parametrize("rest", [b"", b"\0\0"])
def test_questions_are_read_until_the_stream_ends(rest: bytes) -> None:
    stream = io.BytesIO(b"".join(LENGTH.pack(len(q)) + q for q in (b"one", b"", b"two")) + rest)
    assert list(questions(stream)) == [b"one", b"", b"two"]
