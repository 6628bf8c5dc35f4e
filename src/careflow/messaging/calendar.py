"""Visits as calendar entries (RFC 5545, RFC 5546): the same UID for life, a sequence that rises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from careflow.clock import letters
from careflow.messaging.visits import VisitFacts

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
_LINE: Final = 75
_AROUND: Final = timedelta(days=400)
"""How far before the first and after the last visit the zone's changes are written down."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A visit as its entry shows it; ``note`` is text that stands in the entry."""

    visit: VisitFacts
    summary: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who invites whom, as addresses."""

    organiser: str
    organiser_name: str
    attendee: str


def calendar_of(
    shown: Sequence[Shown],
    method: Method,
    *,
    organisation: str,
    parties: Parties | None = None,
    name: str = "",
) -> str:
    """Return a calendar with these visits and their zones."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CareFlowAI//Visits//EN"]
    lines += [f"METHOD:{method}", "CALSCALE:GREGORIAN"]
    if name:
        lines.append(f"X-WR-CALNAME:{_text(name)}")
    for zone in {one.visit.zone.key: one.visit.zone for one in shown}.values():
        lines += _zone_lines(zone, [one.visit.start for one in shown if one.visit.zone == zone])
    for one in shown:
        lines += _event(one, method, organisation, parties)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def uid_of(visit: str, organisation: str) -> str:
    """Return what calendars know a visit by, for as long as it lives."""
    return f"{visit}@{organisation}.careflow.invalid"


def _event(one: Shown, method: Method, organisation: str, parties: Parties | None) -> Iterable[str]:
    visit = one.visit
    is_off = method == "CANCEL" or visit.status in {"cancelled", "waitlist", "noshow"}
    yield "BEGIN:VEVENT"
    yield f"UID:{uid_of(visit.id, organisation)}"
    yield f"DTSTAMP:{visit.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{visit.sequence}"
    yield f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}"
    yield f"DTSTART;TZID={visit.zone.key}:{visit.start.astimezone(visit.zone):%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID={visit.zone.key}:{visit.end.astimezone(visit.zone):%Y%m%dT%H%M%S}"
    yield f"SUMMARY:{_text(one.summary)}"
    where = ", ".join(filter(None, (visit.place_name, visit.address)))
    if where:
        yield f"LOCATION:{_text(where)}"
    if one.note:
        yield f"DESCRIPTION:{_text(one.note)}"
    yield "CLASS:PRIVATE"
    if parties is not None:
        yield f'ORGANIZER;CN="{_quoted(parties.organiser_name)}":mailto:{parties.organiser}'
        yield f"ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{parties.attendee}"
    yield "END:VEVENT"


def _zone_lines(zone: ZoneInfo, starts: Sequence[datetime]) -> Iterable[str]:
    """Yield the zone as the tz database has it around these instants."""
    first, last = min(starts) - _AROUND, max(starts) + _AROUND
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{zone.key}"
    begin = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    yield from _observance(zone, begin, begin - timedelta(minutes=1))
    for at in _changes(zone, begin, last.astimezone(UTC)):
        yield from _observance(zone, at, at - timedelta(minutes=1))
    yield "END:VTIMEZONE"


def _observance(zone: ZoneInfo, at: datetime, before: datetime) -> Iterable[str]:
    """Yield what holds from an instant on; its local begin is told by the offset before it."""
    after = at.astimezone(zone)
    was, now = before.astimezone(zone).utcoffset(), after.utcoffset()
    assert was is not None  # noqa: S101 - a zone has an offset at every instant
    assert now is not None  # noqa: S101
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{(at + was).replace(tzinfo=None):%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(was)}"
    yield f"TZOFFSETTO:{_offset(now)}"
    yield f"TZNAME:{letters(after)}"
    yield f"END:{kind}"


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterable[datetime]:
    """Yield the instants at which a zone's offset changes, to the minute."""
    step = timedelta(days=1)
    at = begin
    while at < end:
        if _offset_at(zone, at) != _offset_at(zone, at + step):
            low, high = at, at + step
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                if _offset_at(zone, middle) == _offset_at(zone, low):
                    low = middle
                else:
                    high = middle
            yield high
        at += step


def _offset_at(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _text(value: str) -> str:
    """Escape as RFC 5545, section 3.3.11, has it."""
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _quoted(value: str) -> str:
    return "".join(one for one in value if one.isprintable() and one != '"')


def _folded(line: str) -> Iterable[str]:
    """Yield a line in pieces of at most 75 octets, never within a character."""
    piece, size = "", 0
    for one in line:
        width = len(one.encode())
        if size + width > _LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + one, size + width
    yield piece
