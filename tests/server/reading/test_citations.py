import pytest

from tests.server.reading.shown import Page, rendered

LIST = "One [1], two [1, 2], more [2-3], none [9].\n\n## References\n\n1. A. *J.* PMID: 12\n2. B\n"


def test_a_citation_points_at_its_references() -> None:
    body = rendered(LIST)[1].body
    assert [link for link in Page(body).links if link.startswith("#")] == [
        *("#reference-1", "#reference-1", "#reference-2", "#reference-2"),
    ]
    assert 'id="reference-1"' in body
    assert 'id="reference-2"' in body


def test_a_number_without_a_reference_stays_text() -> None:
    assert Page(rendered("None [9].\n")[1].body).links == []


def test_a_reference_without_an_address_is_looked_for_in_pubmed() -> None:
    links = [link for link in Page(rendered(LIST)[1].body).links if "pubmed" in link]
    assert links == [
        "https://pubmed.ncbi.nlm.nih.gov/12/",
        "https://pubmed.ncbi.nlm.nih.gov/?term=B",
    ]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("doi:10.1000/a.b(1).", "https://doi.org/10.1000/a.b(1)"),
        ("(10.1000/xyz)", "https://doi.org/10.1000/xyz"),
        ("https://doi.org/10.1000/xyz.", "https://doi.org/10.1000/xyz"),
        ("PMID 123", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ("PMC12345", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC12345/"),
        ("see http://a.b/c_(d),", "http://a.b/c_(d)"),
    ],
)
def test_literature_that_is_named_is_linked(text: str, address: str) -> None:
    assert Page(rendered(text)[1].body).links == [address]


def test_paragraphs_with_numbers_in_brackets_are_references_too() -> None:
    body = rendered("See [2].\n\n# Literature\n\n[1] A\n\n[2] B *c*\n")[1].body
    assert '<p class="reference" id="reference-2"' in body
    assert "#reference-2" in Page(body).links


def test_a_list_elsewhere_has_no_references() -> None:
    body = rendered("1. a\n2. b [1]\n\n# References\n\n# Other\n\n1. c\n")[1].body
    assert "reference-" not in body


def test_a_number_given_twice_is_the_first_ones() -> None:
    body = rendered("# References\n\n[1] A\n\n[1] B\n")[1].body
    assert body.count('id="reference-1"') == 1
