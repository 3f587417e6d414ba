import json
import signal
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from crdt.limits import OWN_LIMITS
from crdt.state import EMPTY
from server.limits import full_rules
from server.pipe import pack, unpack
from server.screener import answer
from tests.support.forging import Forged, Section, insertion, text
from tests.support.live import SETTINGS
from tests.support.people import desk
from tests.support.serving import CODE_FOLDER

NOTHING = (EMPTY.update, EMPTY.attribution)
PATIENCE = 60.0  # without its own limit it takes longer


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
    verdict, *pieces = answer(_question(), *NOTHING, insertion(1, 0, text("x" * 5_000)))
    assert verdict == b"null"
    assert len(pieces) == 20
    assert all(len(piece) <= 1000 for piece in pieces)


def test_a_refusal_comes_back_with_its_code_and_sentence() -> None:
    (verdict,) = answer(_question(owners={"1": "bob"}), *NOTHING, insertion(1, 0, text("x")))
    assert json.loads(verdict)["code"] == "foreign-client-id"


def test_text_that_was_deleted_and_brought_back_offline_comes_through() -> None:
    """It is carried text (see Carry), so the copy of the article has to know who wrote it."""
    table = desk("bob", "ada")
    bob, ada = table.people
    bob.insert(0, "by bob")
    table.share()
    state = table.live.state()
    ada.delete(3, 6)
    ada.undo.undo()
    update = ada.doc.get_update(bob.doc.get_state())
    verdict, *pieces = answer(_question(), state.update, state.attribution, update)
    assert verdict == b"null"
    assert pieces


def test_the_program_answers_one_question_and_ends() -> None:
    asked = pack([json.dumps(_question()).encode(), *NOTHING, insertion(1, 0, text("x"))])
    done = subprocess.run(
        [sys.executable, "-m", "server.screener"],
        input=asked,
        capture_output=True,
        check=True,
        cwd=CODE_FOLDER,
    )
    assert unpack(done.stdout) == [b"null", insertion(1, 0, text("x"))]


def test_it_ends_by_itself_when_its_processor_time_is_over() -> None:
    """Whoever waited for it may have been killed meanwhile, and nobody else would end it."""
    tangled = [Section(client, 0, [text("x")]) for client in range(10_000, 0, -1)]
    question = _question(seconds=1, steps=1 << 40, limits=asdict(OWN_LIMITS), clients=0)
    asked = pack([json.dumps(question).encode(), *NOTHING, Forged(tangled).encode()])
    done = subprocess.run(
        [sys.executable, "-m", "server.screener"],
        input=asked,
        capture_output=True,
        check=False,
        cwd=CODE_FOLDER,
        timeout=PATIENCE,
    )
    assert done.returncode in {-signal.SIGXCPU, -signal.SIGKILL}
    assert done.stdout == b""
