"""Where a visit fits: hours less leave, visits, holds and buffers, over all it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge

from careflow.scheduling.hours import away, days_in, sessions, worked
from careflow.scheduling.intervals import holds, meets, without
from careflow.scheduling.plan import Calendar, Place, VisitType
from careflow.scheduling.taken import Diary, Taken, bare, barred
from careflow.scheduling.wall import DAY, Interval


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """A time at which a visit fits, with all it needs.

    Attributes:
        room: Reference to the room that would be taken, where the kind of visit needs one.
        seats: How many more patients it takes.
    """

    begin: int
    end: int
    practitioner: str
    place: str
    room: str | None = None
    devices: tuple[str, ...] = ()
    seats: int = 1

    @property
    def resources(self) -> tuple[str, ...]:
        """Return references to all whose time it takes."""
        room = (self.room,) if self.room else ()
        return (f"Practitioner/{self.practitioner}", *room, *self.devices)


def openings(
    type_: VisitType,
    places: Iterable[Place],
    calendars: Sequence[Calendar],
    diary: Diary,
    within: Interval,
) -> Iterator[Opening]:
    """Yield in order of time where a visit of a kind fits within an interval."""
    offering = [one for one in calendars if offers(type_, one)]
    return merge(
        *(
            _openings(type_, place, calendar, diary, within)
            for place in places
            for calendar in offering
        )
    )


def offers(type_: VisitType, calendar: Calendar) -> bool:
    """Report whether a clinician offers a kind of visit."""
    return not type_.clinicians or calendar.practitioner in type_.clinicians


def _openings(
    type_: VisitType, place: Place, calendar: Calendar, diary: Diary, within: Interval
) -> Iterator[Opening]:
    begin, end = within
    theirs = diary.of_resource(calendar.resource)
    groups = {one.begin: one for one in theirs if type_.seats > 1 and one.type == type_.id}
    free: list[Interval] | None = None
    for day in days_in(within, place):
        starts = _starts(type_, place, calendar, day)
        if not starts or _is_full(type_, theirs, day):
            continue
        if free is None:
            free = _free(type_, place, calendar, theirs, within)
        for start in starts:
            at = (start, start + type_.minutes)
            if at[0] < begin or at[1] > end:
                continue
            found: Opening | None = None
            if start in groups:
                found = _joined(groups[start], calendar, place, type_, theirs)
            elif holds(free, *at):
                found = _with_things(type_, place, calendar, diary, at)
            if found is not None:
                yield found


def _starts(type_: VisitType, place: Place, calendar: Calendar, day: date) -> list[int]:
    """Return the minutes of a day at which a visit may begin, by the clinician's hours alone."""
    starts: set[int] = set()
    for stretch, count_from in sessions(calendar, place, day):
        label = (stretch.begin + stretch.offset) % DAY
        first = stretch.begin + (count_from - label) % type_.step
        starts.update(range(first, stretch.end, type_.step))
    return sorted(starts)


def _joined(
    group: Taken, calendar: Calendar, place: Place, type_: VisitType, theirs: Sequence[Taken]
) -> Opening | None:
    """Return what is left of a visit of several, ``None`` if all seats are taken."""
    seats = type_.seats - sum(one.begin == group.begin and one.type == type_.id for one in theirs)
    if seats <= 0:
        return None
    rooms = [one for one in group.resources if one.startswith("Location/")]
    devices = tuple(one for one in group.resources if one.startswith("Device/"))
    return Opening(
        *(group.begin, group.begin + type_.minutes, calendar.practitioner, place.id),
        *(rooms[0] if rooms else None, devices, seats),
    )


def _free(
    type_: VisitType, place: Place, calendar: Calendar, theirs: Sequence[Taken], within: Interval
) -> list[Interval]:
    wide = (within[0] - 1440, within[1] + 1440)
    open_ = worked(calendar, place, wide)
    if type_.keeps_hours:
        open_ = [
            (one[0] + type_.before, one[1] - type_.after)
            for one in open_
            if one[1] - one[0] > type_.before + type_.after
        ]
    return without(without(open_, barred(theirs, type_)), away(calendar))


def _is_full(type_: VisitType, theirs: Sequence[Taken], day: date) -> bool:
    if type_.per_day is None:
        return False
    return sum(one.type == type_.id and one.day == day for one in theirs) >= type_.per_day


def _with_things(
    type_: VisitType, place: Place, calendar: Calendar, diary: Diary, at: Interval
) -> Opening | None:
    """Return an opening with a room and all devices, ``None`` if one is missing."""
    for device in type_.devices:
        if meets(bare(diary.of_resource(device)), *at):
            return None
    room = None
    if type_.needs_room:
        room = free_room(place, diary, at)
        if room is None:
            return None
    return Opening(*at, calendar.practitioner, place.id, room, type_.devices, seats=type_.seats)


def free_room(place: Place, diary: Diary, at: Interval) -> str | None:
    """Return the first room of a place that nobody has then."""
    return next(
        (
            room.resource
            for room in place.rooms
            if not meets(bare(diary.of_resource(room.resource)), *at)
        ),
        None,
    )
