from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pycrdt import Doc, Text

from server.cli import main
from server.opening import opened_database
from server.pipe import pack
from server.settings import Settings
from tests.support.stores import NOON, begun, known


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A database with two updates of Ada's in quarantine, one of which cannot be read."""
    doc: Doc[Text] = Doc(client_id=7)
    content = doc.get("content", type=Text)
    content += "words"
    del content[1:3]
    with opened_database(Settings(data_dir=tmp_path)) as store:
        known(store, "ada")
        article = begun(store).id
        payload = pack([doc.get_update(), b"\xff\xff"])
        store.quarantine.add(article, "ada", NOON, "stalled", certain=True, payload=payload)
    return tmp_path


def _run(data_dir: Path, *arguments: str) -> Result:
    command = ["quarantine", *arguments, "--data-dir", str(data_dir)]
    return CliRunner().invoke(main, command)


def test_each_suspect_is_a_line(data_dir: Path) -> None:
    (line,) = _run(data_dir, "list").stdout.splitlines()
    assert line.startswith("1  2026-03-14 12:00:00  stalled  certain  article 1  Ada (ada)  2 ")
    assert line.endswith("  kept")


def test_an_empty_quarantine_is_no_line(tmp_path: Path) -> None:
    assert (_run(tmp_path, "list").exit_code, _run(tmp_path, "list").stdout) == (0, "")


def test_what_is_in_it_is_shown_and_what_cannot_be_read_too(data_dir: Path) -> None:
    told = _run(data_dir, "show", "1").stdout
    assert "7:0 string of 1 after None, before None: 'w'" in told
    assert "deletes 2 units in 1 ranges" in told
    assert "update 2, 2 bytes:\n  cannot be read: " in told
    assert told.endswith("  ffff\n")


def test_a_long_one_is_cut(tmp_path: Path) -> None:
    doc: Doc[Text] = Doc()
    content = doc.get("content", type=Text)
    for _ in range(30):
        content.insert(0, "x" * 100)
    with opened_database(Settings(data_dir=tmp_path)) as store:
        known(store, "ada")
        payload = pack([doc.get_update()])
        store.quarantine.add(begun(store).id, "ada", NOON, "died", certain=False, payload=payload)
    told = _run(tmp_path, "show", "1").stdout
    assert "\n  and 10 more\n" in told
    assert "x" * 61 not in told


def test_a_release_is_kept_and_listed(data_dir: Path) -> None:
    assert _run(data_dir, "release", "1").stdout == "1 is released.\n"
    with opened_database(Settings(data_dir=data_dir)) as store:
        assert list(store.quarantine.watched()) == []
    assert "  released 2" in _run(data_dir, "list").stdout


@pytest.mark.parametrize("command", ["show", "release"])
def test_an_unknown_number_is_told_without_a_traceback(data_dir: Path, command: str) -> None:
    result = _run(data_dir, command, "5")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no update 5 in quarantine.\n")
