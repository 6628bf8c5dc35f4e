from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from careflow.records.day import bounds, status_of, status_text
from tests.harbour import ZONE, Clinic, Json, a_patient, named, open_clinic


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    async with open_clinic(tmp_path) as opened:
        await opened.store(
            a_patient("p3"),
            a_patient("p7", name=named("Johnson", "Mary")),
            {"resourceType": "Practitioner", "id": "ada", "name": named("Okoye", "Ada")},
            {"resourceType": "Practitioner", "id": "bo", "name": named("Lund", "Bo")},
        )
        yield opened


def an_appointment(id: str, start: str, *, doctor: str = "ada", **changes: Any) -> Json:
    begin = datetime.fromisoformat(start)
    return {
        "resourceType": "Appointment",
        "id": id,
        "status": "booked",
        "start": begin.isoformat(),
        "end": (begin + timedelta(minutes=20)).isoformat(),
        "reasonCode": [{"text": "Follow-up"}],
        "participant": [
            {"actor": {"reference": "Patient/p3"}, "status": "accepted"},
            {"actor": {"reference": f"Practitioner/{doctor}"}, "status": "accepted"},
        ],
    } | changes


def an_encounter(id: str, appointment: str, status: str, since: str, **changes: Any) -> Json:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": status,
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
        },
        "subject": {"reference": "Patient/p3"},
        "appointment": [{"reference": f"Appointment/{appointment}"}],
        "period": {"start": since},
    } | changes


async def test_the_day_is_the_places_own_from_midnight_to_midnight(clinic: Clinic) -> None:
    await clinic.store(
        an_appointment("before", "2026-11-23T23:59:00-05:00"),
        an_appointment("first", "2026-11-24T00:00:00-05:00"),
        an_appointment("last", "2026-11-24T23:59:00-05:00"),
        an_appointment("after", "2026-11-25T00:00:00-05:00"),
    )

    day = await clinic.got("/api/day", by="ada")

    assert (day["date"], day["zone"]) == ("2026-11-24", "America/New_York")
    assert [visit["id"] for visit in day["visits"]] == ["first", "last"]
    assert day["visits"][0]["start"] == "2026-11-24T00:00:00-05:00"


def test_days_are_23_or_25_hours_long_where_clocks_change() -> None:
    spring = bounds(date(2026, 3, 8), ZONE)
    autumn = bounds(date(2026, 11, 1), ZONE)

    lengths = [end.astimezone(UTC) - begin.astimezone(UTC) for begin, end in (spring, autumn)]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


async def test_each_visit_says_who_comes_to_whom_and_why(clinic: Clinic) -> None:
    await clinic.store(an_appointment("a", "2026-11-24T09:00:00-05:00"))

    (visit,) = (await clinic.got("/api/day", by="ada"))["visits"]

    assert visit["patient"] == {
        "id": "p3",
        "family": "Johnston",
        "given": "Paul",
        "prefix": "Mr",
    }
    assert visit["practitioner"] == {"id": "ada", "name": "Ada Okoye"}
    assert (visit["reason"], visit["status"], visit["status_text"]) == (
        "Follow-up",
        "booked",
        "Booked",
    )


async def test_what_happened_in_the_clinic_says_more_than_the_booking(clinic: Clinic) -> None:
    room = [{"location": {"reference": "Location/r3", "display": "Room 3"}}]
    await clinic.store(
        an_appointment("waits", "2026-11-24T09:00:00-05:00"),
        an_appointment("inside", "2026-11-24T09:20:00-05:00"),
        an_appointment("over", "2026-11-24T08:20:00-05:00"),
        an_appointment("off", "2026-11-24T10:00:00-05:00", status="cancelled"),
        an_encounter("e1", "waits", "arrived", "2026-11-24T09:24:00-05:00"),
        an_encounter("e2", "inside", "in-progress", "2026-11-24T09:16:00-05:00", location=room),
        an_encounter("e3", "over", "finished", "2026-11-24T08:20:00-05:00"),
    )

    day = await clinic.got("/api/day", by="ada")

    assert [(visit["id"], visit["status_text"]) for visit in day["visits"]] == [
        ("over", "Done"),
        ("waits", "Arrived · waiting 6 min"),
        ("inside", "In room 3 · 14 min"),
        ("off", "Cancelled"),
    ]
    assert (day["seen"], day["total"]) == (1, 3)


