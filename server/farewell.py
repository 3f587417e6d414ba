"""The farewell: members leave one after the other, so that they do not all come back at once."""

import asyncio
from collections.abc import Sequence
from time import monotonic

from crdt.errors import Refusal
from server.member import Member


async def say_farewell(members: Sequence[Member], reason: Refusal, seconds: float) -> None:
    """Close the members with a reason, evenly spread over `seconds`."""
    started = monotonic()
    for number, member in enumerate(members):
        await asyncio.sleep(started + seconds * number / len(members) - monotonic())
        member.close(reason)
