"""The supervisor with workers of a few lines, in processes as they are in earnest."""

import fcntl
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from server.plan import Plan

PATIENCE = 60.0

# A worker that notes its birth, then does what its supervisor is to see.
BIRTH = """
import json, os, signal, socket, sys, time
lent = json.loads(sys.argv[1])
line = socket.socket(fileno=lent["line"])
with open("births", "a") as births:
    births.write(f"{os.getpid()}\\n")
born = len(open("births").readlines())
"""
ANSWER = """
listening = socket.socket(fileno=lent["sockets"][0])
while True:
    taken, _ = listening.accept()
    taken.sendall(f"{born}".encode())
    taken.close()
    if born == 1:
        os._exit(9)
"""
LISTENS = """
open(f"up.{os.getpid()}", "w").close()
line.send(b"L")
"""
SERVE = (
    LISTENS
    + """
while True:
    time.sleep(0.05)
    line.send(b".")
"""
)
# One that answers with its process id, and leaves when it is asked to.
BUSY = (
    """
leaving = []
signal.signal(15, lambda *_: leaving.append(True))
listening = socket.socket(fileno=lent["sockets"][0])
listening.settimeout(0.05)
"""
    + LISTENS
    + """
while not leaving:
    line.send(b".")
    try:
        taken, _ = listening.accept()
    except TimeoutError:
        continue
    taken.sendall(f"{os.getpid()}".encode())
    taken.close()
with open("ends", "a") as ends:
    ends.write(f"{os.getpid()}\\n")
"""
)
OWN = BUSY.replace('["sockets"][0]', '["sockets"][1]')


