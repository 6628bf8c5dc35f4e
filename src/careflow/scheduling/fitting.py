"""Whether a visit may have the time that is asked for: the one place of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from careflow.scheduling.hours import away, worked
from careflow.scheduling.intervals import holds, meets
from careflow.scheduling.plan import Calendar, Place, VisitType
from careflow.scheduling.refusals import (
    DayFullError,
    NoSeatError,
    OnLeaveError,
    OutsideHoursError,
    PatientBusyError,
    SlotTakenError,
    SqueezeRefusedError,
    TooSoonError,
)
from careflow.scheduling.taken import Diary, Taken, bare, barred
from careflow.scheduling.visit import Channel


@dataclass(frozen=True, slots=True)
class Wish:
    """A time that is asked for."""

    taken: Taken
    type: VisitType
    place: Place | None
    channel: Channel
    squeeze: str | None = None

    def refuse_busy(self, theirs: Iterable[Taken]) -> None:
        """Refuse a time at which the patient has another visit."""
        one = self.taken
        for other in theirs:
            if other.by != one.by and other.begin < one.end and one.begin < other.end:
                raise PatientBusyError(other.by)


def check(wish: Wish, calendars: Mapping[str, Calendar], diary: Diary, *, now: int) -> None:
    """Refuse what does not fit; ``calendars`` by reference, ``now`` in minutes."""
    if wish.channel == "portal" and wish.taken.begin < now + wish.type.lead:
        raise TooSoonError
    for calendar in calendars.values():
        _check_present(wish, calendar)
    if wish.squeeze is not None:
        _check_squeeze(wish, diary)
        return
    for resource in wish.taken.resources:
        _check_free(wish, resource, diary)


def _check_present(wish: Wish, calendar: Calendar) -> None:
    one = wish.taken
    if meets(away(calendar), one.begin, one.end):
        raise OnLeaveError
    if wish.place is None or wish.squeeze is not None:
        return
    begin, end = one.begin, one.end
    if wish.type.keeps_hours:
        begin, end = begin - wish.type.before, end + wish.type.after
    if not holds(worked(calendar, wish.place, (begin - 1440, end + 1440)), begin, end):
        raise OutsideHoursError


def _check_free(wish: Wish, resource: str, diary: Diary) -> None:
    one, type_ = wish.taken, wish.type
    theirs = diary.of_resource(resource)
    if type_.seats > 1:
        group = [each for each in theirs if each.type == type_.id and each.begin == one.begin]
        if len(group) >= type_.seats:
            raise NoSeatError
        theirs = [each for each in theirs if each not in group]
    is_clinician = resource.startswith("Practitioner/")
    closed = barred(theirs, type_) if is_clinician else bare(theirs)
    if meets(closed, one.begin, one.end):
        raise SlotTakenError(resource)
    if is_clinician and type_.per_day is not None:
        that_day = sum(each.type == type_.id and each.day == one.day for each in theirs)
        if that_day >= type_.per_day:
            raise DayFullError


def _check_squeeze(wish: Wish, diary: Diary) -> None:
    """Refuse more squeezed-in visits a clinician and day than the kind allows."""
    for resource in wish.taken.resources:
        squeezed = sum(
            each.squeezed and each.day == wish.taken.day for each in diary.of_resource(resource)
        )
        if squeezed >= wish.type.overbook:
            raise SqueezeRefusedError
