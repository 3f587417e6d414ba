import json

from server.plan import Plan


def test_the_command_carries_the_whole_plan() -> None:
    plan = Plan(("a worker",), "::1", 8000, 5.0, 9.0, json_log=True, workers=3, worker_port=9000)
    *command, told = plan.command()
    assert "server.supervisor" in command
    read = json.loads(told)
    assert Plan(**read | {"worker": tuple(read["worker"])}) == plan