class Run:
    """A supervisor in a folder of its own."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.process = process

    @property
    def births(self) -> list[int]:
        path = self.folder / "births"
        return list(map(int, path.read_text().split())) if path.exists() else []

    def ended(self) -> tuple[int, str]:
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "it does not come"
            time.sleep(0.01)


def _plan(worker: str, port: int = 0) -> Plan:
    command = (sys.executable, "-c", BIRTH + worker)
    return Plan(command, "127.0.0.1", port, 0.5, 1.0, starts=3, first_pause=0.01)


@contextmanager
def _running(folder: Path, plan: Plan) -> Iterator[Run]:
    process = subprocess.Popen(plan.command(), cwd=folder, stderr=subprocess.PIPE, text=True)
    try:
        yield Run(folder, process)
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(") ")[2][0] == "Z"


def _listening(run: Run) -> list[int]:
    """Give the workers that could be reached, in the order of their births."""
    return [each for each in run.births if (run.folder / f"up.{each}").exists()]


@pytest.mark.parametrize("status", [3, 0])
def test_a_server_that_never_starts_is_told_once(tmp_path: Path, status: int) -> None:
    with _running(tmp_path, _plan(f"sys.exit({status})")) as run:
        result, said = run.ended()
        assert result == (status or 1)
        assert said.endswith(f"The server does not start. status={status}\n")
        assert said.count("\n") == 1
        assert len(run.births) == 1


def test_what_no_longer_starts_is_tried_a_few_times(tmp_path: Path) -> None:
    worker = "born == 1 and line.send(b'L')\nsys.exit(4)"
    with _running(tmp_path, _plan(worker)) as run:
        status, said = run.ended()
        assert status == 4
        assert len(run.births) == 4  # the one that served, and three in vain
        assert said.count("is replaced") == 3
        assert said.count("does not start") == 1


def test_pauses_grow_while_workers_die_young(tmp_path: Path) -> None:
    worker = "line.send(b'L')\nborn > 4 and time.sleep(1e6)\nsys.exit(4)"
    plan = replace(_plan(worker), json_log=True)
    with _running(tmp_path, plan) as run:
        run.until(lambda: len(run.births) > 4)
        run.process.send_signal(signal.SIGTERM)
        lines = map(json.loads, run.ended()[1].splitlines())
        pauses = [line["pause"] for line in lines if line["event"].endswith("replaced.")]
        assert pauses == [0.01, 0.02, 0.04, 0.08]


def test_a_worker_that_says_nothing_more_is_replaced(tmp_path: Path) -> None:
    with _running(tmp_path, _plan("line.send(b'L')\ntime.sleep(1e6)")) as run:
        run.until(lambda: len(run.births) > 1)
        assert _gone(run.births[0])


def test_a_start_may_take_longer_than_a_stall(tmp_path: Path) -> None:
    with _running(tmp_path, _plan("time.sleep(1.5)\nopen('up', 'w').close()" + SERVE)) as run:
        run.until((tmp_path / "up").exists)
        assert len(run.births) == 1


def test_whoever_comes_while_a_worker_is_replaced_waits_for_the_next(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _running(tmp_path, _plan("line.send(b'L')" + ANSWER, port)) as run:
        run.until(lambda: run.births)
        for born in (b"1", b"2"):  # the second one comes when the first worker has just died
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as guest:
                assert guest.recv(9) == born
        run.until(lambda: len(run.births) == 2)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_passed_on_and_the_workers_result_is_the_supervisors(
    tmp_path: Path, number: signal.Signals
) -> None:
    worker = (
        f"signal.signal({int(number)}, lambda *_: os._exit(7))\nopen('up', 'w').close()" + SERVE
    )
    with _running(tmp_path, _plan(worker)) as run:
        run.until((tmp_path / "up").exists)
        run.process.send_signal(number)
        assert run.ended()[0] == 7
        assert len(run.births) == 1


def test_a_worker_that_ends_by_a_signal_ends_the_supervisor_by_it(tmp_path: Path) -> None:
    with _running(tmp_path, _plan(SERVE)) as run:
        run.until(lambda: run.births)
        run.process.send_signal(signal.SIGTERM)
        assert run.ended()[0] == -signal.SIGTERM


def test_a_worker_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    worker = "signal.signal(15, signal.SIG_IGN)\nopen('deaf', 'w').close()" + SERVE
    with _running(tmp_path, _plan(worker)) as run:
        run.until((tmp_path / "deaf").exists)
        run.process.send_signal(signal.SIGTERM)
        status, said = run.ended()
        assert status == 128 + signal.SIGKILL
        assert "does not stop" in said
        assert _gone(run.births[0])


def test_a_worker_ends_with_its_supervisor(tmp_path: Path) -> None:
    with _running(tmp_path, _plan("time.sleep(1e6)")) as run:
        run.until(lambda: run.births)
        os.kill(run.process.pid, signal.SIGKILL)
        run.until(lambda: _gone(run.births[0]))


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _running(tmp_path, _plan(SERVE, port)) as run:
            status, said = run.ended()
    expected = f"Error: Cannot listen on 127.0.0.1 port {port}: address already in use\n"
    assert (status, said, run.births) == (1, expected, [])


def _said(run: Run) -> list[str]:
    """Ask the supervisor to stop, and give what it wrote."""
    run.process.send_signal(signal.SIGTERM)
    return run.ended()[1].splitlines()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _served_by(port: int, guests: int) -> list[bytes]:
    """Let so many guests come at once, and give who answered each."""
    arrived = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(guests)]
    answers = [guest.recv(9) for guest in arrived]
    for guest in arrived:
        guest.close()
    return answers


def test_workers_have_seats_of_their_own_and_one_address(tmp_path: Path) -> None:
    port = _free_port()
    with _running(tmp_path, replace(_plan(BUSY, port), workers=3)) as run:
        run.until(lambda: len(_listening(run)) == 3)
        answers = _served_by(port, 90)
        assert {int(each) for each in answers} == set(run.births)
        assert min(map(answers.count, set(answers))) > 10


def test_the_others_start_when_the_first_can_be_reached(tmp_path: Path) -> None:
    worker = """
