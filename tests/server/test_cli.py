import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli import main
from server.opening import opened_database
from server.secret import secret_key
from server.settings import Settings
from server.tokens import Tokens
from tests.support import serving
from tests.support.rest import Api


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _run(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--data-dir", str(data_dir)])


def test_help_lists_every_command() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    assert all(f"  {name} " in told for name in main.commands)
    assert set(main.commands) == {"serve", "migrate", "token", "rebuild", "export", "quarantine"}


def test_the_version_is_told() -> None:
    assert "0." in CliRunner().invoke(main, ["--version"]).output


def test_migrate_makes_the_tables(data_dir: Path) -> None:
    result = _run(data_dir, "migrate")
    assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    assert (data_dir / "palimpsest.db").exists()


def test_a_token_is_printed_alone(data_dir: Path) -> None:
    result = _run(data_dir, "token", "--author", "Robot")
    settings = Settings(data_dir=data_dir)
    with opened_database(settings) as store:
        claims = Tokens(settings, secret_key(settings, store)).read(result.stdout.strip())
        author = store.authors.get(claims.subject)
    assert (author.name, author.kind, claims.readonly) == ("Robot", "bot", False)
    assert "new author" in result.stderr


def test_the_key_of_a_chosen_database_is_in_it_and_in_no_export(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/chosen.db"
    printed = _run(tmp_path / "one", "token", "--author", "Robot", "--database-url", url)
    settings = Settings(data_dir=tmp_path / "other", database_url=url)
    with opened_database(settings) as store:
        key = secret_key(settings, store)
        claims = Tokens(settings, key).read(printed.stdout.strip())
        store.articles.create("notes", "Notes", claims.subject, at=datetime.now(UTC))
    exported = _run(tmp_path / "one", "export", "notes", "--database-url", url)
    assert exported.exit_code == 0
    assert key not in exported.stdout


def test_a_token_may_be_for_reading(data_dir: Path) -> None:
    result = _run(data_dir, "token", "--author", "Robot", "--readonly")
    settings = Settings(data_dir=data_dir)
    with opened_database(settings) as store:
        assert Tokens(settings, secret_key(settings, store)).read(result.stdout.strip()).readonly


def test_a_known_name_is_the_same_author(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir)
    tokens = [_run(data_dir, "token", "--author", name).stdout for name in ("Robot", "robot")]
    with opened_database(settings) as store:
        tools = Tokens(settings, secret_key(settings, store))
    assert len({tools.read(token.strip()).subject for token in tokens}) == 1


def test_a_bad_name_is_told_without_a_traceback(data_dir: Path) -> None:
    result = _run(data_dir, "token", "--author", " ")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "cannot be a name" in result.stderr


@pytest.mark.parametrize("command", ["export", "rebuild"])
def test_an_unknown_article_is_told_without_a_traceback(data_dir: Path, command: str) -> None:
    result = _run(data_dir, command, "none")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no article none.\n")


def test_a_database_of_another_kind_is_told_without_a_traceback(data_dir: Path) -> None:
    result = _run(data_dir, "migrate", "--database-url", "mysql://x/y")
    assert result.exit_code == 1
    assert "sqlite or postgresql" in result.stderr


def test_what_was_served_can_be_rebuilt_and_exported(data_dir: Path) -> None:
    with serving.running(data_dir) as server:
        api = Api(server.url)
        slugs = [api.make_article(api.somebody(), f"text {number}") for number in range(2)]
        api.close()
    before = json.loads(_run(data_dir, "export", slugs[0]).stdout)
    rebuilt = _run(data_dir, "rebuild")
    assert set(rebuilt.stdout.splitlines()) == {f"{slug} is rebuilt." for slug in slugs}
    assert json.loads(_run(data_dir, "export", slugs[0]).stdout) == before
    assert before["text"] == "text 0"


def test_one_article_can_be_rebuilt(data_dir: Path) -> None:
    with serving.running(data_dir) as server:
        api = Api(server.url)
        slugs = [api.make_article(api.somebody(), "text") for _ in range(2)]
        api.close()
    assert _run(data_dir, "rebuild", slugs[0]).stdout == f"{slugs[0]} is rebuilt.\n"


def test_the_sample_is_there_on_first_start(data_dir: Path) -> None:
    with serving.running(data_dir, sample_article=True) as server:
        api = Api(server.url)
        assert api.spans("bach2")["text"].startswith("# Bach2")
        api.close()
