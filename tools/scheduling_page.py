"""Writes docs/reference/scheduling.md: the cases that break scheduling, and the tests of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parent.parent / "tests"

CASES: Final = {
    1: ("Hours over the night on which clocks go forward", "Only minutes that exist are bookable."),
    2: ("An hour that comes twice", "Two hours, told apart by the zone's letters."),
    3: ("A visit booked before a clock change for a day after it", "Every rendering agrees."),
    4: ("A series over a clock change", "Wall time stays; out of a gap it moves on, and says so."),
    5: ("A zone's rules change after booking", "The wall time wins; a report lists what moved."),
    6: ("A patient in another zone", "The clinic's zone is always shown; none is an error."),
    7: ("Windows judged in the wrong zone", "Instants alone are compared."),
    8: ("A server in another zone than the clinic", "The same results under any TZ."),
    9: ("Two people take the last place", "One has it; the others are told what is free."),
    10: ("A request that waits for approval", "It holds its place; confirming it is checked."),
    11: ("A time taken while a form is filled in", "Held five minutes, renewed, released."),
    12: ("A retry after a lost answer", "The same key and body give the same visit."),
    13: ("Leave after bookings", "Every visit in it is settled, and nothing slips in."),
    14: ("Hours changed in general", "Visits outside them stay and can be edited."),
    15: ("Hours kept in two places", "One calendar is read by every way of booking."),
    16: ("A series with a conflict in the middle", "All dates seen; all or none booked."),
    17: ("One of a series is changed", "This, following or all; the past never."),
    18: ("A freed time and several who wait", "Offers run out; one wins; the order is kept."),
    19: ("Buffers", "Before and after differ; neighbours share the larger, or not."),
    20: ("A visit longer than its grid", "Overlap is of times, never of labels."),
    21: ("More than one seat", "Seats are counted in the commit."),
    22: ("Clinician, room and device", "All or none; what is missing is named."),
    23: ("One patient twice at a time", "A warning, and a reason to go on."),
    24: ("A visit squeezed in", "Permission, reason, limit, mark; never by a patient."),
    25: ("Two ways of booking", "One verb writes; FHIR passes it too."),
    26: ("A stale screen", "A step from an old version is refused."),
    27: ("Mistakes with stages", "Legal steps, one step back with a reason, history."),
    28: ("Midnight, and days over it", "A time over midnight shows on both days."),
    29: ("Reminders around changes", "Once, looked at again when sent, quiet at night."),
    30: ("Calendar feeds", "A secret of one's own, revocable, initials only."),
    31: ("A clinician changes zone", "Visits keep the place's zone."),
    32: ("Arithmetic with days", "Tomorrow is a date; the 31st is the last day."),
    33: ("Cut-offs", "By kind of visit, told before booking; a freed time is offered on."),
    34: ("Times hoarded", "Holds are few a visitor, and staff can release them."),
}

_NAME = re.compile(r"^(?:async )?def (test_(?:e\d+_)+\w+)", re.MULTILINE)


def tests_by_case() -> dict[int, list[str]]:
    """Return, by case, the tests that carry its number."""
    found: dict[int, list[str]] = {number: [] for number in CASES}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in _NAME.findall(path.read_text(encoding="utf-8")):
            for number in re.findall(r"(?<=_)e(\d+)(?=_)", name):
                if int(number) in found:
                    found[int(number)].append(f"{path.relative_to(TESTS).as_posix()}::{name}")
    return found


def scheduling_page() -> str:
    """Return the page."""
    lines = [
        "# Scheduling: the cases that break it",
        "",
        "Each case has tests that carry its number.",
        "",
        "| | case | what is done | proved by |",
        "|---|---|---|---|",
    ]
    proved = tests_by_case()
    for number, (case, done) in CASES.items():
        tests = "<br>".join(f"`{one}`" for one in proved[number]) or "none yet"
        lines.append(f"| E{number} | {case} | {done} | {tests} |")
    return "\n".join(lines) + "\n"