os.path.exists("up") or open("early", "a").write(".")
time.sleep(0.5)
open("up", "w").close()
"""
    with _running(tmp_path, replace(_plan(worker + SERVE), workers=3)) as run:
        run.until(lambda: len(run.births) == 3)
        assert (tmp_path / "early").read_text() == "."


def test_many_that_never_start_are_told_once(tmp_path: Path) -> None:
    with _running(tmp_path, replace(_plan("sys.exit(3)"), workers=3)) as run:
        result, said = run.ended()
        assert (result, said.count("\n"), len(run.births)) == (3, 1, 1)


def test_a_worker_that_ends_is_replaced_and_the_others_are_not_touched(tmp_path: Path) -> None:
    with _running(tmp_path, replace(_plan(BUSY), workers=3)) as run:
        run.until(lambda: len(_listening(run)) == 3)
        first, second, third = run.births
        os.kill(second, signal.SIGKILL)
        os.kill(third, signal.SIGSTOP)
        run.until(lambda: len(_listening(run)) == 5)
        assert not _gone(first)
        assert _gone(second)
        assert _gone(third)
        assert sum("is replaced" in line for line in _said(run)) == 2


def test_nobody_waits_for_a_worker_that_is_not_there_while_others_are(tmp_path: Path) -> None:
    port = _free_port()
    worker = "born > 2 and time.sleep(1e6)\n" + BUSY
    with _running(tmp_path, replace(_plan(worker, port), workers=2)) as run:
        run.until(lambda: len(_listening(run)) == 2)
        first, second = run.births
        _served_by(port, 1)
        os.kill(first, signal.SIGKILL)
        run.until(lambda: len(run.births) == 3)  # one that does not come up
        assert {int(each) for each in _served_by(port, 40)} == {second}


def test_who_waits_at_a_worker_that_ends_is_served_by_the_next_one(tmp_path: Path) -> None:
    port = _free_port()
    with _running(tmp_path, replace(_plan(BUSY, port), workers=2)) as run:
        run.until(lambda: len(_listening(run)) == 2)
        first, second = run.births
        os.kill(first, signal.SIGSTOP)
        guests = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(40)]
        answers = {int(guest.recv(9)) for guest in guests}
        assert first not in answers
        assert answers == {second, *run.births[2:]}
        for guest in guests:
            guest.close()


def test_as_long_as_one_serves_the_others_are_tried_again(tmp_path: Path) -> None:
    worker = "born > 2 and sys.exit(4)\n" + SERVE
    with _running(tmp_path, replace(_plan(worker), workers=2, starts=2)) as run:
        run.until(lambda: len(run.births) == 2)
        os.kill(run.births[1], signal.SIGKILL)
        run.until(lambda: len(run.births) == 7)  # more often than one that is alone
        assert not _gone(run.births[0])
        os.kill(run.births[0], signal.SIGKILL)
        status, said = run.ended()
        assert status == 4
        assert said.count("does not start") == 1


def test_each_worker_has_a_port_of_its_own_if_it_shall(tmp_path: Path) -> None:
    with ExitStack() as taken:
        first = _neighbours(taken)
    with _running(tmp_path, replace(_plan(OWN), workers=2, worker_port=first)) as run:
        run.until(lambda: len(_listening(run)) == 2)
        assert [_served_by(first + each, 2) for each in (0, 1)] == [
            [str(born).encode()] * 2 for born in run.births
        ]


def _neighbours(stack: ExitStack) -> int:
    """Find two free ports beside each other."""
    while True:
        one = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = int(one.getsockname()[1])
        with suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", port + 1)))
            return port


def test_an_address_that_others_share_is_taken(tmp_path: Path) -> None:
    port = _free_port()
    plan = replace(_plan(BUSY, port), workers=2)
    with _running(tmp_path, plan) as run:
        run.until(lambda: len(_listening(run)) == 2)
        (tmp_path / "other").mkdir()
        with _running(tmp_path / "other", plan) as other:
            assert other.ended()[0] == 1


def test_asked_to_roll_all_are_replaced_one_after_the_other(tmp_path: Path) -> None:
    port = _free_port()
    with _running(tmp_path, replace(_plan(BUSY, port), workers=2)) as run:
        run.until(lambda: len(_listening(run)) == 2)
        run.process.send_signal(signal.SIGHUP)
        answers = set()
        while len(_listening(run)) < 4 or not all(map(_gone, run.births[:2])):
            answers |= {int(each) for each in _served_by(port, 1)}  # whenever they come
        first, second, *heirs = run.births
        assert answers <= {first, second, *heirs}
        assert {int(each) for each in _served_by(port, 40)} == set(heirs)
        assert (tmp_path / "ends").read_text().split() == [str(first), str(second)]
        said = [line.partition("]")[2] for line in _said(run)]
        assert said == [
            " The workers are replaced, one after the other.",
            " All workers are replaced.",
        ]


@pytest.mark.parametrize("way", ["sys.exit(5)", "time.sleep(1e6)"])
def test_a_roll_ends_where_a_new_worker_does_not_come_up(tmp_path: Path, way: str) -> None:
    plan = replace(_plan(f"born > 2 and {way}\n" + BUSY), workers=2, start_seconds=0.5)
    with _running(tmp_path, plan) as run:
        run.until(lambda: len(_listening(run)) == 2)
        run.process.send_signal(signal.SIGHUP)
        run.until(lambda: len(run.births) == 3 and _gone(run.births[2]))
        said = _said(run)
        assert "A new worker does not start; the others stay. worker=1" in said[-1]
        ends = (tmp_path / "ends").read_text().split()
        assert set(map(int, ends)) == set(run.births[:2])


def test_an_old_worker_that_does_not_leave_is_killed(tmp_path: Path) -> None:
    worker = "born == 1 and signal.signal(15, signal.SIG_IGN)\n" + SERVE
    with _running(tmp_path, replace(_plan(worker), stop_seconds=0.3)) as run:
        run.until(lambda: len(_listening(run)) == 1)
        run.process.send_signal(signal.SIGHUP)
        run.until(lambda: _gone(run.births[0]))
        run.until(lambda: len(_listening(run)) == 2)
        said = _said(run)
        assert "did not stop and was killed. worker=1" in said[1]
        assert "All workers are replaced." in said[2]


def test_a_worker_that_dies_while_its_heir_starts_is_replaced_as_ever(tmp_path: Path) -> None:
    worker = "born == 2 and time.sleep(1e6)\n" + SERVE
    with _running(tmp_path, _plan(worker)) as run:
        run.until(lambda: len(_listening(run)) == 1)
        run.process.send_signal(signal.SIGHUP)
        run.until(lambda: len(run.births) == 2)
        os.kill(run.births[0], signal.SIGKILL)
        run.until(lambda: len(_listening(run)) == 2)
        assert _gone(run.births[1])
        assert [line.partition("] ")[2].split(".")[0] for line in _said(run)] == [
            "The workers are replaced, one after the other",
            "All workers are replaced",
            "The worker has died and is replaced",
        ]


def test_asked_to_stop_in_a_roll_all_end(tmp_path: Path) -> None:
    worker = "born == 3 and time.sleep(1e6)\n" + BUSY
    with _running(tmp_path, replace(_plan(worker), workers=2)) as run:
        run.until(lambda: len(_listening(run)) == 2)
        run.process.send_signal(signal.SIGHUP)
        run.until(lambda: len(run.births) == 3)
        _said(run)
        assert all(map(_gone, run.births))


def test_whoever_closes_the_terminal_ends_it(tmp_path: Path) -> None:
    window, terminal = pty.openpty()
    process = subprocess.Popen(
        _plan(BUSY).command(),
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no more
    )
    os.close(terminal)
    run = Run(tmp_path, process)
    run.until(lambda: _listening(run))
    process.send_signal(signal.SIGHUP)  # the terminal is there: it is a rolling restart
    run.until(lambda: len(_listening(run)) == 2)
    os.close(window)
    status, said = run.ended()
    assert status == 0
    assert said.count("replaced, one after the other") == 1
    assert all(map(_gone, run.births))


def test_nothing_but_the_standard_library_is_imported() -> None:
    code = "import sys, server.supervisor; print(*{name.split('.')[0] for name in sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    strange = set(told.stdout.split()) - sys.stdlib_module_names - {"server", "__main__"}
    assert not {name for name in strange if not name.startswith(("_", "sitecustomize"))}
