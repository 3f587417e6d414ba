import pytest

from persistence.log import Append, Row, authors_of, in_order


def test_a_batch_is_sorted_by_article() -> None:
    batch = [Append(3, 0, ()), Append(1, 5, ()), Append(2, 0, ())]
    assert [append.article for append in in_order(batch)] == [1, 2, 3]


def test_an_article_may_not_stand_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        in_order([Append(1, 0, ()), Append(1, 1, ())])


def test_the_authors_of_a_batch_are_those_of_rows_and_claims() -> None:
    batch = [Append(1, 0, (Row("ada", b""),), {4: "bob"}), Append(2, 0, (Row("carol", b""),))]
    assert authors_of(batch) == {"ada", "bob", "carol"}
    assert authors_of([]) == set()


def test_an_append_claims_nothing_unless_told() -> None:
    assert Append(1, 0, ()).claims == {}
