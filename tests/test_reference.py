"""Whatever a user can type, or is told by a program, is in docs/reference."""

import re
from collections.abc import Iterator
from inspect import getdoc
from pathlib import Path

import click
import pytest

import server.app  # noqa: F401 - so that every refusal there is has been defined
from crdt import messages
from crdt.errors import Refusal
from server.api.models import PageQuery
from server.api.routes import DESCRIPTION, ENDPOINTS, METRICS
from server.cli import main
from server.options import default_of, environment_name
from server.problems import status_of
from server.settings import Settings
from server.telemetry import Telemetry

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"


def _rows(page: str) -> list[list[str]]:
    """Give the cells of all tables of a page, without marks of code."""
    lines = (REFERENCE / page).read_text("utf-8").splitlines()
    tables = (line for line in lines if line.startswith("| ") and not line.startswith("| ---"))
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in tables]


def _refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from _refusals(below)


PUBLIC = sorted(
    {kind for kind in _refusals(Refusal) if kind.__module__.split(".")[0] != "tests"},
    key=lambda kind: kind.code,
)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_listed(name: str) -> None:
    field = Settings.model_fields[name]
    (row,) = (row for row in _rows("settings.md") if row[0] == f"`{environment_name(name)}`")
    assert f"`--{name.replace('_', '-')}`" in row[1]
    assert row[2] == (f"`{default_of(field)}`" if default_of(field) else "none")
    assert row[3].startswith(field.description or "?")


def test_no_setting_is_listed_that_there_is_not() -> None:
    listed = {row[0].strip("`") for row in _rows("settings.md")} - {"variable"}
    assert listed == {environment_name(name) for name in Settings.model_fields}


@pytest.mark.parametrize("name", list(main.commands))
def test_every_command_is_listed_with_what_it_takes(name: str) -> None:
    page = (REFERENCE / "commands.md").read_text("utf-8")
    (heading,) = re.findall(rf"^## `(palimpsest {name}\b.*)`$", page, re.MULTILINE)
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Argument):
            assert str(parameter.human_readable_name).strip("[]") in heading
        elif parameter.name not in Settings.model_fields:
            assert parameter.opts[0] in heading


def test_every_route_is_listed() -> None:
    listed = {(row[0].strip("`"), row[1].strip("`")) for row in _rows("routes.md")}
    served = {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    assert (
        served | {("GET", DESCRIPTION), ("GET", METRICS), ("websocket", "/sync/{slug}")} <= listed
    )


@pytest.mark.parametrize("name", list(PageQuery.model_fields))
def test_every_parameter_of_a_listing_is_listed(name: str) -> None:
    assert f"`{name}`" in (REFERENCE / "routes.md").read_text("utf-8")


def test_every_metric_is_listed() -> None:
    listed = {row[0].strip("`"): row[1:] for row in _rows("metrics.md")[1:]}
    assert listed == {
        metric.name + ("_total" if metric.type == "counter" else ""): [
            metric.type,
            metric.documentation,
        ]
        for metric in Telemetry().registry.collect()
    }


def test_every_refusal_is_listed() -> None:
    listed = {row[0].strip("`"): row[1:] for row in _rows("problems.md")[1:]}
    assert listed.pop("internal-error")[0] == "500"
    assert listed == {
        kind.code: [str(status_of(kind)), (getdoc(kind) or "").splitlines()[0]] for kind in PUBLIC
    }


@pytest.mark.parametrize("name", ["SYNC", "PRESENCE", "REFUSAL", "PRESENCE_QUERY", "ATTRIBUTION"])
def test_every_message_is_listed(name: str) -> None:
    types = {row[0].strip("`"): row[1] for row in _rows("messages.md")}
    assert types[str(getattr(messages, name))] == name.lower().replace("_", " ")


def test_every_close_code_is_listed() -> None:
    listed = {row[0].strip("`") for row in _rows("messages.md")}
    closing = {kind for kind in PUBLIC if kind.__module__ in {"crdt.errors", "server.tokens"}}
    assert {str(kind.close) for kind in closing} <= listed
