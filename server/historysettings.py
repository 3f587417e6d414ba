"""The settings of an article's history: when revisions are made, and what the past may cost."""

from pydantic import Field, PositiveFloat
from pydantic_settings import BaseSettings


class HistorySettings(BaseSettings):
    """Revisions and the processes that compute them."""

    automatic_revisions: bool = Field(
        True, description="Make revisions of themselves, not only when somebody names one."
    )
    revision_quiet_seconds: PositiveFloat = Field(
        60.0, description="Time without edits after which a revision is made."
    )
    revision_work_seconds: PositiveFloat = Field(
        600.0, description="Time of continuous work after which a revision is made."
    )
    revision_left_seconds: PositiveFloat = Field(
        5.0, description="Time after the last writer has left until a revision is made."
    )
    historian_seconds: PositiveFloat = Field(
        60.0, description="Time that an answer about the past may take to compute."
    )
    digest_seconds: PositiveFloat = Field(
        600.0, description="Time that a revision may take to compute and check, beside the server."
    )
    historian_idle_seconds: PositiveFloat = Field(
        300.0, description="Time without work after which a process that computes the past ends."
    )
