import pytest

from server.api.accept import preferred

OFFERED = ("application/json", "text/markdown", "text/html")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/markdown", "text/markdown"),
        ("Text/Markdown; charset=utf-8", "text/markdown"),
        ("text/*", "text/markdown"),
        ("text/*, text/markdown;q=0.1", "text/html"),
        ("text/html;q=0.5, text/markdown;q=0.9", "text/markdown"),
        ("text/html;q=0.9, */*;q=0.1", "text/html"),
        (BROWSER, "text/html"),
        ("image/png", "application/json"),
        ("application/json;q=0, */*", "text/markdown"),
        ("text/html;q=much", "application/json"),
        (",,;=", "application/json"),
    ],
)
def test_the_client_gets_what_it_would_rather_have(accept: str, chosen: str) -> None:
    assert preferred(accept, OFFERED) == chosen
