"""What a broker of jobs must do: carry the ids of jobs to workers, and be allowed to lose them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from careflow.jobs.job import Priority


class Broker(Protocol):
    """Carries ids, nothing else; the store alone knows what a job is and how far."""

    async def publish(self, job_ids: Sequence[str], priority: Priority) -> None:
        """Hand ids to the workers, in order.

        Raises:
            careflow.jobs.errors.BrokerUnavailableError: Some may not have been taken.
        """
        ...

    async def waiting(self, priority: Priority) -> int:
        """Return how many ids lie there for a worker to fetch.

        Raises:
            careflow.jobs.errors.BrokerUnavailableError: It cannot be asked.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...
