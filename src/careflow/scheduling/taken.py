"""What already has the time of clinicians, rooms and devices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from careflow.scheduling.intervals import united
from careflow.scheduling.plan import VisitType
from careflow.scheduling.wall import Interval


@dataclass(frozen=True, slots=True)
class Taken:
    """A time that a visit or a hold has, in minutes.

    Attributes:
        by: ``Appointment/ID`` or ``hold/ID``.
        resources: Whose time it is.
        type: Id of the kind of visit, where it is known.
        until: Instant, in minutes, at which a hold ends.
        day: At the place.
        squeezed: Whether it was put beside others deliberately.
    """

    by: str
    begin: int
    end: int
    resources: tuple[str, ...]
    before: int = 0
    after: int = 0
    type: str = ""
    patient: str | None = None
    until: int | None = None
    day: date | None = None
    squeezed: bool = False

    def is_over(self, now: int) -> bool:
        """Report whether it is a hold that has run out."""
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True)
class Diary:
    """Everything taken in some window, by resource."""

    by_resource: Mapping[str, Sequence[Taken]] = field(default_factory=dict)

    @classmethod
    def of(cls, taken: Iterable[Taken]) -> Diary:
        """Sort what is taken by resource and time."""
        by: dict[str, list[Taken]] = {}
        for one in sorted(taken, key=lambda one: one.begin):
            for resource in one.resources:
                by.setdefault(resource, []).append(one)
        return cls(by)

    def of_resource(self, resource: str) -> Sequence[Taken]:
        """Return what is taken of a resource, by time."""
        return self.by_resource.get(resource, ())

    def everything(self) -> Iterator[Taken]:
        """Yield what is taken once each."""
        seen: set[str] = set()
        for some in self.by_resource.values():
            for one in some:
                if one.by not in seen:
                    seen.add(one.by)
                    yield one


def barred(taken: Iterable[Taken], type_: VisitType) -> list[Interval]:
    """Return the minutes in which a visit of a kind cannot lie, for what its clinician has."""
    return united(_barred(one, type_) for one in taken)


def _barred(one: Taken, type_: VisitType) -> Interval:
    if type_.shares_buffers:
        return one.begin - max(one.before, type_.after), one.end + max(one.after, type_.before)
    return one.begin - one.before - type_.after, one.end + one.after + type_.before


def bare(taken: Iterable[Taken]) -> list[Interval]:
    """Return the minutes taken of a room or device, where buffers do not count."""
    return united((one.begin, one.end) for one in taken)
