"""The promises of persistence.texts.Texts: what is searched for is found alike everywhere."""

# ruff: noqa: RUF001 - letters that look alike are what is searched for

import pytest

from persistence.errors import UnknownArticle
from persistence.store import Store
from persistence.texts import ArticleText, Found
from tests.support.stores import after, begun, known, wrote

LIBRARY = {  # slug -> title, text
    "bach2": ("Bach2", "BTB and CNC homology 2. Bach2 represses *Prdm1* in B cells (IL-2, p53)."),
    "btb-1": ("BTB-1", "A domain of α-helices; binds β-catenin and IL2RA. 5′-ATGC-3′"),
    "p53": ("TP53", "p53 guards the genome. Naïve T-cells; the Schrödinger equation; façade."),
    "greek": ("Σίσυφος", "Ο Σίσυφος κυλούσε έναν βράχο. ΒΡΑΧΟΣ μεγάλος."),
    "tokyo": ("東京大学", "東京大学は日本の国立大学です。遺伝子 Bach2 の研究。カタカナ"),
    "kyoto": ("京都大学", "京都の大学。がん研究とかん。"),
    "korean": ("단백질", "이 단백질은 세포에서 발현된다."),
    "thai": ("โปรตีน", "โปรตีนเป็นสารอาหาร"),
    "hindi": ("प्रोटीन", "हिन्दी में प्रोटीन के बारे में"),
    "arabic": ("بروتين", "البُروتين في الخلية"),
    "russian": ("Белок", "Ёжик изучает белок Bach2."),
    "markup": ("Mark_up", "snake_case, [a link](https://doi.org/10.1038/x), **bold**text 🌿🧬"),
    "wide": ("Ｆｕｌｌ width", "The ﬁrst ﬂuorescent straße in İstanbul, ½ litre, H₂O and CO2"),
    "empty": ("Nothing yet", ""),
}
FOUND = {  # query -> slugs, in order of their names
    "bach2": "bach2 russian tokyo",
    "BACH2": "bach2 russian tokyo",
    "bac": "bach2 russian tokyo",
    "ach2": "",
    "bach2 represses": "bach2",
    "represses bach2": "bach2",
    "repress bach2": "",  # only the last word may be unfinished
    "bach2 repress": "bach2",
    "bach2 guards": "",
    "btb": "bach2 btb-1",
    "BTB-1": "btb-1",
    "btb1": "btb-1",
    "btb 1": "btb-1",
    "IL-2": "bach2 btb-1",  # il2ra begins with il2
    "IL2": "bach2 btb-1",
    "il 2": "bach2",
    "IL-2, p53": "bach2",
    "p53": "bach2 p53",
    "P 53": "",
    "β-catenin": "btb-1",
    "β": "btb-1 greek",  # the last word may be unfinished
    "Β-CATENIN": "btb-1",
    "catenin": "btb-1",
    "βcat": "btb-1",
    "beta": "",
    "α-helices": "btb-1",
    "T-cell": "p53",
    "tcells": "p53",
    "naive": "p53",
    "NAÏVE": "p53",
    "nai\u0308ve": "p53",
    "schrodinger": "p53",
    "Schrödinger": "p53",
    "facade": "p53",
    "σισυφος": "greek",
    "ΣΊΣΥΦΟΣ": "greek",
    "βραχος": "greek",
    "βράχο": "greek",
    "東京": "tokyo",
    "京": "kyoto tokyo",
    "大学": "kyoto tokyo",
    "学": "kyoto tokyo",
    "国立大学": "tokyo",
    "京都大学": "kyoto",
    "東京 研究": "tokyo",
    "研究 bach2": "tokyo",
    "がん": "kyoto",
    "カタカナ": "tokyo",
    "ｶﾀｶﾅ": "tokyo",
    "단백질": "korean",
    "단백": "korean",
    "세포": "korean",
    "โปรตีน": "thai",
    "อาหาร": "thai",
    "हिन्दी": "hindi",
    "हिन्": "hindi",
    "البروتين": "arabic",
    "بروتين": "arabic",
    "ежик": "russian",
    "ЁЖИК": "russian",
    "бел": "russian",
    "snake case": "markup",
    "snake_case": "markup",
    "bold": "markup",
    "boldtext": "",
    "10.1038/x": "markup",
    "full": "wide",
    "first": "wide",
    "fluor": "wide",
    "strasse": "wide",
    "STRASSE": "wide",
    "istanbul": "wide",
    "h2o": "wide",
    "CO₂": "wide",
    "nothing": "empty",
    "the": "p53 wide",
}
HOSTILE = [
    *("", " ", "'", '"', "''", '"""', "\\", "*", "-", "--", ";", ":", "^", "()", "((", "%", "_"),
    *("🌿", "🧬🧬", "\0", "a\0b", "\ufffd", "\u202e", "\n\t", "\U0010ffff", "\u0301", "ǅ", "ﷺ"),
    *("'; DROP TABLE article; --", "' OR 1=1 --", "bach2'::tsquery", "$1", ":asked", "%s", "%(x)s"),
    *(
        "NEAR(a b)",
        "words : bach2",
        "title_words:",
        "-bach2",
        "NOT bach2",
        "bach2 OR",
        "AND",
        "a*b",
    ),
    *("!bach2", "bach2 & !p53", "bach2 <-> p53", "bach2:*", "bach2:ABCD", "{a b} : c", "+ bach2"),
    *("a" * 10_000, "a " * 10_000, "東" * 10_000, "-" * 10_000, "a-" * 10_000, '"' * 10_000),
    *("\u0301" * 10_000, "ﷺ" * 1_000, "(" * 1_000 + "a" + ")" * 1_000, "β" * 3_000, "🌿" * 3_000),
]


