"""Storage: whether edits can be stored just now, and if not, why.

After a commit has failed nothing more is admitted, since nobody may be shown what is not stored.
The log is tried, ever more rarely, until it takes a durable write again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

from persistence.errors import LogUnavailable
from server.refusals import StorageUnavailable
from server.telemetry import Telemetry

FIRST_WAIT = 0.25  # seconds before the first trial
MOST_WAIT = 1.0  # seconds between two trials; what heals a database should heal us within two


class Storage:
    """`async with Storage(...)`: after `failed`, `check` is called until it does not raise.

    Then `recovered` is called. The waits double until a commit has `worked`: where trials succeed
    and commits do not, there are no more commits than this.
    """

    def __init__(
        self,
        check: Callable[[], Awaitable[None]],
        recovered: Callable[[], None],
        telemetry: Telemetry,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._check = check
        self._recovered = recovered
        self._telemetry = telemetry
        self._sleep = sleep
        self._wait = FIRST_WAIT
        self._why: str | None = None
        self._trouble = asyncio.Event()
        telemetry.storage_ok.set(1)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch(), name="storage")
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])

    @property
    def ok(self) -> bool:
        """Whether edits can be stored, as far as is known."""
        return self._why is None

    @property
    def refusal(self) -> StorageUnavailable:
        """What people are told while they cannot."""
        return StorageUnavailable(
            f"Your edits cannot be stored just now ({self._why}); they stay with you and will be"
            " stored as soon as possible."
        )

    def worked(self) -> None:
        """Note that a commit has been made."""
        self._wait = FIRST_WAIT

    def failed(self, why: str) -> None:
        """Note that a commit has failed, and begin to try."""
        self._note(why)
        self._trouble.set()

    def _note(self, why: str) -> None:
        if why != self._why:
            self._telemetry.log.warning("Edits cannot be stored.", why=why)
        self._why = why
        self._telemetry.storage_ok.set(0)

    async def _watch(self) -> None:
        while True:
            await self._trouble.wait()
            await self._sleep(self._wait)
            self._wait = min(2 * self._wait, MOST_WAIT)
            if await self._works():
                self._recover()

    async def _works(self) -> bool:
        try:
            await self._check()
        except LogUnavailable as trouble:
            self._note(trouble.why)
            return False
        except Exception:  # noqa: BLE001 - our own mistake must not end the trials
            self._telemetry.fault("Trying the database failed.")
            return False
        return True

    def _recover(self) -> None:
        self._trouble.clear()
        self._why = None
        self._telemetry.storage_ok.set(1)
        self._telemetry.log.warning("Edits can be stored again.")
        self._recovered()
