from typing import Any, cast

from crdt.gate import Rules
from server.queue import Queue
from server.submission import Submission

ADA, BOB = cast("Any", "ada"), cast("Any", "bob")
RULES, OTHERS = cast("Rules", "rules"), cast("Rules", "other rules")


def _submission(writer: Any, update: bytes = b"", rules: Rules = RULES) -> Submission:
    return Submission(writer, update, rules)


def test_what_came_first_is_next() -> None:
    queue = Queue()
    ones = [_submission(ADA, bytes([number])) for number in range(3)]
    for each in ones:
        queue.put(each)
    assert queue
    assert queue.first is ones[0]
    assert queue.take(2) == ones[:2]
    assert list(queue) == ones[2:]
    queue.clear()
    assert not queue


def test_what_had_been_taken_comes_back_before_the_others() -> None:
    queue = Queue()
    ones = [_submission(ADA, bytes([number])) for number in range(3)]
    for each in ones:
        queue.put(each)
    queue.put_back(queue.take(2))
    assert list(queue) == ones


def test_a_writer_goes_on_as_long_as_nobody_else_is_next() -> None:
    queue = Queue()
    queue.put(_submission(ADA, b"1"))
    assert not queue.goes_on
    queue.put(_submission(ADA, b"2"))
    queue.put(_submission(BOB, b"3"))
    queue.put(_submission(ADA, b"4"))
    assert queue.goes_on
    assert list(queue.of_first()) == [b"1", b"2"]
    queue.take(1)
    assert not queue.goes_on


def test_other_rules_end_a_run() -> None:
    queue = Queue()
    queue.put(_submission(ADA, b"1"))
    queue.put(_submission(ADA, b"2", OTHERS))
    assert list(queue.of_first()) == [b"1"]