def slugs(found: object) -> list[str]:
    return [one.article.slug for one in found]


def kept(store: Store, slug: str, text: str, title: str | None = None) -> int:
    article = begun(store, slug)
    store.texts.put(article.id, 1, text)
    if title is not None:
        store.articles.set_title(slug, title)
    return article.id


@pytest.fixture
def library(store: Store) -> Store:
    for slug, (title, text) in LIBRARY.items():
        kept(store, slug, text, title)
    return store


def test_a_text_is_read_as_it_was_put(store: Store) -> None:
    article = kept(store, "bach2", "Bach2 🌿 é\r\n")
    assert store.texts.get(article) == ArticleText(article, 1, "Bach2 🌿 é\r\n")
    assert store.texts.get(article + 1) is None


def test_a_text_may_have_any_character(store: Store) -> None:
    article = kept(store, "bach2", "a\0b \ufeff\U0010ffff")
    newest = store.texts.get(article)
    assert newest is not None
    assert newest.text == "a\N{REPLACEMENT CHARACTER}b \ufeff\U0010ffff"


def test_a_new_article_has_an_empty_text(store: Store) -> None:
    article = begun(store)
    assert store.texts.get(article.id) == ArticleText(article.id, 0, "")


def test_the_newest_text_stays(store: Store) -> None:
    article = begun(store).id
    for seq in (5, 4, 5):
        store.texts.put(article, seq, f"text {seq}")
    assert store.texts.get(article) == ArticleText(article, 5, "text 5")
    assert slugs(store.texts.search("text 5")) == ["bach2"]
    assert slugs(store.texts.search("text 4")) == []


def test_an_unknown_article_has_no_text(store: Store) -> None:
    with pytest.raises(UnknownArticle):
        store.texts.put(1, 1, "x")


def test_the_beginnings_of_texts_are_told_at_once(store: Store) -> None:
    one, two = kept(store, "one", "🌿éx" * 100), kept(store, "two", "short")
    assert store.texts.openings([one, two, 99], 3) == {one: "🌿éx", two: "sho"}
    assert store.texts.openings([one])[one] == ("🌿éx" * 100)[:280]
    assert store.texts.openings([]) == {}


@pytest.mark.parametrize(("query", "expected"), FOUND.items())
def test_a_query_finds(library: Store, query: str, expected: str) -> None:
    assert sorted(slugs(library.texts.search(query, 50))) == expected.split()


def test_any_query_is_safe(library: Store) -> None:
    for query in HOSTILE:
        assert len(library.texts.search(query, 50)) <= len(LIBRARY)
    assert slugs(library.texts.search("represses")) == ["bach2"]


def test_what_has_no_words_finds_nothing(library: Store) -> None:
    for query in ("", "  ", "🌿", '"', "!?", "\0"):
        assert list(library.texts.search(query)) == []


