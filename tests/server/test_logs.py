import io
import json

import pytest

from server.logs import open_log, silent
from server.settings import Settings


def test_a_line_for_programs_is_json() -> None:
    stream = io.StringIO()
    open_log(Settings(log_format="json"), stream).info("request", status=200)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["status"], line["level"]) == ("request", 200, "info")


def test_a_line_for_people_is_readable() -> None:
    stream = io.StringIO()
    open_log(Settings(), stream).info("request", status=200)
    assert "request" in stream.getvalue()
    assert "status=200" in stream.getvalue()


def test_what_is_less_severe_is_left_out() -> None:
    stream = io.StringIO()
    open_log(Settings(log_level="warning"), stream).info("request")
    assert not stream.getvalue()


def _fail(token: str) -> float:
    return len(token) / 0


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_has_no_values_of_variables(log_format: str) -> None:
    stream = io.StringIO()
    log = open_log(Settings(log_format=log_format), stream)
    try:
        _fail(str(12345 * 54321))
    except ZeroDivisionError:
        log.exception("failed")
    assert "test_logs" in stream.getvalue()
    assert "670592745" not in stream.getvalue()


def test_the_silent_log_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    silent().critical("anything")
    assert capfd.readouterr() == ("", "")
