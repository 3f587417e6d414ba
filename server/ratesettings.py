"""The settings that say how much an author, an address and a connection may ask in a time."""

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt
from pydantic_settings import BaseSettings

MIB = 1024 * 1024


class RateSettings(BaseSettings):
    """Limits on rates and connections; those that can be 0 are off then."""

    author_messages_per_second: NonNegativeInt = Field(
        1_000,
        description="Messages of one author, counted over ten seconds; more is read later.",
    )
    author_bytes_per_second: NonNegativeInt = Field(
        4 * MIB, description="Bytes of one author's messages, counted over ten seconds."
    )
    author_clients_per_minute: NonNegativeInt = Field(
        1_000, description="New client ids of one author in one article; more are refused."
    )
    author_connections: NonNegativeInt = Field(
        500, description="Connections of one author at once; more are answered with 429."
    )
    author_connections_per_minute: NonNegativeInt = Field(
        1_000, description="Connections that one author may open in a minute."
    )
    address_messages_per_second: NonNegativeInt = Field(
        10_000, description="Messages from one address, counted over ten seconds."
    )
    address_bytes_per_second: NonNegativeInt = Field(
        32 * MIB, description="Bytes of messages from one address, counted over ten seconds."
    )
    address_clients_per_minute: NonNegativeInt = Field(
        10_000, description="New client ids from one address."
    )
    address_connections: NonNegativeInt = Field(
        5_000, description="Connections from one address at once."
    )
    address_connections_per_minute: NonNegativeInt = Field(
        10_000, description="Connections that one address may open in a minute."
    )
    handshake_seconds: PositiveFloat = Field(
        10.0, description="Time until the head of a request must be here."
    )
    request_seconds: PositiveFloat = Field(
        60.0, description="Time until a request must be here with its body."
    )
    half_open_connections: PositiveInt = Field(
        4_096,
        description="Connections that have not asked anything yet; of more, the oldest are ended.",
    )
