"""The settings of serving: the processes, and how they end."""

from typing import Self

from pydantic import Field, PositiveFloat, PositiveInt, model_validator
from pydantic_settings import BaseSettings

LAST_PORT = 65535


class ServingSettings(BaseSettings):
    """How many processes serve, and when one of them has to go."""

    supervisor: bool = Field(
        True, description="Run under a supervisor, which replaces a process that stalls or dies."
    )
    workers: PositiveInt = Field(
        1, description="Processes that serve, under one supervisor; each is replaced by itself."
    )
    worker_port: int | None = Field(
        None,
        ge=0,
        le=LAST_PORT,
        description="First of the ports at which each worker is reached alone, for its metrics;"
        " unset: none.",
    )
    stall_seconds: PositiveFloat = Field(
        5.0, description="Time after which an event loop that does not turn has stalled."
    )
    shutdown_seconds: PositiveInt = Field(
        3, description="Time for open requests to end after a signal to stop."
    )
    farewell_seconds: PositiveFloat = Field(
        3.0, description="Time over which members are sent away, evenly, after a signal to stop."
    )

    @model_validator(mode="after")
    def _workers_supervised(self) -> Self:
        if not self.supervisor and (self.workers > 1 or self.worker_port is not None):
            raise ValueError("workers and worker_port need the supervisor")
        return self

    @model_validator(mode="after")
    def _every_worker_has_a_port(self) -> Self:
        if (self.worker_port or 0) + self.workers - 1 > LAST_PORT:
            raise ValueError(
                f"worker_port leaves some workers without a port below {LAST_PORT + 1}"
            )
        return self
