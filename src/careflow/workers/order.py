"""In which order a worker fetches from the queues: who waits first, a batch in its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic

from careflow.jobs.taking import BATCH_PATIENCE, BATCH_TURN


class WaitingFirst:
    """The order that Celery's Redis transport asks for before each fetch.

    Who waits goes first. Once a batch has been passed over for long, one fetch in a few
    asks for it first, as the embedded queue does.
    """

    def __init__(self, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._queues: list[str] = []
        self._fetched = 0
        self._asked: list[str] = []
        self._none_passed_over_at = seconds()

    def update(self, queues: Iterable[str]) -> None:
        """Take the queues that are fetched from; by their names, waiting comes before batch."""
        self._queues = sorted(queues, reverse=True)

    def consume(self, n: int) -> list[str]:
        """Return the queues in the order in which the next fetch asks them."""
        passed_over_s = self._seconds() - self._none_passed_over_at
        is_batchs_turn = (
            self._fetched % BATCH_TURN == BATCH_TURN - 1
            and passed_over_s > BATCH_PATIENCE.total_seconds()
        )
        self._asked = self._queues[::-1] if is_batchs_turn else list(self._queues)
        return self._asked[:n]

    def rotate(self, last_used: str) -> str:
        """Hear from which queue the fetch came."""
        self._fetched += 1
        if last_used not in self._asked[:1]:
            # The other was empty, so nothing is being passed over.
            self._none_passed_over_at = self._seconds()
        return last_used
