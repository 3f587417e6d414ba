from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from server.options import default_of, environment_name, takes_settings
from server.settings import Settings


def _command(seen: list[Settings]) -> click.Command:
    @click.command()
    @takes_settings()
    def show(settings: Settings) -> None:
        seen.append(settings)

    return show


def _run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(_command([]), arguments, env=environment)


def _settings(*arguments: str, **environment: str) -> Settings:
    seen: list[Settings] = []
    result = CliRunner().invoke(_command(seen), arguments, env=environment)
    assert result.exit_code == 0, result.output
    return seen[0]


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_listed_with_its_flag_and_variable(name: str) -> None:
    told = " ".join(_run("--help").output.split())
    assert f"--{name.replace('_', '-')} " in told
    assert environment_name(name) in told.replace(" ", "")


def test_nothing_given_means_the_defaults() -> None:
    assert _settings() == Settings()


def test_a_flag_goes_before_the_environment() -> None:
    assert _settings("--port", "1", PALIMPSEST_PORT="2").port == 1
    assert _settings(PALIMPSEST_PORT="2").port == 2


def test_a_choice_between_yes_and_no_has_two_flags() -> None:
    assert not _settings("--no-open-sign-in").open_sign_in
    assert _settings("--open-sign-in", PALIMPSEST_OPEN_SIGN_IN="false").open_sign_in


def test_paths_lists_and_numbers_are_read() -> None:
    settings = _settings("--data-dir", "/x", "--allowed-origins", "a,b", "--parked-seconds", "0.5")
    assert settings.data_dir == Path("/x")
    assert settings.allowed_origins == {"a", "b"}
    assert settings.parked_seconds == 0.5


@pytest.mark.parametrize(
    "arguments",
    [("--port", "x"), ("--port", "-1"), ("--log-level", "loud"), ("--secret-key", "short")],
)
def test_a_bad_value_is_told_without_a_traceback(arguments: tuple[str, ...]) -> None:
    result = _run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_a_bad_variable_is_named() -> None:
    assert "PALIMPSEST_PORT" in _run(PALIMPSEST_PORT="x").output


def test_a_bad_secret_is_not_repeated() -> None:
    assert "letmein" not in _run(PALIMPSEST_SECRET_KEY="letmein").output


def test_what_fits_no_single_setting_is_told() -> None:
    assert "loop_update_bytes" in _run("--max-message-bytes", "5").output


def test_a_command_may_take_a_few_settings_only() -> None:
    @click.command()
    @takes_settings(["port"])
    def show(settings: Settings) -> None:
        click.echo(settings.port)

    assert "--host" not in CliRunner().invoke(show, ["--help"]).output


def test_defaults_are_written_as_they_are_typed() -> None:
    fields = Settings.model_fields
    names = ("port", "open_sign_in", "redis_url", "allowed_origins", "data_dir")
    assert [default_of(fields[name]) for name in names] == ["8000", "true", "", "", "data"]
