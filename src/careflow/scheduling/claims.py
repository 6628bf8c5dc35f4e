"""Unique keys for every five minutes of a clinician's, room's or device's time.

They are taken in the visit's own commit: whatever else was looked at, the database lets nobody have
the same time twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from careflow.scheduling.taken import Taken

GRAIN: Final = 5
LONGEST: Final = 24 * 60
"""Minutes of the longest visit that has its own time; longer is leave, or a mistake."""


def keys_of(one: Taken, *, lane: int = 0) -> Iterator[str]:
    """Yield the keys of a visit's time, outwards to whole grains, always in the same order.

    ``lane`` is 0, or the place among those that were squeezed in.
    """
    suffix = f"/{lane}" if lane else ""
    for resource in sorted(one.resources):
        for grain in range(one.begin // GRAIN, -(-one.end // GRAIN)):
            yield f"time/{resource}/{grain}{suffix}"


def lane_of(one: Taken, others: Sequence[Taken]) -> int:
    """Return the first lane that no other squeezed-in visit of the same time has."""
    beside = sum(
        other.squeezed and other.begin < one.end and one.begin < other.end for other in others
    )
    return beside + 1


def group_holder(one: Taken) -> str:
    """Return who holds the time of a visit of several: the group, not a patient."""
    clinician = next((r for r in one.resources if r.startswith("Practitioner/")), "")
    return f"visit-group/{one.type}.{clinician.partition('/')[2]}.{one.begin}"
