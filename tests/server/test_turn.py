from crdt.gate import Rules
from crdt.limits import UpdateLimits
from crdt.livearticle import LiveArticle
from persistence.log import Append
from server.limits import full_rules
from server.turn import Turn
from tests.support.forging import insertion, text
from tests.support.live import SETTINGS


def test_a_turn_tells_everybody_who_wrote_what_is_in_it() -> None:
    live = LiveArticle("content", {}, 10)
    rules: Rules = full_rules(SETTINGS)
    assert isinstance(rules.limits, UpdateLimits)
    edits = [
        live.admit(insertion(client, 0, text("x")), author, 0, rules)
        for client, author in ((1, "ada"), (2, "bob"))
    ]
    turn = Turn(Append(1, 0, ()), tuple(edit for edit in edits if edit), b"", 60_000)
    assert set(turn.added().authors()) == {"ada", "bob"}