def test_titles_come_first_then_the_newest_change_then_the_youngest(store: Store) -> None:
    known(store, "ada")
    for slug in ("a", "b", "c", "d", "e"):
        kept(store, slug, "bach2 and p53", "Bach2" if slug == "c" else slug)
    wrote(store, store.articles.get("b"), b"x", at=after(minutes=1))
    found = store.texts.search("bach2")
    assert slugs(found) == ["c", "b", "e", "d", "a"]
    assert [one.in_title for one in found] == [True, False, False, False, False]
    assert slugs(store.texts.search("bach2 p53")) == ["b", "e", "d", "c", "a"]


def test_a_search_goes_on_where_a_page_ended(store: Store) -> None:
    for number in range(9):
        kept(store, f"article-{number}", "bach2", "Bach2" if number % 3 == 0 else "Other")
        if number % 2:
            slug = f"article-{number}"
            wrote(store, store.articles.get(slug), b"x", at=after(minutes=number))
    whole = list(store.texts.search("bach2"))
    pages: list[Found] = []
    while page := store.texts.search("bach2", 2, pages[-1].place if pages else None):
        assert len(page) <= 2
        pages += page
    assert pages == whole
    assert len(whole) == 9


def test_words_may_be_in_title_and_text_together(store: Store) -> None:
    kept(store, "x", "represses Prdm1", "Bach2")
    [found] = store.texts.search("bach2 prdm1")
    assert not found.in_title


def test_a_title_is_found_before_there_is_a_text(store: Store) -> None:
    begun(store, "bach2")
    [found] = store.texts.search("bach2")
    assert found.in_title
    assert found.snippet.text == ""


def test_another_title_is_found_and_the_old_one_is_not(store: Store) -> None:
    kept(store, "x", "some text", "Bach2")
    store.articles.set_title("x", "Prdm1")
    assert slugs(store.texts.search("bach2")) == []
    assert slugs(store.texts.search("prdm1 some")) == ["x"]
    store.texts.put(store.articles.get("x").id, 2, "another text")
    assert slugs(store.texts.search("prdm1 another")) == ["x"]


def test_another_text_is_found_and_the_old_one_is_not(store: Store) -> None:
    article = kept(store, "x", "the old one")
    store.texts.put(article, 2, "the new one")
    assert slugs(store.texts.search("old")) == []
    assert slugs(store.texts.search("new")) == ["x"]


def test_a_private_article_is_found_only_by_who_may(store: Store) -> None:
    kept(store, "closed", "bach2", "Bach2")
    store.articles.set_visibility("closed", "private")
    assert slugs(store.texts.search("bach2")) == []
    assert slugs(store.texts.search("bach2", only_public=False)) == ["closed"]
    store.articles.set_visibility("closed", "public")
    assert slugs(store.texts.search("bach2")) == ["closed"]


def test_a_snippet_shows_the_first_match(store: Store) -> None:
    kept(store, "x", "🌿 filler " * 50 + "here is Bach2\nagain " + "more words " * 50)
    [found] = store.texts.search("is bac")
    assert "here is Bach2 again" in found.snippet.text
    hits = [found.snippet.text[start : start + length] for start, length in found.snippet.hits]
    assert hits == ["is", "Bac"]


def test_a_wiped_text_can_be_put_again(store: Store) -> None:
    article = kept(store, "x", "bach2", "Prdm1")
    store.wipe_derived(article)
    store.articles.set_title("x", "Gata3")
    store.texts.put(article, 1, "bach2")
    assert slugs(store.texts.search("gata3 bach2")) == ["x"]
    assert slugs(store.texts.search("prdm1")) == []


def test_a_very_long_text_is_found_by_its_beginning(store: Store) -> None:
    text = "first " + " ".join(f"word{number}" for number in range(150_000))
    article = kept(store, "x", text, "Title")
    assert slugs(store.texts.search("first word999 titl")) == ["x"]
    assert store.texts.get(article) == ArticleText(article, 1, text)


def test_a_very_long_word_is_found_by_its_beginning(store: Store) -> None:
    sequence = "ATGC" * 10_000
    kept(store, "x", f"the sequence {sequence}")
    assert slugs(store.texts.search(sequence)) == ["x"]
    assert slugs(store.texts.search("ATGCATGC")) == ["x"]
