"""Zones: rules that change after booking, servers elsewhere, clinicians who go to another place."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from careflow.database.work import Work
from careflow.scheduling.plan import Hours
from careflow.scheduling.visit import DECODER
from careflow.scheduling.zones import moved_by_zones
from tests.contracts.engines import SetClock
from tests.scheduling.clinic import ADA, FIN, ORGANISATION, WEEK, Clinic, asked, at

ELSEWHERE = ("UTC", "Pacific/Kiritimati", "Pacific/Honolulu")


async def test_e5_a_report_lists_what_a_zones_new_rules_would_move(
    clinic: Clinic, clock: SetClock
) -> None:
    """As if New York stopped putting its clocks forward, after the visits were booked."""
    await clinic.desk.book(asked(at(3, 9)), actor=FIN)
    summer = await clinic.desk.book(asked(at(1, 9, month=7)), actor=FIN)
    cancelled = await clinic.desk.book(asked(at(2, 9, month=7), patient="p2"), actor=FIN)
    await clinic.desk.cancel(cancelled.id, actor=FIN)

    assert await moved_by_zones(clinic.documents, ORGANISATION, clock) == []
    (moved,) = await moved_by_zones(
        clinic.documents, ORGANISATION, clock, zone_of=lambda _: ZoneInfo("America/Panama")
    )
    assert (moved.id, moved.wall, moved.zone) == (
        summer.id,
        "2026-07-01T09:00",
        "America/New_York",
    )
    assert moved.meant - moved.stored == timedelta(hours=1)
    standing = await clinic.records.read("Appointment", summer.id, clinic.desk.everything)
    assert standing.version == summer.version


def told_in(zone: str) -> str:
    """Return what a server with this zone books and tells."""
    root = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "tests.scheduling.telling"],
        env={**os.environ, "TZ": zone},  # noqa: TID251 - the server's own zone is what is tested
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_e8_a_server_in_another_zone_books_and_tells_the_same() -> None:
    told = [told_in(zone) for zone in ELSEWHERE]
    assert "2026-03-09T09:00" in told[0]
    assert told[0] == told[1] == told[2]


async def test_e31_visits_keep_their_places_zone_when_their_clinician_goes_elsewhere(
    clinic: Clinic,
) -> None:
    visit = await clinic.desk.book(asked(at(3, 9)), actor=FIN)
    desert = Hours(place="desert", weekdays=WEEK, begin=9 * 60, end=17 * 60)
    stored = await clinic.plans.required("ada")
    async with Work(clinic.documents) as work:
        calendar = msgspec.structs.replace(ADA, hours=(desert,))
        clinic.plans.put_calendar(work, calendar, expected=stored.version)

    one = DECODER.decode(visit.body)
    assert one.noted()["zone"] == "America/New_York"
    told = await clinic.flow.move(visit.id, "confirmed", actor=FIN, expected=visit.version)
    kept = DECODER.decode(told.body)
    assert (kept.noted()["zone"], kept.noted()["wall"]) == ("America/New_York", "2026-03-03T09:00")
    assert kept.start == one.start
    moved = await clinic.desk.move(
        visit.id, asked(at(3, 12), place="desert"), actor=FIN, expected=told.version
    )
    after = DECODER.decode(moved.body).noted()
    assert (after["zone"], after["wall"]) == ("America/Phoenix", "2026-03-03T10:00")
