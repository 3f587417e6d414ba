"""The process that serves: what it asks of the system and of the interpreter."""

import gc
import resource
import sys

# New objects until the collector looks for cycles among them; Python's own 700 are a third of what
# a handshake costs when a thousand come at once. It means some megabytes more.
COLLECT_AFTER = 10_000
# Seconds that a thread keeps the interpreter while another waits for it. A commit needs it several
# times, and so does everybody who waits for that commit: Python's own 5 ms, while an article is
# loaded in a thread, would be added for each.
SWITCH_SECONDS = 0.0005


def prepare_process() -> None:
    """Allow as many open files as an operator may; have garbage collected less often.

    What is there already, modules mostly, stays: the collector need not look at it again. Threads
    beside the event loop let it have the interpreter soon.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
