"""Everything an operator can choose, read once at the start and passed on, never global."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import NoDecode, SettingsConfigDict

from server.historysettings import HistorySettings
from server.origins import split_origins
from server.ratesettings import RateSettings
from server.redisurls import split_urls
from server.servingsettings import ServingSettings

KIB = 1024
MIB = 1024 * KIB
Algorithm = Literal[
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"
]
Origins = Annotated[frozenset[str], NoDecode, Field(validate_default=True)]


class Settings(ServingSettings, RateSettings, HistorySettings):
    """The settings of one server; each can be given by flag or by `PALIMPSEST_<NAME>`.

    Sizes are in bytes and durations in seconds unless a description names another unit.
    """

    model_config = SettingsConfigDict(env_prefix="PALIMPSEST_", frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(Path("data"), description="Folder for the database and the secret key.")
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty means SQLite in the data folder."
    )
    database_seconds: PositiveFloat = Field(
        10.0, description="Time for the database to answer; after it, it counts as unavailable."
    )
    database_pool: PositiveInt = Field(
        5, description="Connections to PostgreSQL that each process keeps open."
    )
    database_overflow: NonNegativeInt = Field(
        10, description="Further ones that it opens while it needs them."
    )
    redis_url: str | None = Field(
        None,
        description="URL of the Redis by which processes that share a database tell each other the"
        " news; of several, separated by commas, the next is used when one fails. Unset: this"
        " process tells nobody.",
    )
    sample_article: bool = Field(
        True, description="Create the sample article when the database has no article."
    )
    root_name: str = Field(
        "content", min_length=1, description="Name of the Yjs text that holds an article."
    )
    allowed_origins: Origins = Field(
        frozenset(),
        description="Other web origins whose pages may open a socket, separated by commas.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of proxies, separated by commas, whose `X-Forwarded-For`"
        " tells who asks.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="Log lines for people or for programs."
    )

    open_sign_in: bool = Field(True, description="Anybody may sign in with a name of their own.")
    secret_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Key that signs our tokens, 32 characters or more; unset: made once and kept,"
        " in the database if its URL is set, else in the data folder.",
    )
    token_lifetime: PositiveInt = Field(
        30 * 24 * 3600, description="Validity of a token that we issue, in seconds."
    )
    token_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Public key (PEM) or shared secret of another identity provider, whose tokens"
        " are then accepted too.",
    )
    token_algorithm: Algorithm = Field("HS256", description="Algorithm of that provider's tokens.")
    token_issuer: str | None = Field(
        None, description="The `iss` that its tokens must carry; unset: any."
    )
    token_audience: str | None = Field(
        None, description="The `aud` that its tokens must carry; unset: they must carry none."
    )
    token_subject_claim: str = Field("sub", description="Claim that tells its people apart.")
    token_name_claim: str = Field("name", description="Claim with the name to show.")

    max_body_bytes: PositiveInt = Field(4 * MIB, description="Largest body of an HTTP request.")
    max_message_bytes: PositiveInt = Field(16 * MIB, description="Largest websocket message.")
    max_update_structs: PositiveInt = Field(200_000, description="Most structs in an update.")
    max_update_deletions: PositiveInt = Field(
        200_000, description="Most deleted ranges in an update."
    )
    max_update_clients: PositiveInt = Field(
        20_000, description="Most client ids in an update or a state vector."
    )
    max_nesting: PositiveInt = Field(64, description="Deepest nesting of a value in an update.")
    loop_update_bytes: PositiveInt = Field(
        64 * KIB, description="Largest update that is checked at once; a larger one is screened."
    )
    loop_update_structs: PositiveInt = Field(
        500, description="Most structs and deletions that are checked at once."
    )
    screening_seconds: PositiveFloat = Field(
        10.0, description="Time that a screening process may take for one update."
    )
    screening_memory_bytes: PositiveInt = Field(
        1024 * MIB, description="Memory that a screening process may take."
    )
    outbox_bytes: PositiveInt = Field(
        MIB, description="Bytes waiting for one slow reader before it is brought up from the log."
    )
    slow_reader_seconds: PositiveFloat = Field(
        10.0, description="Time that a full socket may take nothing before it is cut off."
    )
    parked_updates: PositiveInt = Field(
        256, description="Updates of one room that may wait for what they build on."
    )
    parked_bytes: PositiveInt = Field(4 * MIB, description="Their size together.")
    parked_seconds: PositiveFloat = Field(5.0, description="Time until a parked one is refused.")
    presence_bytes: PositiveInt = Field(
        4 * KIB, description="Largest presence of one client, as JSON."
    )
    presence_clients: PositiveInt = Field(
        8, description="Most client ids with a presence on one connection."
    )
    presence_entries: PositiveInt = Field(
        1_000, description="Most client ids in one presence message."
    )
    claims_per_author: PositiveInt = Field(
        10_000,
        description="Client ids of one author in one article that are claimed by presence alone.",
    )
    checkpoint_every: PositiveInt = Field(
        2_000, description="Log rows of an article between two checkpoints."
    )
    idle_room_seconds: PositiveFloat = Field(
        60.0, description="Time that a room without members stays in memory."
    )
    idle_rooms: PositiveInt = Field(
        1_000,
        description="Rooms without members that stay in memory; of more, the longest unused go.",
    )

    @model_validator(mode="before")
    @classmethod
    def _separate_origins(cls, values: dict[str, object]) -> dict[str, object]:
        origins = values.get("allowed_origins")
        if isinstance(origins, str):
            return {**values, "allowed_origins": split_origins(origins)}
        return values

    @model_validator(mode="after")
    def _loop_within_limits(self) -> Self:
        if self.loop_update_bytes > self.max_message_bytes:
            raise ValueError("loop_update_bytes cannot be more than max_message_bytes")
        return self

    @field_validator("redis_url")
    @classmethod
    def _urls_of_redis(cls, urls: str | None) -> str | None:
        if urls:
            split_urls(urls)
        return urls or None

    @property
    def database(self) -> str:
        """The database URL, with SQLite in the data folder when none is chosen."""
        return self.database_url or f"sqlite:///{self.data_dir / 'palimpsest.db'}"
