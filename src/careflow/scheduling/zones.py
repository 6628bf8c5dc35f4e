"""What a change of a zone's rules would move: visits whose wall time means another instant now.

The wall time is what was promised. Nothing is changed and nobody is told: staff read the report and
move what they agree to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from careflow.clock import Clock
from careflow.database.conditions import RangeWithin
from careflow.database.documents import Documents, Query
from careflow.database.scope import organisation_scope
from careflow.scheduling.visit import DECODER, Appointment

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit that is stored at another instant than its wall time means today.

    Attributes:
        wall: What the place's clock was to show.
        stored: The instant at which it stands.
        meant: The instant that its wall time means by today's rules.
    """

    id: str
    version: int
    zone: str
    wall: str
    stored: datetime
    meant: datetime


async def moved_by_zones(
    documents: Documents,
    organisation: str,
    clock: Clock,
    *,
    zone_of: Callable[[str], ZoneInfo] = ZoneInfo,
) -> list[Moved]:
    """Return the visits to come that today's rules of their zones would move."""
    ahead = RangeWithin("date", low_min=clock().timestamp() * 1000)
    query = Query("Appointment", (ahead,), count=_PAGE)
    found: list[Moved] = []
    while True:
        page = await documents.find(query, organisation_scope(organisation))
        for document in page.documents:
            one = DECODER.decode(document.body)
            meant = _meant(one, zone_of)
            if one.has_time and one.start is not None and meant not in {None, one.start}:
                noted = one.noted()
                zone, wall = str(noted["zone"]), str(noted["wall"])
                assert meant is not None  # noqa: S101 - it is not in the set above
                found.append(Moved(document.id, document.version, zone, wall, one.start, meant))
        if page.next is None:
            return sorted(found, key=lambda each: each.stored)
        query = Query("Appointment", (ahead,), count=_PAGE, cursor=page.next)


def _meant(one: Appointment, zone_of: Callable[[str], ZoneInfo]) -> datetime | None:
    noted = one.noted()
    if "zone" not in noted or "wall" not in noted:
        return None
    wall = datetime.fromisoformat(str(noted["wall"]))
    zone = zone_of(str(noted["zone"]))
    return wall.replace(tzinfo=zone, fold=int(noted.get("fold", 0))).astimezone(UTC)
