"""The log: one line for each event, for people or for programs, without any global set-up."""

import logging
import sys
from collections.abc import Sequence
from typing import TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from server.settings import Settings

Log = FilteringBoundLogger

# Tracebacks never show local variables: a token or a passphrase may be among them.
PLAIN_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def open_log(settings: Settings, stream: TextIO | None = None) -> Log:
    """Open a log as the settings want it, to `stream` or the standard error."""
    target = stream or sys.stderr
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    chain = _for_programs() if settings.log_format == "json" else _for_people(target)
    return _log(target, level, chain)


def silent() -> Log:
    """Make a log that drops everything, for where nobody asked for one."""
    return _log(sys.stderr, logging.CRITICAL, [_drop])


def _log(target: TextIO, level: int, chain: Sequence[Processor]) -> Log:
    log = structlog.wrap_logger(
        structlog.WriteLogger(target),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *chain,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        context_class=dict,
        cache_logger_on_first_use=True,
    )
    return cast("Log", log.bind())


def _for_programs() -> list[Processor]:
    return [PLAIN_TRACEBACKS, structlog.processors.JSONRenderer()]


def _for_people(target: TextIO) -> list[Processor]:
    return [
        structlog.dev.ConsoleRenderer(
            colors=target.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]


def _drop(*_event: object) -> structlog.typing.EventDict:
    raise structlog.DropEvent
