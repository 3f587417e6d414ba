from server.limits import STEPS_ON_LOOP, full_rules, loop_rules, message_limits, presence_limits
from tests.support.live import SETTINGS


def test_what_is_checked_on_the_loop_is_within_what_an_update_may_hold() -> None:
    full, loop = full_rules(SETTINGS), loop_rules(SETTINGS)
    assert loop.limits.structs == SETTINGS.loop_update_structs < full.limits.structs
    assert loop.limits.deletions < full.limits.deletions
    assert loop.steps == STEPS_ON_LOOP < full.steps


def test_each_limit_is_the_setting_of_its_name() -> None:
    limits = full_rules(SETTINGS).limits
    assert limits.size == message_limits(SETTINGS).size == SETTINGS.max_message_bytes
    assert limits.clients == SETTINGS.max_update_clients
    assert limits.nesting == SETTINGS.max_nesting
    assert presence_limits(SETTINGS).size == SETTINGS.presence_bytes
    assert presence_limits(SETTINGS).clients == SETTINGS.presence_clients
