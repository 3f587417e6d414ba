"""Command line options, made of the settings' fields."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from server.settings import Settings

PREFIX = "PALIMPSEST_"
TYPES: dict[Any, click.ParamType[Any]] = {
    int: click.INT,
    float: click.FLOAT,
    Path: click.Path(path_type=Path),
}
Command = Callable[..., None]


def takes_settings(names: Iterable[str] = Settings.model_fields) -> Callable[[Command], Command]:
    """Give a command options for these settings, and the whole `Settings` as first argument.

    A flag goes before an environment variable, which goes before the default.
    """
    chosen = tuple(names)

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(**given: Any) -> None:
            values = {name: given.pop(name) for name in chosen}
            command(_settings({k: v for k, v in values.items() if v is not None}), **given)

        decorated: Command = run
        for name in reversed(chosen):
            decorated = _option(name, Settings.model_fields[name])(decorated)
        return decorated

    return decorate


def environment_name(field: str) -> str:
    """Name the environment variable of a setting."""
    return PREFIX + field.upper()


def from_environment() -> Settings:
    """Read the settings of another process of ours, which wrote them with `environment_of`."""
    return _settings({})


def environment_of(settings: Settings) -> dict[str, str]:
    """Write the settings that were chosen as environment variables, for another process."""
    chosen = {name: _typed(getattr(settings, name)) for name in settings.model_fields_set}
    return {environment_name(name): text for name, text in chosen.items() if text is not None}


def _typed(value: Any) -> str | None:
    """Write a value as a person would type it; None: leave it out."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    return None if value is None else str(value)


def default_of(field: FieldInfo) -> str:
    """Write a setting's default as a person would type it."""
    if isinstance(field.default, frozenset):
        return ""
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return "" if field.default is None else str(field.default)


def _settings(given: dict[str, Any]) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as error:
        raise click.UsageError("\n".join(map(_sentence, error.errors()))) from None


def _sentence(fault: Any) -> str:
    where = "".join(f"{environment_name(str(name))}: " for name in fault["loc"][:1])
    return where + str(fault["msg"]).removeprefix("Value error, ")


def _option(name: str, field: FieldInfo) -> Callable[[Command], Command]:
    flag = "--" + name.replace("_", "-")
    default = default_of(field)
    words = f"{field.description}  [{environment_name(name)}"
    words += f"; default: {default}]" if default else "]"
    kind = _plain(field.annotation)
    if kind is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=words)
    return click.option(flag, name, type=_type(kind), default=None, help=words)


def _plain(annotation: Any) -> Any:
    """Leave out the None of an optional setting."""
    if isinstance(annotation, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _type(kind: Any) -> click.ParamType[Any]:
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    return TYPES.get(kind, click.STRING)
