"""Limits: the settings in the form in which the core takes them."""

from dataclasses import replace

from crdt.awareness import PresenceLimits
from crdt.gate import Rules
from crdt.limits import UpdateLimits
from crdt.session import MessageLimits
from server.settings import Settings

# Steps of the walk that finds the places of an update's structs: on the event loop about 20 ms of
# them. A screened update takes them on the loop once more, piece by piece, 0.4 s in all; an honest
# first sync of 20,000 structs takes less than a thousand.
STEPS_ON_LOOP = 100_000
STEPS_SCREENED = 2_000_000

# A deletion is cheaper than a struct, most of all one that is known.
DELETIONS_PER_STRUCT = 4


def full_rules(settings: Settings) -> Rules:
    """What any update may hold; it takes a process of its own to find out."""
    return Rules(
        UpdateLimits(
            size=settings.max_message_bytes,
            structs=settings.max_update_structs,
            deletions=settings.max_update_deletions,
            clients=settings.max_update_clients,
            nesting=settings.max_nesting,
        ),
        STEPS_SCREENED,
    )


def loop_rules(settings: Settings) -> Rules:
    """What is checked and applied on the event loop without others noticing."""
    limits = replace(
        full_rules(settings).limits,
        structs=settings.loop_update_structs,
        deletions=DELETIONS_PER_STRUCT * settings.loop_update_structs,
    )
    return Rules(limits, STEPS_ON_LOOP)


def message_limits(settings: Settings) -> MessageLimits:
    """What one message may hold."""
    limits = full_rules(settings).limits
    return MessageLimits(settings.max_message_bytes, settings.presence_entries, limits)


def presence_limits(settings: Settings) -> PresenceLimits:
    """What one connection may show of itself."""
    return PresenceLimits(settings.presence_clients, settings.presence_bytes)
