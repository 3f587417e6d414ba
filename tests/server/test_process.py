"""What a process that serves asks for, seen in one of its own."""

import subprocess
import sys

from server.process import COLLECT_AFTER, SWITCH_SECONDS

PROGRAM = """
import gc, resource, sys
from server.process import prepare_process
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 100), most))
prepare_process()
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most))
print(gc.get_threshold()[0], gc.get_freeze_count() > 1000)
print(sys.getswitchinterval())
"""


def test_it_may_open_many_files_and_is_seldom_held_up() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", str(COLLECT_AFTER), "True", str(SWITCH_SECONDS)]
