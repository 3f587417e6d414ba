import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from crdt.state import EMPTY
from server.limits import full_rules
from server.pipe import pack, unpack
from server.screener import answer
from tests.support.forging import insertion, text
from tests.support.live import SETTINGS
from tests.support.serving import CODE_FOLDER


def _question(**more: Any) -> dict[str, Any]:
    rules = full_rules(SETTINGS)
    return {
        "author": "ada",
        "owners": {},
        "root": SETTINGS.root_name,
        "limits": asdict(rules.limits),
        "clients": 1_000,
        "seconds": 10,
        "steps": rules.steps,
        "memory": SETTINGS.screening_memory_bytes,
        "piece_structs": 100,
        "piece_bytes": 1000,
        **more,
    }


def test_an_honest_update_comes_back_in_pieces() -> None:
    verdict, *pieces = answer(_question(), EMPTY.update, insertion(1, 0, text("x" * 5_000)))
    assert verdict == b"null"
    assert len(pieces) == 20
    assert all(len(piece) <= 1000 for piece in pieces)


def test_a_refusal_comes_back_with_its_code_and_sentence() -> None:
    (verdict,) = answer(_question(owners={"1": "bob"}), EMPTY.update, insertion(1, 0, text("x")))
    assert json.loads(verdict)["code"] == "foreign-client-id"


def test_the_program_answers_one_question_and_ends() -> None:
    asked = pack([json.dumps(_question()).encode(), EMPTY.update, insertion(1, 0, text("x"))])
    done = subprocess.run(
        [sys.executable, "-m", "server.screener"],
        input=asked,
        capture_output=True,
        check=True,
        cwd=CODE_FOLDER,
    )
    assert unpack(done.stdout) == [b"null", insertion(1, 0, text("x"))]
