"""The supervisor with workers of a few lines, in processes as they are in earnest."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from server.supervisor import Plan

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
SERVE = """
line.send(b"L")
while True:
    time.sleep(0.05)
    line.send(b".")
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


def test_nothing_but_the_standard_library_is_imported() -> None:
    code = "import sys, server.supervisor; print(*{name.split('.')[0] for name in sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    strange = set(told.stdout.split()) - sys.stdlib_module_names - {"server", "__main__"}
    assert not {name for name in strange if not name.startswith(("_", "sitecustomize"))}