async def test_a_finished_visit_with_a_final_note_is_signed(clinic: Clinic) -> None:
    note = {
        "resourceType": "DocumentReference",
        "id": "n1",
        "status": "current",
        "docStatus": "final",
        "subject": {"reference": "Patient/p3"},
        "content": [{"attachment": {"title": "Note"}}],
        "context": {"encounter": [{"reference": "Encounter/e1"}]},
    }
    await clinic.store(
        an_appointment("over", "2026-11-24T08:20:00-05:00"),
        an_encounter("e1", "over", "finished", "2026-11-24T08:20:00-05:00"),
        note,
    )

    (visit,) = (await clinic.got("/api/day", by="ada"))["visits"]

    assert visit["status"] == "signed"


async def test_a_clinician_sees_their_own_day_and_may_ask_for_another(clinic: Clinic) -> None:
    await clinic.store(
        an_appointment("hers", "2026-11-24T09:00:00-05:00"),
        an_appointment("his", "2026-11-24T09:20:00-05:00", doctor="bo"),
    )

    own = await clinic.got("/api/day", by="ada")
    everyone = await clinic.got("/api/day?practitioner=all", by="ada")
    his = await clinic.got("/api/day?practitioner=bo", by="ada")
    nurses = await clinic.got("/api/day", by="nia")

    ids = [[visit["id"] for visit in day["visits"]] for day in (own, everyone, his, nurses)]
    assert ids == [["hers"], ["hers", "his"], ["his"], ["hers", "his"]]


async def test_the_front_desk_sees_the_day_without_what_happened_inside(clinic: Clinic) -> None:
    await clinic.store(
        an_appointment("a", "2026-11-24T09:00:00-05:00", status="arrived"),
        an_encounter("e1", "a", "in-progress", "2026-11-24T09:16:00-05:00"),
    )

    (visit,) = (await clinic.got("/api/day", by="fin"))["visits"]

    assert (visit["status"], visit["status_text"]) == ("arrived", "Arrived")


async def test_another_day_can_be_asked_for(clinic: Clinic) -> None:
    await clinic.store(an_appointment("a", "2026-12-02T09:00:00-05:00"))

    assert (await clinic.got("/api/day?date=2026-12-02", by="ada"))["total"] == 1
    assert (await clinic.ask("GET", "/api/day?date=soon", by="ada")).status_code == 422


async def test_reading_the_day_names_every_patient_in_it_once(clinic: Clinic) -> None:
    other = an_appointment("b", "2026-11-24T09:20:00-05:00")
    other["participant"][0]["actor"]["reference"] = "Patient/p7"
    await clinic.store(
        an_appointment("a", "2026-11-24T09:00:00-05:00"),
        other,
        an_appointment("c", "2026-11-24T09:40:00-05:00"),
    )

    await clinic.got("/api/day", by="ada")

    (entry,) = await clinic.trail_of("records:day:read")
    assert entry.patients == ("p3", "p7")


@pytest.mark.parametrize("by", ["ali", "paul"])
async def test_the_day_is_for_those_who_plan_or_care(by: str, clinic: Clinic) -> None:
    assert (await clinic.ask("GET", "/api/day", by=by)).status_code == 403


@pytest.mark.parametrize("booked", ["cancelled", "noshow"])
def test_a_visit_called_off_stays_called_off_whatever_the_encounter_says(booked: str) -> None:
    status = status_of({"status": booked}, {"id": "e", "status": "arrived"}, signed=frozenset())

    assert status in {"cancelled", "no-show"}


def test_waiting_counts_from_the_stage_not_from_the_door() -> None:
    encounter = {
        "id": "e",
        "period": {"start": "2026-11-24T14:00:00Z"},
        "statusHistory": [
            {"status": "arrived", "period": {"start": "2026-11-24T14:00:00Z"}},
            {"status": "in-progress", "period": {"start": "2026-11-24T14:20:00Z"}},
        ],
    }
    now = datetime(2026, 11, 24, 14, 25, tzinfo=UTC)

    assert status_text("in-room", encounter, now=now, zone=ZONE) == "In room · 5 min"
