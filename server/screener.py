"""The screening process: `python -m server.screener` answers one question and ends."""

import json
import resource
import sys
from functools import partial
from typing import Any

from crdt.errors import Refusal
from crdt.gate import Rules
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle
from crdt.pieces import pieces
from crdt.state import State
from server.pipe import pack, unpack
from server.refusals import TooManyClients


def answer(question: dict[str, Any], document: bytes, ledger: bytes, update: bytes) -> list[bytes]:
    """Give the verdict as JSON, null or a refusal, then the pieces of the update."""
    try:
        return [b"null", *_screen(question, document, ledger, update)]
    except Refusal as refusal:
        return [json.dumps({"code": refusal.code, "sentence": str(refusal)}).encode()]


def _screen(question: dict[str, Any], document: bytes, ledger: bytes, update: bytes) -> list[bytes]:
    """Do with a copy of the article all that the room would do."""
    owners = {int(client): author for client, author in question["owners"].items()}
    state = State(0, document, ledger)
    live = LiveArticle(question["root"], owners, 0, state)
    rules = Rules(UpdateLimits(**question["limits"]), question["steps"])
    edit = live.admit(update, question["author"], 0, rules, partial(_bring, question["clients"]))
    if edit is None:
        return []
    live.document.apply([edit.payload])
    return list(pieces(edit, question["piece_structs"], question["piece_bytes"]))


def _bring(most: int, clients: int) -> None:
    """Refuse more than may come in at all, before the room has let in the first pieces."""
    if most and clients > most:
        raise TooManyClients(f"An edit may bring {most} new client ids.")


def main() -> None:
    """Read the question from standard input, write the answer to standard output."""
    head, document, ledger, update = unpack(sys.stdin.buffer.read())
    question = json.loads(head)
    resource.setrlimit(resource.RLIMIT_AS, (question["memory"], question["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (question["seconds"], question["seconds"]))
    sys.stdout.buffer.write(pack(answer(question, document, ledger, update)))


if __name__ == "__main__":
    main()
