import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.telemetry import Telemetry


def _value(telemetry: Telemetry, name: str, **labels: str) -> float | None:
    return telemetry.registry.get_sample_value(f"palimpsest_{name}", labels)


def test_a_refusal_is_counted_by_its_code() -> None:
    telemetry = Telemetry()
    telemetry.refused("bad-token")
    telemetry.refused("bad-token")
    assert _value(telemetry, "refusals_total", code="bad-token") == 2


def test_a_turn_is_counted() -> None:
    telemetry = Telemetry()
    telemetry.turn(2, 3, 100, 0.01, 0.02)
    names = ("room_turns_total", "rows_total", "update_bytes_total", "turn_seconds_count")
    assert [_value(telemetry, name) for name in names] == [2, 3, 100, 1]
    sums = [_value(telemetry, name) for name in ("commit_seconds_sum", "turn_seconds_sum")]
    assert (sums, _value(telemetry, "commit_rows_sum")) == ([0.01, 0.02], 3)


def test_gauges_go_up_and_down() -> None:
    telemetry = Telemetry()
    telemetry.members.inc(2)
    telemetry.members.dec()
    assert _value(telemetry, "members") == 1


def test_deliveries_screenings_and_requests_are_counted() -> None:
    telemetry = Telemetry()
    telemetry.delivered(7)
    telemetry.screened(0.3)
    telemetry.requested("GET", "/healthz", 200)
    assert _value(telemetry, "delivered_total") == 7
    assert _value(telemetry, "screening_seconds_sum") == pytest.approx(0.3)
    request = {"method": "GET", "route": "/healthz", "status": "200"}
    assert _value(telemetry, "http_requests_total", **request) == 1


def test_a_fault_is_counted_and_logged() -> None:
    telemetry = Telemetry()
    try:
        int("x")
    except ValueError:
        telemetry.fault("it failed")
    assert _value(telemetry, "faults_total") == 1


def test_two_apps_count_apart() -> None:
    one, other = Telemetry(), Telemetry()
    one.delivered(1)
    assert _value(other, "delivered_total") == 0


def test_the_exposition_can_be_read_and_every_metric_has_help() -> None:
    families = list(text_string_to_metric_families(Telemetry().exposition().decode()))
    assert families
    assert all(family.name.startswith("palimpsest_") for family in families)
    assert all(
        family.documentation.endswith(".") or family.name.endswith("_created")
        for family in families
    )
